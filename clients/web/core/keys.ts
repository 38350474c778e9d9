// The master key of this browser, 32 bytes: drawn here, kept sealed by a key that the browser never
// gives out, and, once a PIN is set, sealed by the PIN first.

import { type Bytes, joined } from './bytes';
import { bad, detailOf, good, type Outcome } from './fault';
import { isLongEnough, noGuesses, normalPin, waitLeft, withOneMore, type Guesses } from './guesses';
import { SigningKeys } from './signing';
import type { Store } from './store';

interface Sealed {
  nonce: Bytes;
  bytes: ArrayBuffer;
}
/** In the store `keys` under "master". `sealed` is by the browser's key; inside lies the master
 *  key, or, with a PIN, nonce and ciphertext of the master key under the PIN's. */
interface MasterRecord {
  version: 1;
  lock: 'none' | 'pin';
  sealed: Sealed;
  salt?: Bytes;
  rounds?: number;
}
export interface LockState {
  kind: 'none' | 'pin';
  locked: boolean;
  failures: number;
  /** ms since 1970; 0: at once. */
  retryAt: number;
}

export const roundsMin = 600_000;
const guessTime = 500; // ms one guess costs where the machine is faster than roundsMin.
const nonceSize = 12;

/**
 * State: what is stored. The master key is handed to whoever opens it and not kept.
 * Faults of all: storage_*; insecure: the page came over a line without TLS.
 */
export class Keys {
  readonly signing: SigningKeys;

  constructor(
    private readonly store: Pick<Store, 'read' | 'put'>,
    private readonly now: () => number,
  ) {
    this.signing = new SigningKeys(store);
  }

  async state(): Promise<Outcome<LockState>> {
    const record = await this.record();
    if (!record.ok) return record;
    const guesses = await this.guesses();
    if (!guesses.ok) return guesses;
    const kind = record.value?.lock ?? 'none';
    return good({ kind, locked: kind === 'pin', ...guesses.value });
  }

  /** The master key; drawn and stored when there is none. Faults: pin_wait: a PIN is set. */
  async masterWithoutPin(): Promise<Outcome<Bytes>> {
    const record = await this.record();
    if (!record.ok) return record;
    if (record.value?.lock === 'pin') return bad('pin_wrong');
    if (record.value !== undefined) return this.openOuter(record.value);
    const master = random(32);
    // What is kept is wiped: whoever asked gets bytes of their own.
    const written = await this.keep({ version: 1, lock: 'none' }, master.slice());
    return written.ok ? good(master) : written;
  }

  /** Faults: pin_wait, with retryAt; pin_wrong. A guess is counted on the disk before it is tried. */
  async masterByPin(pin: string): Promise<Outcome<Bytes>> {
    const record = await this.record();
    if (!record.ok) return record;
    if (record.value === undefined) return bad('keys_lost');
    if (record.value.lock !== 'pin') return this.openOuter(record.value);
    const guesses = await this.guesses();
    if (!guesses.ok) return guesses;
    const now = this.now();
    if (waitLeft(guesses.value, now) > 0) {
      return bad('pin_wait', { retryAt: guesses.value.retryAt });
    }
    const counted = withOneMore(guesses.value, now);
    const noted = await this.store.put('keys', 'guesses', counted);
    if (!noted.ok) return noted;
    const inner = await this.openOuter(record.value);
    if (!inner.ok) return inner;
    const { salt, rounds } = record.value as Required<MasterRecord>;
    const master = await open(await pinKey(pin, salt, rounds), inner.value, 'khuyenhoc-pin-1');
    if (master === undefined) return bad('pin_wrong', { retryAt: counted.retryAt });
    // The count may stay where the disk is full: the owner is let in all the same.
    await this.store.put('keys', 'guesses', noGuesses);
    return good(master);
  }

  /** Sets or changes the PIN. Faults: pin_short; those of opening with `old`. */
  async setPin(pin: string, old?: string): Promise<Outcome<void>> {
    if (!isLongEnough(pin)) return bad('pin_short');
    const master = await this.master(old);
    if (!master.ok) return master;
    const salt = random(16);
    const rounds = await roundsHere();
    const inner = await seal(await pinKey(pin, salt, rounds), master.value, 'khuyenhoc-pin-1');
    master.value.fill(0);
    return this.keep({ version: 1, lock: 'pin', salt, rounds }, together(inner));
  }

