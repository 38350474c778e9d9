// The signing keys of this device: Ed25519 pairs that the browser holds. Their secret halves leave it
// for nobody, not even for this code.

import { type Bytes, bytesOfHex, hexOf, joined } from './bytes';
import { bad, detailOf, good, type Outcome } from './fault';
import type { Store } from './store';

const how = 'Ed25519';
/** Hexadecimal digits of a public key. */
const nameSize = 64;
/** In the object store `keys`: the secret half of a pair; the pair that was drawn last. */
const place = (name: string) => `sign ${name}`;
const lastPlace = 'sign last';

/**
 * State: whether the device is unlocked; only then anything is signed.
 * Faults of all: storage_*.
 */
export class SigningKeys {
  private isOpen = false;
  private readonly known = new Map<string, CryptoKey>();

  constructor(private readonly store: Pick<Store, 'read' | 'put'>) {}

  /** The device is unlocked. `held`: its public key, if it is the browser's. Faults: keys_lost. */
  async open(held: string | undefined): Promise<Outcome<void>> {
    this.isOpen = true;
    if (held === undefined) return good(undefined);
    const there = await this.has(held);
    if (!there.ok) return there;
    return there.value ? good(undefined) : bad('keys_lost');
  }

  close(): void {
    this.isOpen = false;
  }

  /**
   * The public key of a pair that nothing is signed with yet; the pair is on the disk. Nothing: this
   * browser draws no such pairs, or cannot keep them. `inUse`: the public key of the device, in
   * hexadecimal digits, if the browser holds it.
   */
  async fresh(inUse: string | undefined): Promise<Outcome<Bytes | undefined>> {
    const last = await this.store.read<string>('keys', lastPlace);
    if (!last.ok) return last;
    if (last.value !== undefined && last.value !== inUse) {
      const there = await this.has(last.value);
      if (!there.ok) return there;
      if (there.value) return good(bytesOfHex(last.value));
    }
    const drawn = await this.draw();
    if (!drawn.ok || drawn.value === undefined) return drawn;
    const noted = await this.store.put('keys', lastPlace, hexOf(drawn.value));
    return noted.ok ? drawn : noted;
  }

  private async has(name: string): Promise<Outcome<boolean>> {
    const key = await this.key(name);
    return key.ok ? good(key.value !== undefined) : key;
  }

  /**
   * Signs what the module asks for: a public key and the message behind it, in hexadecimal digits.
   * Gives signatures as the module takes them. Faults: locked; keys_lost.
   */
  async sign(requests: readonly string[]): Promise<Outcome<Bytes[]>> {
    if (!this.isOpen) return bad('locked');
    const signed: Bytes[] = [];
    for (const request of requests) {
      const key = await this.key(request.slice(0, nameSize));
      if (!key.ok) return key;
      if (key.value === undefined) return bad('keys_lost');
      const bytes = bytesOfHex(request);
      try {
        signed.push(joined([await signature(key.value, bytes.subarray(nameSize / 2)), bytes]));
      } catch (thrown) {
        return bad('keys_lost', { detail: detailOf(thrown) });
      }
    }
    return good(signed);
  }

  private async key(name: string): Promise<Outcome<CryptoKey | undefined>> {
    const known = this.known.get(name);
    if (known !== undefined) return good(known);
    const stored = await this.store.read<CryptoKey>('keys', place(name));
    if (stored.ok && stored.value !== undefined) this.known.set(name, stored.value);
    return stored;
  }

  /** A pair counts when the secret half that was stored and read back signs for the public one. */
  private async draw(): Promise<Outcome<Bytes | undefined>> {
    try {
      const pair = await crypto.subtle.generateKey(how, false, ['sign', 'verify']);
      const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
      const written = await this.store.put('keys', place(hexOf(raw)), pair.privateKey);
      // Told as it is: with less room nothing else would be stored either.
      if (!written.ok && written.fault.code !== 'storage_failed') return written;
      const back = await this.key(hexOf(raw));
      if (!back.ok || back.value === undefined) return good(undefined);
      const proof = await signature(back.value, raw);
      const holds = await crypto.subtle.verify(how, pair.publicKey, proof, raw);
      return good(holds ? raw : undefined);
    } catch {
      return good(undefined);
    }
  }
}

const signature = async (key: CryptoKey, message: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.sign(how, key, message));
