// Figures and times as people here write them.

import { text } from '../text/text';

const two = (part: number): string => String(part).padStart(2, '0');

/** Names of the catalogue are written small; a line of their own begins with a capital. */
export const capital = (name: string): string =>
  name.slice(0, 1).toLocaleUpperCase('vi') + name.slice(1);

/** 12 345 → "12.345". */
export const count = (value: number): string =>
  String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, text.thousands);

/** Tenths → "85,5". */
export function points(tenths: number): string {
  const whole = Math.floor(tenths / 10);
  return tenths % 10 === 0 ? String(whole) : `${whole}${text.decimal}${tenths % 10}`;
}

/** "yyyy-mm-dd" → "dd/mm/yyyy". */
export const day = (iso: string): string => iso.split('-').reverse().join('/');

/** A time in ms: of today "08:40", of another day with the day. */
export function time(ms: number): string {
  if (ms === 0) return text.never;
  const at = new Date(ms);
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (at.toDateString() === new Date().toDateString()) return clock;
  return `${clock} ${two(at.getDate())}/${two(at.getMonth() + 1)}/${at.getFullYear()}`;
}

export function bytes(size: number): string {
  if (size < 1000) return `${count(size)} B`;
  if (size < 1_000_000) return `${count(size / 1000)} KB`;
  const unit = size < 1_000_000_000 ? 1_000_000 : 1_000_000_000;
  const tenths = Math.round((10 * size) / unit);
  return `${points(tenths)} ${unit === 1_000_000 ? 'MB' : 'GB'}`;
}

/** Tenths of a percent, with the figures it is made of always beside it. */
export const percent = (num: number, den: number): string =>
  den === 0 ? text.noShare : `${points(Math.round((1000 * num) / den))} %`;
