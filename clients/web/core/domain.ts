// Calls into the domain, one after another. What a call wants stored is on the disk before anybody
// hears its answer; when that fails, the module is thrown away and begun anew from what is stored.

import { type Bytes, decodeRows, encodeFields, encodeRows, type Fields } from './bytes';
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
  now(): number;
  /** So many bytes were stored: views may have changed. */
  changed(bytes: number): void;
  /** The module was begun anew after a fault; it is locked again. */
  begunAnew(opened: Given): Promise<void>;
}

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
      if (this.module === undefined) {
        const begun = await this.begin();
        if (!begun.ok) return begun;
        await this.ports.begunAnew(begun.value);
      }
      if (request !== undefined) {
        const before = await this.ports.store.answer(request);
        if (!before.ok) return before;
        if (before.value !== undefined) return good(before.value);
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
    let reply: Reply;
    try {
      if (this.module === undefined) return bad('module_failed');
      const steady = Math.round(performance.now());
      const input = encodeFields({ now: this.ports.now(), steady, ...fields });
      reply = this.module.call(name, input);
    } catch (thrown) {
      this.module = undefined;
      return bad('module_failed', { detail: detailOf(thrown) });
    }
    const given = { json: reply.json, bytes: reply.bytes };
    if (reply.rows.length > 0) {
      await step('judged');
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
    return reply.good ? good(given) : { ok: false, fault: faultOf(reply.json) };
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
