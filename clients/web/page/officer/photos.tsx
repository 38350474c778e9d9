// Photos that are recorded: how far each is, the small picture where it is here, and the whole one
// when somebody wants to see it.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Bytes } from '../../core/bytes';
import type { Fault } from '../../core/fault';
import type { PhotoPart } from '../../core/workspace';
import { useView } from '../asking';
import type { Photo, PhotoState } from './photo_data';
import { workspace } from '../device/workspace';
import { Dialog } from '../parts/dialog';
import * as format from '../parts/format';
import { Icon, type IconName } from '../parts/icons';
import { FaultNotice } from '../parts/notices';
import { Picture } from '../parts/picture';
import { text } from '../text/text';

const t = text.photo;
const signs: Record<PhotoState, IconName> = {
  device_only: 'device_only',
  received: 'received',
  elsewhere: 'waiting',
  damaged: 'refused',
};

interface Loaded {
  bytes: Bytes | null;
  fault: Fault | null;
}

/** A picture from the store, once `when` is true. */
function usePicture(id: string, part: PhotoPart, when: boolean, want = false): Loaded {
  const [loaded, setLoaded] = useState<Loaded>({ bytes: null, fault: null });
  useEffect(() => {
    if (!when || loaded.bytes !== null) return;
    let isGone = false;
    void workspace.photo(id, part, want).then((outcome) => {
      if (isGone) return;
      setLoaded(
        outcome.ok ? { bytes: outcome.value, fault: null } : { bytes: null, fault: outcome.fault },
      );
    });
    return () => {
      isGone = true;
    };
  }, [id, part, when, want]);
  return loaded;
}

/** All photos of a dossier, the last one first. */
export function PhotoList({ dossier, heading }: { dossier: string; heading: string }) {
  const { data } = useView('photos', { dossier });
  if (data === null || data.photos.length === 0) return null;
  return (
    <section aria-label={heading}>
      <h2>{heading}</h2>
      <ul class="photos">
        {[...data.photos].reverse().map((photo) => (
          <li key={photo.id}>
            <PhotoRow photo={photo} />
          </li>
        ))}
      </ul>
    </section>
  );
}

export function PhotoRow({ photo }: { photo: Photo }) {
  const [isSeen, setSeen] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = place;
    if (current === null) return;
    const near = { rootMargin: '200px' };
    const watch = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
    }, near);
    watch.observe(current);
    return () => watch.disconnect();
  }, []);
  const small = usePicture(photo.id, 'thumbnail', isSeen && photo.thumbnail);
  return (
    <div class="photo-row" ref={place}>
      <div class="photo-small">
        {small.bytes === null ? (
          <Icon name="paper" />
        ) : (
          <Picture bytes={small.bytes} alt={t.thumbnail} />
        )}
      </div>
      <div>
        <span class={`status photo-${photo.state}`}>
          <Icon name={signs[photo.state]} />
          {t.states[photo.state]}
        </span>
        <p class="hint">{format.bytes(photo.bytes)}</p>
        {photo.state === 'damaged' && <p class="problem">{t.damagedWay}</p>}
        {photo.media === 'pdf' ? (
          <p class="hint">{t.pdf}</p>
        ) : (
          photo.state !== 'damaged' && (
            <button type="button" class="quiet" onClick={() => setOpen(true)}>
              {t.look}
            </button>
          )
        )}
      </div>
      {isOpen && <PhotoDialog photo={photo} onClose={() => setOpen(false)} />}
    </div>
  );
}

function PhotoDialog({ photo, onClose }: { photo: Photo; onClose(): void }) {
  const here = usePicture(photo.id, 'original', photo.here);
  // Asked for once; the list tells when it has come.
  const asked = usePicture(photo.id, 'original', !photo.here, true);
  const whole = here.bytes ?? asked.bytes;
  const fault = here.fault ?? asked.fault;
  return (
    <Dialog title={t.title} onClose={onClose}>
      {whole !== null && <Picture bytes={whole} alt={t.preview} />}
      <p aria-live="polite">
        {whole === null && fault === null
          ? photo.here
            ? text.looking
            : photo.state === 'elsewhere'
              ? t.elsewhereWay
              : t.fetching
          : ''}
      </p>
      <FaultNotice fault={fault} />
      <div class="actions">
        <button type="button" class="primary" onClick={onClose}>
          {text.close}
        </button>
      </div>
    </Dialog>
  );
}
