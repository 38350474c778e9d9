// What can go wrong, as values. A fault of the module has words of the catalogue in `text`; the
// others have a code, and the page has the words.

export type FaultCode =
  | 'storage_full' // The browser gives no more room; nothing of this call was written.
  | 'storage_failed' // The browser could not write; nothing of this call was written.
  | 'storage_gone' // The stores were cleared while the page was open.
  | 'storage_newer' // A newer page wrote the stores: this one must be loaded again.
  | 'module_missing' // The program did not arrive whole.
  | 'module_failed' // The program stopped in the middle; it was started again.
  | 'not_leading' // Another tab has taken over; nothing of this call was written.
  | 'no_answer' // The tab that leads did not answer in time.
  | 'insecure' // The page was not loaded over a secure line: the browser gives no keys.
  | 'keys_lost' // The keys of this browser are gone.
  | 'locked' // The device is locked.
  | 'pin_short'
  | 'pin_wrong'
  | 'pin_wait'
  | 'no_line' // The server could not be reached.
  | 'portal' // A network on the way wants a login first.
  | (string & {}); // Of the module.

export interface Fault {
  code: FaultCode;
  /** Vietnamese, for the person. */
  text?: string;
  field?: string;
  rule?: string;
  /** When it can be tried again, in ms since 1970. */
  retryAt?: number;
  /** For developers. */
  detail?: string;
}

export type Outcome<T> = { ok: true; value: T } | { ok: false; fault: Fault };

export const good = <T>(value: T): Outcome<T> => ({ ok: true, value });
export const bad = (code: FaultCode, more: Omit<Fault, 'code'> = {}): Outcome<never> => ({
  ok: false,
  fault: { code, ...more },
});

/** What a thrown thing says, for `detail`. */
export function detailOf(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
}
