// A day in three boxes. A year alone is a date of birth, too.

import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { text } from '../text/text';
import { isComposing } from './composition';
import { FieldNotes, type Notes } from './fields';

export interface DateParts {
  day: string;
  month: string;
  year: string;
}
export const noDate: DateParts = { day: '', month: '', year: '' };

/** As the module reads it: 12/03/1990, 03/1990, 1990; '' when nothing was typed. */
export function writtenDate({ day, month, year }: DateParts): string {
  const parts = [day, month, year].map((part) => part.trim());
  const first = parts.findIndex((part) => part !== '');
  return first === -1 ? '' : parts.slice(first).join('/');
}

interface BoxProps {
  label: string;
  name: string;
  value: string;
  size: number;
  notes: string;
  onText(value: string): void;
}

function Box({ label, name, value, size, notes, onText }: BoxProps) {
  const id = useId();
  const control = useRef<HTMLInputElement>(null);
  const composing = isComposing.value;
  useLayoutEffect(() => {
    const { current } = control;
    if (current !== null && !composing && current.value !== value) current.value = value;
  });
  return (
    <div class={`date-box date-${name}`}>
      <label for={id}>{label}</label>
      <input
        id={id}
        ref={control}
        name={name}
        defaultValue={value}
        inputMode="numeric"
        autoComplete="off"
        maxLength={size}
        aria-describedby={notes}
        onInput={(event) => onText(event.currentTarget.value)}
      />
    </div>
  );
}

interface DateFieldProps extends Notes {
  label: string;
  value: DateParts;
  optional?: boolean;
  onDate(value: DateParts): void;
}

export function DateField({ label, value, optional, onDate, ...notes }: DateFieldProps) {
  const id = useId();
  const box = (name: keyof DateParts, size: number) => (
    <Box
      label={text.dateParts[name]}
      name={name}
      value={value[name]}
      size={size}
      notes={`${id}-notes`}
      onText={(typed) => onDate({ ...value, [name]: typed })}
    />
  );
  return (
    <fieldset class="field">
      <legend>
        {label}
        {optional === true && <span class="optional"> {text.optional}</span>}
      </legend>
      <div class="date">
        {box('day', 2)}
        {box('month', 2)}
        {box('year', 4)}
      </div>
      <FieldNotes id={`${id}-notes`} {...notes} />
    </fieldset>
  );
}
