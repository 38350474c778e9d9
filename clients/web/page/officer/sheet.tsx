// The score sheet: the rows and steps of the set, and what they come to, always in view.

import { useEffect, useState } from 'preact/hooks';
import type { Fault } from '../../core/fault';
import { ask, drawRequest, perform, useJudge, useView } from '../asking';
import type { Result, Sheet } from '../data';
import { holdUpdates } from '../device/updates';
import { ActorField } from '../parts/actor';
import * as format from '../parts/format';
import { FaultNotice, Notice, Waiting } from '../parts/notices';
import { go, type ScreenProps } from '../routes';
import { text } from '../text/text';
import { ScoreRow } from './score_row';
import { Title } from '../parts/title';

const t = text.sheet;

export function Screen({ param }: ScreenProps) {
  const sheet = useView('sheet', { dossier: param });
  if (sheet.data === null) return <Waiting fault={sheet.fault} />;
  return <SheetForm key={sheet.data.dossier} sheet={sheet.data} />;
}

/** Tenths as they are typed: "8", "8,5". */
const written = (tenths: number | null): string => format.points(tenths ?? 0);

function SheetForm({ sheet }: { sheet: Sheet }) {
  const { columns, dossier } = sheet;
  const [scores, setScores] = useState<(number | null)[]>(() =>
    columns.map((_, at) => sheet.scores[at] ?? null),
  );
  const [isTouched, setTouched] = useState(false);
  const [result, setResult] = useState<Result | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [isAsked, setAsked] = useState(false);
  useEffect(() => (isTouched ? holdUpdates() : undefined), [isTouched]);

  const typed = scores.map(written);
  const left = scores.filter((score) => score === null).length;
  const key = typed.join(' ');
  useEffect(() => {
    let current = true;
    void ask('result', { dossier, score: typed }).then((outcome) => {
      if (current && outcome.ok) setResult(outcome.value);
    });
    return () => {
      current = false;
    };
  }, [key]);
  const judged = useJudge('score', left === 0 ? { dossier, score: typed } : null);
  const answer = left === 0 ? judged.data?.answer : undefined;

  const score = (at: number, tenths: number | null) => {
    setTouched(true);
    setScores((before) => before.map((each, index) => (index === at ? tenths : each)));
  };
  const save = async () => {
    setAsked(true);
    if (left > 0) {
      const first = scores.indexOf(null);
      document.querySelector<HTMLElement>(`[data-row="${first}"] input`)?.focus();
      return;
    }
    const done = await perform('score', { dossier, score: typed }, drawRequest());
    setFault(done.ok ? null : done.fault);
    if (!done.ok || !done.value.answer.stored) return;
    setTouched(false);
    go('dossier', dossier);
  };
  return (
    <form
      class="form sheet"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Title>{t.title}</Title>
      <p class="strong">{sheet.name}</p>
      <p class="hint">{sheet.basis}</p>
      {columns.map((column, at) => (
        <ScoreRow
          key={column.code}
          at={at}
          column={column}
          value={scores[at] ?? null}
          isMissing={isAsked && scores[at] === null}
          onScore={(tenths) => score(at, tenths)}
        />
      ))}
      <div aria-live="polite">
        {(answer?.refused ?? answer?.waits) !== undefined && (
          <Notice kind="warning">
            <p>{(answer?.refused ?? answer?.waits)?.text}</p>
          </Notice>
        )}
      </div>
      <ActorField judged={judged.data?.actor} />
      <FaultNotice fault={fault ?? judged.fault} />
      <div class="save-bar with-result">
        <Outcome result={result} left={left} />
        <button type="submit" class="primary">
          {t.save}
        </button>
      </div>
    </form>
  );
}

/** The running total, and whether it is enough, in words. */
function Outcome({ result, left }: { result: Result | null; left: number }) {
  if (result === null) return <p class="outcome" />;
  const total = format.points(result.points);
  const of = result.needed > 0 ? t.needed(format.points(result.needed)) : '';
  const verdict = left > 0 ? t.left(left) : result.passes ? t.passes : t.fails(result.missed);
  return (
    <p class="outcome" aria-live="polite">
      <span class="figure">{total}</span> <span class="hint">{of}</span>
      <span class={left > 0 ? 'verdict' : result.passes ? 'verdict good' : 'verdict missed'}>
        {verdict}
      </span>
    </p>
  );
}
