// What can be done with a dossier now. The rules say it: each act is judged without being recorded.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Fields } from '../../core/bytes';
import type { Fault } from '../../core/fault';
import { ask, drawRequest, judge, perform, useView, revision } from '../asking';
import type { Dossier } from '../data';
import { Dialog } from '../parts/dialog';
import { Select, TextField } from '../parts/fields';
import { FaultNotice, Notice } from '../parts/notices';
import { hrefOf } from '../routes';
import { text } from '../text/text';

const t = text.dossier;
const noted = ['accept', 'return', 'resubmit', 'withdraw'] as const;
type Act = 'evidence' | 'score' | (typeof noted)[number];
/** Why an act is not possible; '' when it is. */
type Possible = Partial<Record<Act, string>>;

async function possibleActs(dossier: string): Promise<Possible> {
  const sheet = await ask('sheet', { dossier });
  const columns = sheet.ok ? sheet.value.columns : [];
  const trial: Record<Act, Fields> = {
    evidence: { dossier, kind: 'other', what: '…' },
    score: { dossier, score: columns.map(() => '0') },
    accept: { dossier },
    return: { dossier, reason: 'missing_evidence', return_to: 'accepted' },
    resubmit: { dossier },
    withdraw: { dossier },
  };
  const possible: Possible = {};
  for (const [act, fields] of Object.entries(trial)) {
    const judged = await judge(act, fields);
    if (!judged.ok) continue;
    const { refused, problems } = judged.value.answer;
    possible[act as Act] = refused?.text ?? problems[0]?.text ?? '';
  }
  return possible;
}

export function DossierActs({ dossier }: { dossier: Dossier }) {
  const id = dossier.dossier;
  const [possible, setPossible] = useState<Possible | null>(null);
  const [open, setOpen] = useState<(typeof noted)[number] | null>(null);
  const [done, setDone] = useState('');
  const told = useRef<HTMLParagraphElement>(null);
  const now = revision.value;
  useEffect(() => {
    let current = true;
    void possibleActs(id).then((found) => {
      if (current) setPossible(found);
    });
    return () => {
      current = false;
    };
  }, [id, now]);
  const can = (act: Act) => possible?.[act] === '';
  const cannot = Object.entries(possible ?? {}).filter(([, why]) => why !== '');
  const first = (['resubmit', 'accept', 'score', 'evidence'] as const).find(can);
  const look = (act: Act) => (act === first ? 'button primary' : 'button');
  return (
    <section class="acts" aria-busy={possible === null}>
      <p aria-live="polite" tabIndex={-1} ref={told}>
        {done}
      </p>
      <div class="actions">
        {can('score') && (
          <a class={look('score')} href={hrefOf('sheet', id)}>
            {dossier.has_sheet ? t.scoreAgain : t.score}
          </a>
        )}
        {can('evidence') && (
          <a class={look('evidence')} href={hrefOf('evidence', id)}>
            {t.addEvidence}
          </a>
        )}
        {noted.filter(can).map((act) => (
          <button key={act} type="button" class={look(act)} onClick={() => setOpen(act)}>
            {t.acts[act]}
          </button>
        ))}
      </div>
      {cannot.length > 0 && (
        <details class="more">
          <summary>{t.cannot}</summary>
          <dl class="facts">
            {cannot.map(([act, why]) => (
              <div key={act}>
                <dt>
                  {act === 'score'
                    ? t.score
                    : act === 'evidence'
                      ? t.addEvidence
                      : t.acts[act as 'accept']}
                </dt>
                <dd>{why}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      {open !== null && (
        <ActDialog
          act={open}
          dossier={id}
          onClose={() => setOpen(null)}
          onDone={() => {
            setOpen(null);
            setDone(t.done(t.acts[open]));
            // The button that opened the dialog is gone.
            setTimeout(() => told.current?.focus());
          }}
        />
      )}
    </section>
  );
}

interface ActDialogProps {
  act: (typeof noted)[number];
  dossier: string;
  onClose(): void;
  onDone(): void;
}

function ActDialog({ act, dossier, onClose, onDone }: ActDialogProps) {
  const choices = useView('choices');
  const [note, setNote] = useState('');
  const [reason, setReason] = useState('');
  const [returnTo, setReturnTo] = useState('accepted');
  const [refusal, setRefusal] = useState('');
  const [fault, setFault] = useState<Fault | null>(null);
  const [isAsked, setAsked] = useState(false);
  const isReturn = act === 'return';
  const save = async () => {
    setAsked(true);
    if (isReturn && reason === '') return;
    const more: Fields = isReturn ? { reason, return_to: returnTo } : {};
    const words = note.trim() === '' ? undefined : note;
    const outcome = await perform(act, { dossier, ...more, note: words }, drawRequest());
    setFault(outcome.ok ? null : outcome.fault);
    if (!outcome.ok) return;
    const { stored, refused, problems } = outcome.value.answer;
    if (stored) onDone();
    else setRefusal(refused?.text ?? problems[0]?.text ?? '');
  };
  return (
    <Dialog title={t.acts[act]} onClose={onClose}>
      <p>{t.actHints[act]}</p>
      {isReturn && (
        <>
          <Select
            label={t.reason}
            name="reason"
            nothing={t.choose}
            options={choices.data?.return_reason ?? []}
            value={reason}
            problem={isAsked && reason === '' ? '' : undefined}
            onChoose={setReason}
          />
          <Select
            label={t.returnTo}
            name="return_to"
            options={(choices.data?.state ?? []).filter(({ word }) =>
              ['registered', 'accepted', 'self_assessed'].includes(word),
            )}
            value={returnTo}
            onChoose={setReturnTo}
          />
        </>
      )}
      {act !== 'accept' && (
        <TextField label={t.note} name="note" lines={3} value={note} onText={setNote} />
      )}
      <div aria-live="polite">
        {refusal !== '' && (
          <Notice kind="warning">
            <p>{refusal}</p>
          </Notice>
        )}
      </div>
      <FaultNotice fault={fault} />
      <div class="actions">
        <button type="button" class="primary" onClick={() => void save()}>
          {t.acts[act]}
        </button>
        <button type="button" class="quiet" onClick={onClose}>
          {text.back}
        </button>
      </div>
    </Dialog>
  );
}
