import { useId, useRef } from 'preact/hooks';
import type { Column } from '../data';
import { FieldNotes } from '../parts/fields';
import * as format from '../parts/format';
import { text } from '../text/text';

const t = text.sheet;
/** So many chips a thumb finds its way among; of more, those between whole points are a switch. */
const chipsMax = 12;

interface ScoreRowProps {
  at: number;
  column: Column;
  /** Tenths; null: not scored yet. */
  value: number | null;
  isMissing: boolean;
  onScore(tenths: number | null): void;
}

function steps(from: number, to: number, by: number): number[] {
  const values = [];
  for (let value = from; value <= to; value += by) values.push(value);
  return values;
}

export function ScoreRow({ at, column, value, isMissing, onScore }: ScoreRowProps) {
  const id = useId();
  const lastDigit = useRef({ digit: '', at: 0 });
  const { code, label, max, step } = column;
  const all = max / step + 1;
  const isHalved = all > chipsMax && step === 5;
  const shown = all <= chipsMax ? steps(0, max, step) : steps(0, max, 10);
  const half = value === null ? 0 : value % 10;
  const whole = value === null ? null : isHalved ? value - half : value;
  const choose = (tenths: number) => onScore(isHalved ? Math.min(tenths + half, max) : tenths);

  /** Digits choose, too: 8, then 10 as 1 and 0; a comma adds a half. */
  const onKeyDown = (event: KeyboardEvent) => {
    if (isHalved && (event.key === ',' || event.key === '.')) return toggleHalf(event);
    if (!/^\d$/.test(event.key) || event.ctrlKey || event.metaKey) return;
    const isSecond = performance.now() - lastDigit.current.at < 800;
    const typed = Number(isSecond ? lastDigit.current.digit + event.key : event.key) * 10;
    lastDigit.current = { digit: event.key, at: performance.now() };
    if (!shown.includes(typed)) return;
    event.preventDefault();
    onScore(typed);
    const fieldset = event.currentTarget as HTMLElement;
    fieldset.querySelector<HTMLElement>(`input[value="${typed}"]`)?.focus();
  };
  const toggleHalf = (event?: Event) => {
    event?.preventDefault();
    if (value === null) return;
    onScore(half === 0 ? Math.min(value + 5, max) : value - half);
  };
  return (
    <fieldset
      class="score-row panel"
      data-row={at}
      onKeyDown={onKeyDown}
      aria-describedby={`${id}-notes`}
    >
      <legend>
        <span class="code">{code}</span> {label}
        <span class="chosen">
          {value === null ? t.notYet : t.of(format.points(value), format.points(max))}
        </span>
      </legend>
      <div class="score-chips">
        {shown.map((tenths) => (
          <label key={tenths} class="chip">
            <input
              type="radio"
              name={`${id}-score`}
              value={tenths}
              checked={tenths === whole}
              onChange={() => choose(tenths)}
            />
            <span>{format.points(tenths)}</span>
          </label>
        ))}
        {isHalved && (
          <label class="chip half">
            <input
              type="checkbox"
              checked={half !== 0}
              disabled={value === null || whole === max}
              onChange={() => toggleHalf()}
            />
            <span>{t.half}</span>
          </label>
        )}
      </div>
      <FieldNotes id={`${id}-notes`} problem={isMissing ? t.missing : undefined} />
    </fieldset>
  );
}
