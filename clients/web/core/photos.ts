// A photo of a paper becomes small enough for a bad line, upright, and a picture only: no place, no
// camera, no time. A worker of its own, loaded when the first photo is taken and ended after each:
// a large picture takes memory that an old phone wants back.

import type { Bytes } from './bytes';
import { bad, detailOf, good, type Outcome } from './fault';

/** A JPEG, and the small one that travels first. */
export interface SmallPhoto {
  photo: Bytes;
  thumbnail: Bytes;
  width: number;
  height: number;
}

const cameraBytesMax = 40_000_000;
const photoBytesMax = 150_000;
/** What events/kinds/evidence_events.h allows. */
const thumbnailBytesMax = 8 * 1024;
/** Sides and qualities from the best on, as clients/device/picture.cpp has them for thumbnails. */
const photoTries = { sides: [1280, 1024, 800, 640], qualities: [0.6, 0.5, 0.4, 0.3, 0.2] };
const thumbnailTries = { sides: [320, 240, 160, 96], qualities: [0.6, 0.4, 0.25] };

interface Tries {
  sides: readonly number[];
  qualities: readonly number[];
}
interface Encoded {
  bytes: Bytes;
  width: number;
  height: number;
}

/** Faults: photo_type, photo_large, photo_unreadable, photo_unsupported. */
async function shrink(file: Blob): Promise<Outcome<SmallPhoto>> {
  if (typeof OffscreenCanvas === 'undefined') return bad('photo_unsupported');
  if (file.type !== '' && !file.type.startsWith('image/')) return bad('photo_type');
  if (file.size > cameraBytesMax) return bad('photo_large');
  try {
    const picture = await decode(file);
    const photo = await encode(picture, photoTries, photoBytesMax);
    const thumbnail = await encode(picture, thumbnailTries, thumbnailBytesMax);
    picture.close();
    if (photo === undefined || thumbnail === undefined) return bad('photo_unreadable');
    const { bytes, width, height } = photo;
    return good({ photo: bytes, thumbnail: thumbnail.bytes, width, height });
  } catch (thrown) {
    return bad('photo_unreadable', { detail: detailOf(thrown) });
  }
}

/** Upright, as the camera noted. */
async function decode(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch (thrown) {
    // Browsers that do not know the word turn pictures by themselves.
    if (thrown instanceof TypeError) return createImageBitmap(file);
    throw thrown;
  }
}

/** The best that is small enough; nothing when none is. */
async function encode(
  picture: ImageBitmap,
  { sides, qualities }: Tries,
  bytesMax: number,
): Promise<Encoded | undefined> {
  for (const side of sides) {
    const canvas = drawn(picture, side);
    for (const quality of qualities) {
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality });
      if (blob.size > bytesMax) continue;
      const { width, height } = canvas;
      return { bytes: new Uint8Array(await blob.arrayBuffer()), width, height };
    }
  }
  return undefined;
}

/** No side longer than `side`, on white. A browser blurs what it makes much smaller in one step. */
function drawn(picture: ImageBitmap, side: number): OffscreenCanvas {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const sizeAt = (factor: number): [number, number] => [
    Math.max(1, Math.round(picture.width * scale * factor)),
    Math.max(1, Math.round(picture.height * scale * factor)),
  ];
  let source: ImageBitmap | OffscreenCanvas = picture;
  let factor = 1;
  while (factor * scale < 0.25) factor *= 2;
  for (; ; factor /= 2) {
    const [width, height] = sizeAt(factor);
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.fillStyle = 'white';
    context.fillRect(0, 0, width, height);
    context.imageSmoothingQuality = 'high';
    context.drawImage(source, 0, 0, width, height);
    if (factor === 1) return canvas;
    source = canvas;
  }
}

onmessage = async ({ data }: MessageEvent<Blob>) => postMessage(await shrink(data));
