// A photo of the paper: taken or chosen, made small at once, and shown as it will be sent.

import { useRef, useState } from 'preact/hooks';
import type { Fault } from '../../core/fault';
import type { SmallPhoto } from '../../core/photos';
import { shrinkPhoto } from '../device/shrink';
import * as format from '../parts/format';
import { Icon } from '../parts/icons';
import { FaultNotice } from '../parts/notices';
import { Picture } from '../parts/picture';
import { text } from '../text/text';

const t = text.photo;

interface PhotoFieldProps {
  photo: SmallPhoto | null;
  onPhoto(photo: SmallPhoto | null): void;
}

export function PhotoField({ photo, onPhoto }: PhotoFieldProps) {
  const camera = useRef<HTMLInputElement>(null);
  const gallery = useRef<HTMLInputElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const asked = useRef(0);
  const take = async (input: HTMLInputElement) => {
    const [file] = input.files ?? [];
    input.value = ''; // The same picture may be chosen again.
    if (file === undefined) return;
    const mine = (asked.current += 1);
    setBusy(true);
    setFault(null);
    const small = await shrinkPhoto(file);
    if (mine !== asked.current) return;
    setBusy(false);
    setFault(small.ok ? null : small.fault);
    if (small.ok) onPhoto(small.value);
  };
  const remove = () => {
    onPhoto(null);
    camera.current?.parentElement?.querySelector('button')?.focus();
  };
  return (
    <div class="field photo-field" role="group" aria-labelledby="photo-label">
      <span id="photo-label" class="label">
        {t.label} <span class="optional">{text.optional}</span>
      </span>
      <p class="hint">{t.hint}</p>
      <div class="actions">
        <button type="button" aria-disabled={isBusy} onClick={() => camera.current?.click()}>
          <Icon name="camera" />
          {photo === null ? t.take : t.takeAgain}
        </button>
        <button type="button" aria-disabled={isBusy} onClick={() => gallery.current?.click()}>
          <Icon name="paper" />
          {t.choose}
        </button>
        <input
          hidden
          ref={camera}
          type="file"
          name="camera"
          accept="image/*"
          capture="environment"
          onChange={({ currentTarget }) => void take(currentTarget)}
        />
        <input
          hidden
          ref={gallery}
          type="file"
          name="gallery"
          accept="image/*"
          onChange={({ currentTarget }) => void take(currentTarget)}
        />
      </div>
      <p aria-live="polite" class="hint">
        {isBusy ? t.shrinking : ''}
      </p>
      <FaultNotice fault={fault} />
      {photo !== null && (
        <figure class="photo-taken">
          <Picture bytes={photo.photo} alt={t.preview} width={photo.width} height={photo.height} />
          <figcaption>
            <span>{t.size(photo.width, photo.height, format.bytes(photo.photo.length))}</span>
            <button type="button" class="quiet" onClick={remove}>
              {t.remove}
            </button>
          </figcaption>
        </figure>
      )}
    </div>
  );
}
