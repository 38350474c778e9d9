// A photo made small, by a worker that lives as long as that takes.

import { bad, type Outcome } from '../../core/fault';
import type { SmallPhoto } from '../../core/photos';
import { trustedPhotosUrl } from '../trusted';

/** An old phone takes seconds for a large picture; one that does not come back within this is lost. */
const patience = 90_000;

/** Faults: photo_type, photo_large, photo_unreadable, photo_unsupported. */
export function shrinkPhoto(file: Blob): Promise<Outcome<SmallPhoto>> {
  return new Promise((resolve) => {
    const worker = new Worker(trustedPhotosUrl());
    const end = (outcome: Outcome<SmallPhoto>) => {
      clearTimeout(timer);
      worker.terminate();
      resolve(outcome);
    };
    const timer = setTimeout(() => end(bad('photo_unreadable', { detail: 'silent' })), patience);
    worker.onmessage = ({ data }: MessageEvent<Outcome<SmallPhoto>>) => end(data);
    worker.onerror = ({ message }) => end(bad('photo_unreadable', { detail: message }));
    worker.postMessage(file);
  });
}
