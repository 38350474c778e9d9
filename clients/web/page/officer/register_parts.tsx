// What stands around the fields of a registration.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Answer } from '../data';
import { Notice } from '../parts/notices';
import { Title } from '../parts/title';
import { replacePlace } from '../routes';
import { text } from '../text/text';
import { draft, emptyDraft, knownNames } from './kept';
import { alikeIn } from './registering';

const t = text.register;

interface KeptProps {
  /** '' as long as something has to be chosen. */
  summary: string;
  isOpen: boolean;
  children: ComponentChildren;
}

/** What stays from one entry to the next: one line, once it is chosen and the form begins anew. */
export function Kept({ summary, isOpen, children }: KeptProps) {
  const [open, setOpen] = useState(isOpen);
  if (!open && summary !== '') {
    return (
      <section class="panel kept">
        <p class="strong">{summary}</p>
        <button type="button" class="quiet" onClick={() => setOpen(true)}>
          {t.change}
        </button>
      </section>
    );
  }
  return <section class="panel">{children}</section>;
}

interface VerdictProps {
  answer: Answer | undefined;
  isAsked: boolean;
  onAlike(): void;
}

/** What the rules say of the whole. */
export function Verdict({ answer, isAsked, onAlike }: VerdictProps) {
  const isAlikeOpen = answer !== undefined && alikeIn(answer).length > 0 && !draft.value.isNew;
  const isOpen = (answer?.problems.length ?? 0) > 0 || (answer?.missing.length ?? 0) > 0;
  return (
    <div aria-live="polite" class="verdict">
      {isAlikeOpen && (
        <Notice kind="warning">
          <p>{t.alike(alikeIn(answer).length)}</p>
          <button type="button" onClick={onAlike}>
            {t.compare}
          </button>
        </Notice>
      )}
      {answer?.refused !== undefined && (
        <Notice kind="warning">
          <p>{answer.refused.text}</p>
        </Notice>
      )}
      {answer?.waits !== undefined && (
        <Notice kind="info">
          <p>{answer.waits.text}</p>
        </Notice>
      )}
      {isAsked && isOpen && (
        <Notice kind="warning">
          <p>{t.open}</p>
        </Notice>
      )}
    </div>
  );
}

/** Somebody is chosen while somebody else is half typed: neither goes without a word. */
export function OtherDraft({ person, onDrop }: { person: string; onDrop(): void }) {
  const typed = draft.value.name.trim() || draft.value.personName || t.somebody;
  const known = knownNames.get(person) ?? t.somebody;
  return (
    <>
      <Title>{t.title}</Title>
      <Notice kind="warning">
        <p>{t.otherDraft(typed)}</p>
      </Notice>
      <div class="actions">
        <button type="button" class="primary" onClick={() => replacePlace('register', '')}>
          {t.goOn(typed)}
        </button>
        <button
          type="button"
          onClick={() => {
            draft.value = { ...emptyDraft, person, personName: knownNames.get(person) ?? '' };
            onDrop();
          }}
        >
          {t.dropFor(known)}
        </button>
      </div>
    </>
  );
}
