// Fields of forms: a label, what belongs below it, and a control of the browser's own.

import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { text } from '../text/text';
import { isComposing } from './composition';
import { capital } from './format';

export interface Notes {
  hint?: string | undefined;
  /** What the rules say against it; '' says that it is missing. */
  problem?: string | undefined;
  warning?: string | undefined;
}

const problemText = (problem: string): string => (problem === '' ? text.needed : problem);

/** The notes below a field. They are there from the start, so that a change of them is read out. */
export function FieldNotes({ id, hint, problem, warning }: Notes & { id: string }) {
  return (
    <div id={id} class="notes" aria-live="polite">
      {hint !== undefined && <p class="hint">{hint}</p>}
      {problem !== undefined && <p class="problem">{problemText(problem)}</p>}
      {warning !== undefined && <p class="warning">{warning}</p>}
    </div>
  );
}

export interface TextFieldProps extends Notes {
  label: string;
  name: string;
  value: string;
  onText(value: string): void;
  /** It was left, or Enter was pressed. */
  onLeave?: () => void;
  optional?: boolean;
  inputMode?: 'text' | 'numeric' | 'tel' | 'search';
  autoComplete?: string;
  maxLength?: number;
  type?: 'text' | 'password' | 'search';
  lines?: number;
  after?: ComponentChildren;
}

/** A text as it is typed: nothing is set while the keyboard composes. */
export function TextField(props: TextFieldProps) {
  const { label, name, value, onText, onLeave, optional, hint, problem, warning, lines } = props;
  const id = useId();
  const control = useRef<HTMLInputElement | HTMLTextAreaElement | null>(null);
  const hold = (element: HTMLInputElement | HTMLTextAreaElement | null) => {
    control.current = element;
  };
  // Drawn anew when a composition has ended, too: what was to be set meanwhile is set then.
  const composing = isComposing.value;
  useLayoutEffect(() => {
    const { current } = control;
    if (current !== null && !composing && current.value !== value) current.value = value;
  });
  const shared = {
    'id': id,
    'name': name,
    'ref': hold,
    'defaultValue': value,
    'autoComplete': props.autoComplete ?? 'off',
    'maxLength': props.maxLength,
    'aria-invalid': problem !== undefined && value !== '',
    'aria-describedby': `${id}-notes`,
    'onInput': (event: Event) =>
      onText((event.currentTarget as HTMLInputElement | HTMLTextAreaElement).value),
    'onBlur': onLeave,
  };
  return (
    <div class="field">
      <label for={id}>
        {label}
        {optional === true && <span class="optional"> {text.optional}</span>}
      </label>
      <div class="control">
        {lines === undefined ? (
          <input {...shared} type={(props.type ?? 'text') as 'text'} inputMode={props.inputMode} />
        ) : (
          <textarea {...shared} rows={lines} />
        )}
        {props.after}
      </div>
      <FieldNotes id={`${id}-notes`} hint={hint} problem={problem} warning={warning} />
    </div>
  );
}

export interface Option {
  word: string;
  name: string;
}
interface ChipsProps extends Notes {
  label: string;
  name: string;
  options: readonly Option[];
  value: string;
  onChoose(word: string): void;
}

/** One of a few, as chips that a thumb meets. */
export function Chips({ label, name, options, value, onChoose, ...notes }: ChipsProps) {
  const id = useId();
  return (
    <fieldset class="field" aria-describedby={`${id}-notes`}>
      <legend>{label}</legend>
      <div class="chips">
        {options.map((option) => (
          <label key={option.word} class="chip">
            <input
              type="radio"
              name={`${id}-${name}`}
              value={option.word}
              checked={option.word === value}
              onChange={() => onChoose(option.word)}
            />
            <span>{capital(option.name)}</span>
          </label>
        ))}
      </div>
      <FieldNotes id={`${id}-notes`} {...notes} />
    </fieldset>
  );
}

interface ChecksProps extends Notes {
  label: string;
  options: readonly Option[];
  values: readonly string[];
  onChange(values: string[]): void;
}

/** Any of a few. */
export function Checks({ label, options, values, onChange, ...notes }: ChecksProps) {
  const id = useId();
  const toggle = (word: string) =>
    onChange(values.includes(word) ? values.filter((each) => each !== word) : [...values, word]);
  return (
    <fieldset class="field" aria-describedby={`${id}-notes`}>
      <legend>{label}</legend>
      <div class="checks">
        {options.map((option) => (
          <label key={option.word} class="check">
            <input
              type="checkbox"
              checked={values.includes(option.word)}
              onChange={() => toggle(option.word)}
            />
            <span>{capital(option.name)}</span>
          </label>
        ))}
      </div>
      <FieldNotes id={`${id}-notes`} {...notes} />
    </fieldset>
  );
}

interface SelectProps extends Notes {
  label: string;
  name: string;
  options: readonly Option[];
  value: string;
  onChoose(word: string): void;
  /** What stands there for ''. */
  nothing?: string;
}

/** One of many. */
export function Select({ label, name, options, value, onChoose, nothing, ...notes }: SelectProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        name={name}
        value={value}
        aria-describedby={`${id}-notes`}
        onChange={(event) => onChoose(event.currentTarget.value)}
      >
        {nothing !== undefined && <option value="">{nothing}</option>}
        {options.map((option) => (
          <option key={option.word} value={option.word}>
            {capital(option.name)}
          </option>
        ))}
      </select>
      <FieldNotes id={`${id}-notes`} {...notes} />
    </div>
  );
}