  async removePin(old: string): Promise<Outcome<void>> {
    const master = await this.master(old);
    if (!master.ok) return master;
    return this.keep({ version: 1, lock: 'none' }, master.value);
  }

  private master(old: string | undefined): Promise<Outcome<Bytes>> {
    return old === undefined ? this.masterWithoutPin() : this.masterByPin(old);
  }

  private record(): Promise<Outcome<MasterRecord | undefined>> {
    return this.store.read<MasterRecord>('keys', 'master');
  }

  private async guesses(): Promise<Outcome<Guesses>> {
    const stored = await this.store.read<Guesses>('keys', 'guesses');
    return stored.ok ? good(stored.value ?? noGuesses) : stored;
  }

  /** Seals `content` by the browser's key and stores it. */
  private async keep(record: Omit<MasterRecord, 'sealed'>, content: Bytes): Promise<Outcome<void>> {
    const key = await this.browserKey(true);
    if (!key.ok) return key;
    const sealed = await seal(key.value, content, 'khuyenhoc-browser-1');
    content.fill(0);
    return this.store.put('keys', 'master', { ...record, sealed });
  }

  private async openOuter(record: MasterRecord): Promise<Outcome<Bytes>> {
    const key = await this.browserKey(false);
    if (!key.ok) return key;
    const content = await open(key.value, together(record.sealed), 'khuyenhoc-browser-1');
    return content === undefined ? bad('keys_lost') : good(content);
  }

  /** Is used here and never leaves the browser: not even this code can read it. */
  private async browserKey(mayDraw: boolean): Promise<Outcome<CryptoKey>> {
    if (globalThis.crypto?.subtle === undefined) return bad('insecure');
    const stored = await this.store.read<CryptoKey>('keys', 'browser');
    if (!stored.ok) return stored;
    if (stored.value !== undefined) return good(stored.value);
    if (!mayDraw) return bad('keys_lost');
    try {
      const drawn = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
        'encrypt',
        'decrypt',
      ]);
      const written = await this.store.put('keys', 'browser', drawn);
      return written.ok ? good(drawn) : written;
    } catch (thrown) {
      return bad('insecure', { detail: detailOf(thrown) });
    }
  }
}

const utf8 = new TextEncoder();
const random = (size: number): Bytes => crypto.getRandomValues(new Uint8Array(size));

async function pinKey(pin: string, salt: Bytes, iterations: number): Promise<CryptoKey> {
  const typed = utf8.encode(normalPin(pin));
  const base = await crypto.subtle.importKey('raw', typed, 'PBKDF2', false, ['deriveKey']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations };
  const kind = { name: 'AES-GCM', length: 256 };
  return crypto.subtle.deriveKey(how, base, kind, false, ['encrypt', 'decrypt']);
}

/** As many rounds as take about guessTime here, never fewer than roundsMin. */
async function roundsHere(): Promise<number> {
  const begun = performance.now();
  await pinKey('', random(16), roundsMin);
  const taken = Math.max(performance.now() - begun, 1);
  return Math.max(roundsMin, Math.min(20 * roundsMin, Math.round(roundsMin * (guessTime / taken))));
}

async function seal(key: CryptoKey, plain: Bytes, about: string): Promise<Sealed> {
  const nonce = random(nonceSize);
  const how = { name: 'AES-GCM', iv: nonce, additionalData: utf8.encode(about) };
  const bytes = await crypto.subtle.encrypt(how, key, plain);
  return { nonce, bytes };
}

const together = ({ nonce, bytes }: Sealed): Bytes => joined([nonce, new Uint8Array(bytes)]);

/** Nothing when the key is another one, or the bytes were changed. */
async function open(key: CryptoKey, content: Bytes, about: string): Promise<Bytes | undefined> {
  const sealed = content;
  const iv = sealed.subarray(0, nonceSize);
  const how = { name: 'AES-GCM', iv, additionalData: utf8.encode(about) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(how, key, sealed.subarray(nonceSize)));
  } catch {
    return undefined;
  }
}
