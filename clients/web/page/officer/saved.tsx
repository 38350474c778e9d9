import { useEffect, useRef } from 'preact/hooks';
import type { Said } from '../data';
import { Notice } from '../parts/notices';
import { hrefOf } from '../routes';
import { text } from '../text/text';
import { Title } from '../parts/title';

const t = text.register;

export interface SavedPerson {
  name: string;
  dossier: string;
  waits: Said | undefined;
}

/** The worker has answered: it is on the disk of this device. */
export function Saved({ person, onNext }: { person: SavedPerson; onNext(): void }) {
  const next = useRef<HTMLButtonElement>(null);
  useEffect(() => next.current?.focus(), []);
  const { dossier } = person;
  return (
    <section>
      <Title>{t.savedTitle}</Title>
      <Notice kind="good">
        <p class="strong">{person.name}</p>
        <p>{t.savedText}</p>
        {person.waits !== undefined && <p>{person.waits.text}</p>}
      </Notice>
      <div class="actions">
        <button ref={next} type="button" class="primary" onClick={onNext}>
          {t.next}
        </button>
        <a class="button" href={hrefOf('evidence', dossier)}>
          {t.toEvidence}
        </a>
        <a class="button" href={hrefOf('dossier', dossier)}>
          {t.toDossier}
        </a>
      </div>
    </section>
  );
}
