// How often a PIN may be guessed: the rule of clients/device/keyring.cpp.

/** Wrong guesses in a row, and when the next one may come, in ms since 1970. */
export interface Guesses {
  failures: number;
  retryAt: number;
}

export const noGuesses: Guesses = { failures: 0, retryAt: 0 };
export const pinLengthMin = 6;
const freeGuesses = 3;
const firstWait = 5_000;
const waitMax = 15 * 60_000;

export function waitAfter(failures: number): number {
  if (failures < freeGuesses) return 0;
  return Math.min(firstWait * 2 ** Math.min(failures - freeGuesses, 16), waitMax);
}

/** How long the person has to wait; 0: not at all. A clock set back must not shut the owner out. */
export function waitLeft(guesses: Guesses, now: number): number {
  const left = guesses.retryAt - now;
  return left > 0 && left <= waitMax ? left : 0;
}

/** As it has to be stored before the next guess is tried. */
export function withOneMore(guesses: Guesses, now: number): Guesses {
  const failures = guesses.failures + 1;
  const wait = waitAfter(failures);
  return { failures, retryAt: wait === 0 ? 0 : now + wait };
}

/** What a PIN is compared by: typed with any keyboard, it is the same. */
export const normalPin = (pin: string): string => pin.normalize('NFC');
export const isLongEnough = (pin: string): boolean => [...normalPin(pin)].length >= pinLengthMin;
