import type { Alike } from '../data';
import { writtenDate } from '../parts/date_field';
import { Dialog } from '../parts/dialog';
import { text } from '../text/text';
import { change, type PersonDraft } from './kept';

const t = text.register;

interface AlikeProps {
  typed: PersonDraft;
  alike: Alike[];
  onClose(): void;
}

/** The one who is being typed beside those who may be the same. A person decides. */
export function AlikeDialog({ typed, alike, onClose }: AlikeProps) {
  const isOther = () => {
    change({ isNew: true });
    onClose();
  };
  const isThis = ({ id, name }: Alike) => {
    change({ person: id, personName: name });
    onClose();
  };
  return (
    <Dialog title={t.alikeTitle} onClose={onClose}>
      <div class="side-by-side">
        <div class="card">
          <p class="card-head">{t.alikeTyped}</p>
          <p class="strong">{typed.name}</p>
          <p>{writtenDate(typed.birth) || t.noBirth}</p>
        </div>
        {alike.map((other) => (
          <div key={other.id} class="card">
            <p class="card-head">{t.alikeKnown}</p>
            <p class="strong">{other.name}</p>
            <p>{other.birth || t.noBirth}</p>
            <p>{other.unit}</p>
            <button type="button" onClick={() => isThis(other)}>
              {t.isThis}
            </button>
          </div>
        ))}
      </div>
      <div class="actions">
        <button type="button" class="primary" onClick={isOther}>
          {t.isOther}
        </button>
        <button type="button" class="quiet" onClick={onClose}>
          {text.back}
        </button>
      </div>
    </Dialog>
  );
}
