// Calls into the domain, one after another. What a call wants stored is on the disk before anybody
// hears its answer; when that fails, the module is thrown away and begun anew from what is stored.

import { type Bytes, decodeRows, encodeFields, encodeRows, type Fields, joined } from './bytes';
import { bad, detailOf, good, type Fault, type Outcome } from './fault';
import type { Domain, Reply } from './module';
import { step } from './steps';
import type { Store } from './store';

/** What a call gave: JSON as text, and frames or a file. */
export interface Given {
  json: string;
  bytes: Bytes;
}

export interface DomainPorts {
  store: Pick<Store, 'write' | 'readAll' | 'answer'>;
  /** A module that knows nothing yet. */
  load(): Promise<Outcome<Domain>>;
  /** Signs what the module asks for, and gives signatures as it takes them. */
  sign(unsigned: readonly string[]): Promise<Outcome<Bytes[]>>;
  now(): number;
  /** So many bytes were stored: views may have changed. */
  changed(bytes: number): void;
  /** The module was begun anew after a fault; it is locked again. */
  begunAnew(opened: Given): Promise<void>;
}

/** After these the rest of what is said on the line follows with `push`; others are made again. */
const spoken = new Set(['greet', 'frames', 'push']);
/** A sealed file has four signatures, each of which may cover the one before. */
const triesMax = 8;

/**
 * State: a module that knows exactly what the store has; none before open() and after a fault, until
 * the next call begins one anew.
 */
export class DomainCalls {
  private module: Domain | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly ports: DomainPorts) {}

  /** Loads the module and gives it all stored rows. The JSON is the state of the device. */
  open(): Promise<Outcome<Given>> {
    return this.inTurn(() => this.begin());
  }

  /**
   * `request`: of a call that must not be done twice; a repeated one gets the answer of the first.
   * Faults: those of the module; storage_*, not_leading: nothing of it was written.
   */
  call(name: string, fields: Fields, request?: string): Promise<Outcome<Given>> {
    return this.inTurn(async () => {
      if (__STEPS__ && request !== undefined) await step('turn');
      if (this.module === undefined) {
        const begun = await this.begin();
        if (!begun.ok) return begun;
        await this.ports.begunAnew(begun.value);
      }
      if (request !== undefined) {
        const before = await this.ports.store.answer(request);
        if (!before.ok) return before;
        if (before.value !== undefined) return good(before.value);
        if (__STEPS__) await step('new');
      }
      return this.carryOut(name, fields, request);
    });
  }

  /** The same, for whoever is called back within a call: begunAnew(). */
  callWithin(name: string, fields: Fields): Promise<Outcome<Given>> {
    return this.carryOut(name, fields);
  }

  /** Forgets the module, and with it the keys in its memory. */
  drop(): void {
    this.module = undefined;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.last.then(work);
    this.last = mine.catch(() => undefined);
    return mine;
  }

  private async begin(): Promise<Outcome<Given>> {
    this.module = undefined;
    const loaded = await this.ports.load();
    if (!loaded.ok) return loaded;
    const module = loaded.value;
    try {
      const read = await this.ports.store.readAll((rows) => {
        module.call('load', encodeFields({ rows: encodeRows(rows) }));
      });
      if (!read.ok) return read;
    } catch (thrown) {
      return bad('module_failed', { detail: detailOf(thrown) });
    }
    this.module = module;
    return this.carryOut('open', {});
  }

  private async carryOut(name: string, fields: Fields, request?: string): Promise<Outcome<Given>> {
    const steady = Math.round(performance.now());
    const made = await this.makeSigned(name, { now: this.ports.now(), steady, ...fields });
    if (!made.ok) return made;
    const { reply, fault } = made.value;
    const given = { json: reply.json, bytes: reply.bytes };
    if (reply.rows.length > 0) {
      if (__STEPS__ && request !== undefined) await step('judged');
      const kept = reply.good && request !== undefined;
      const answer = kept ? { at: this.ports.now(), ...given } : undefined;
      const written = await this.ports.store.write(
        decodeRows(reply.rows),
        answer && [request as string, answer],
      );
      if (!written.ok) {
        // The module knows more than the disk.
        this.module = undefined;
        return written;
      }
      this.ports.changed(reply.rows.length);
    }
    return reply.good ? good(given) : { ok: false, fault: fault ?? faultOf(reply.json) };
  }

  /** The call, with all that it needs signed; `fault`: why it could not be signed. */
  private async makeSigned(
    name: string,
    fields: Fields,
  ): Promise<Outcome<{ reply: Reply; fault?: Fault }>> {
    const replies: Reply[] = [];
    const signature: Bytes[] = [];
    for (;;) {
      let reply: Reply;
      try {
        if (this.module === undefined) return bad('module_failed');
        const goesOn = replies.length > 0 && spoken.has(name);
        const given = goesOn ? { now: fields['now'], steady: fields['steady'] } : fields;
        reply = this.module.call(goesOn ? 'push' : name, encodeFields({ ...given, signature }));
      } catch (thrown) {
        this.module = undefined;
        return bad('module_failed', { detail: detailOf(thrown) });
      }
      replies.push(reply);
      const whole: Reply = {
        ...reply,
        bytes: joined(replies.map(({ bytes }) => bytes)),
        rows: joined(replies.map(({ rows }) => rows)),
      };
      if (reply.unsigned === undefined) return good({ reply: whole });
      const signed =
        replies.length < triesMax
          ? await this.ports.sign(reply.unsigned)
          : bad('needs_signature', { detail: name });
      if (!signed.ok) return good({ reply: whole, fault: signed.fault });
      signature.push(...signed.value);
    }
  }
}

function faultOf(json: string): Fault {
  try {
    const { error } = JSON.parse(json) as { error?: Partial<Fault> };
    if (error?.code !== undefined) return { ...error, code: error.code };
  } catch {
    // Told below.
  }
  return { code: 'module_failed', detail: json.slice(0, 200) };
}

export const noBytes = new Uint8Array(0);
