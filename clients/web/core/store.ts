// What this browser keeps: one database. Every write is one transaction that is on the disk before
// anybody hears of it ("strict"), and checks in the same transaction that this tab still leads.

import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb';
import { type Bytes, joined, RowOp, type RowChange } from './bytes';
import { bad, detailOf, good, type Outcome } from './fault';
import { piecesOf } from './pieces';
import { applyRow, quiet } from './row_changes';
import { step, stepWithin } from './steps';

/** An answer that was given, so that a call which is repeated does nothing twice. */
export interface KeptAnswer {
  at: number;
  json: string;
  bytes: Bytes;
}

interface Schema extends DBSchema {
  rows: { key: Bytes; value: Bytes };
  files: { key: string; value: Blob | Bytes };
  keys: { key: string; value: unknown };
  meta: { key: string; value: unknown };
  answers: { key: string; value: KeptAnswer; indexes: { at: number } };
}
const storeNames = ['rows', 'files', 'keys', 'meta', 'answers'] as const;
type Names = typeof storeNames;
type Transaction = IDBPTransaction<Schema, Names, 'readwrite'>;

/** Raised with each change of the stores below; a case in upgrade() says what changes. */
export const schemaVersion = 1;
export const databaseName = 'khuyenhoc';
const rowsAtOnce = 2000;
const reserveName = 'reserve';
const reserveBytes = 2 * 1024 * 1024;
export const answerLifetime = 7 * 24 * 3600_000;

function upgrade(db: IDBPDatabase<Schema>, from: number): void {
  if (from < 1) {
    for (const name of ['rows', 'files', 'keys', 'meta'] as const) db.createObjectStore(name);
    db.createObjectStore('answers').createIndex('at', 'at');
  }
}

function faultOf(thrown: unknown): Outcome<never> {
  const name = thrown instanceof DOMException ? thrown.name : '';
  const detail = detailOf(thrown);
  if (name === 'QuotaExceededError') return bad('storage_full', { detail });
  if (name === 'VersionError') return bad('storage_newer', { detail });
  if (name === 'InvalidStateError') return bad('storage_gone', { detail });
  return bad('storage_failed', { detail });
}

/** Why the database closed under the page: it was cleared, or a newer page wants to change it. */
export type Closing = 'storage_gone' | 'storage_newer';

/**
 * State: the epoch under which this tab leads; 0: it never did.
 * Thread: the worker; one write at a time.
 */
export class Store {
  private epoch = 0;

  private constructor(private readonly db: IDBPDatabase<Schema>) {}

  /** Faults: storage_newer, storage_failed; `onClosed` tells later ones. */
  static async open(onClosed: (why: Closing) => void): Promise<Outcome<Store>> {
    try {
      const db = await openDB<Schema>(databaseName, schemaVersion, {
        upgrade,
        blocking: (_current, _wanted, event) => {
          (event.target as IDBDatabase).close();
          onClosed('storage_newer');
        },
        terminated: () => onClosed('storage_gone'),
      });
      return good(new Store(db));
    } catch (thrown) {
      return faultOf(thrown);
    }
  }

  close(): void {
    this.db.close();
  }

  /** Begins to lead: from now on nobody writes under an older epoch. */
  async claim(): Promise<Outcome<number>> {
    let epoch = 0;
    const claimed = await this.transact(async (transaction) => {
      const meta = transaction.objectStore('meta');
      epoch = Number((await meta.get('epoch')) ?? 0) + 1;
      await meta.put(epoch, 'epoch');
    });
    if (claimed.ok) this.epoch = epoch;
    return claimed.ok ? good(epoch) : claimed;
  }

  /**
   * Writes all of it or nothing. Once this is good it survives a power cut.
   * Faults: storage_full, storage_failed, storage_gone: nothing was written; not_leading.
   */
  async write(rows: readonly RowChange[], answer?: [string, KeptAnswer]): Promise<Outcome<void>> {
    let written = await this.writeOnce(rows, answer);
    if (written.ok || written.fault.code !== 'storage_full') return written;
    // The reserve gives way; the browser may take a while to notice that there is room.
    if (!(await this.giveReserve())) return written;
    for (let attempt = 0; attempt < 10 && !written.ok; attempt += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100 * attempt));
      written = await this.writeOnce(rows, answer);
    }
    return written;
  }

  private writeOnce(
    rows: readonly RowChange[],
    answer?: [string, KeptAnswer],
  ): Promise<Outcome<void>> {
    return this.guarded(
      async (transaction) => {
        const stored = transaction.objectStore('rows');
        const files = transaction.objectStore('files');
        for (const row of rows) applyRow(stored, files, row);
        if (answer !== undefined) {
          quiet(transaction.objectStore('answers').put(answer[1], answer[0]));
        }
      },
      __STEPS__ && answer !== undefined,
    );
  }

  /**
   * Keeps some room back, so that the last of it is told before a write is refused: what browsers
   * say of the room that is left is not to be relied on. Answers whether it is there.
   */
  async keepReserve(): Promise<boolean> {
    try {
      if ((await this.db.getKey('files', reserveName)) !== undefined) return true;
      const room = new Uint8Array(reserveBytes);
      for (let at = 0; at < room.length; at += 65_536) {
        crypto.getRandomValues(room.subarray(at, at + 65_536));
      }
      const kept = await this.guarded(async (transaction) => {
        quiet(transaction.objectStore('files').put(new Blob([room]), reserveName));
      });
      return kept.ok;
    } catch {
      return false;
    }
  }

  private async giveReserve(): Promise<boolean> {
    const was = await this.db.getKey('files', reserveName).catch(() => undefined);
    if (was === undefined) return false;
    const given = await this.guarded(async (transaction) => {
      quiet(transaction.objectStore('files').delete(reserveName));
    });
    return given.ok;
  }

  /** Gives every row to `take`, in the order of the keys, some thousand at a time. */
  async readAll(take: (rows: RowChange[]) => void): Promise<Outcome<void>> {
    try {
      let range: IDBKeyRange | undefined;
      for (;;) {
        const { store } = this.db.transaction('rows');
        const [keys, values] = await Promise.all([
          store.getAllKeys(range, rowsAtOnce),
          store.getAll(range, rowsAtOnce),
        ]);
        const rows = keys.map((key, index): RowChange => {
          const value = values[index] as Bytes;
          return { op: RowOp.put, key: new Uint8Array(key as unknown as ArrayBuffer), value };
        });
        if (rows.length > 0) take(rows);
        if (rows.length < rowsAtOnce) return good(undefined);
        range = IDBKeyRange.lowerBound(keys[keys.length - 1], true);
      }
    } catch (thrown) {
      return faultOf(thrown);
    }
  }

  /** The stored pieces of a file, in their order; empty when there are none. */
  async readPieces(name: string): Promise<Outcome<Bytes>> {
    try {
      return good(joined((await this.db.getAll('files', piecesOf(name))) as Bytes[]));
    } catch (thrown) {
      return faultOf(thrown);
    }
  }

  async read<T>(from: 'meta' | 'keys', key: string): Promise<Outcome<T | undefined>> {
    try {
      return good((await this.db.get(from, key)) as T | undefined);
    } catch (thrown) {
      return faultOf(thrown);
    }
  }

  /** As write(), for one value; undefined deletes it. */
  async put(to: 'meta' | 'keys', key: string, value: unknown): Promise<Outcome<void>> {
    return this.guarded(async (transaction) => {
      const stored = transaction.objectStore(to);
      quiet(value === undefined ? stored.delete(key) : stored.put(value, key));
    });
  }

  async answer(request: string): Promise<Outcome<KeptAnswer | undefined>> {
    try {
      return good(await this.db.get('answers', request));
    } catch (thrown) {
      return faultOf(thrown);
    }
  }

  /** Forgets answers that nobody asks for any more. */
  async forgetAnswers(now: number): Promise<Outcome<void>> {
    return this.guarded(async (transaction) => {
      const old = IDBKeyRange.upperBound(now - answerLifetime);
      const byTime = transaction.objectStore('answers').index('at');
      for (let at = await byTime.openCursor(old); at; at = await at.continue()) quiet(at.delete());
    });
  }

  /** `isTold`: it is on the way of an act, whose steps a test follows. */
  private guarded(
    work: (transaction: Transaction) => Promise<void>,
    isTold = false,
  ): Promise<Outcome<void>> {
    return this.transact(async (transaction) => {
      const epoch = await transaction.objectStore('meta').get('epoch');
      if (epoch !== this.epoch) throw new NotLeading();
      if (__STEPS__ && isTold) stepWithin('checked');
      await work(transaction);
    }, isTold);
  }

  private async transact(
    work: (transaction: Transaction) => Promise<void>,
    isTold = false,
  ): Promise<Outcome<void>> {
    if (__STEPS__ && isTold) await step('opening');
    try {
      const transaction = this.db.transaction(storeNames, 'readwrite', { durability: 'strict' });
      // Whichever comes first is told; the other must not be left without a listener.
      const done = transaction.done.then(
        () => undefined,
        (thrown: unknown) => ({ thrown }),
      );
      try {
        await work(transaction);
        if (__STEPS__ && isTold) {
          stepWithin('put');
          transaction.commit();
        }
      } catch (thrown) {
        abort(transaction);
        await done;
        return thrown instanceof NotLeading ? bad('not_leading') : faultOf(thrown);
      }
      if (__STEPS__ && isTold) await step('committing');
      const failed = await done;
      if (__STEPS__ && isTold) await step('complete');
      return failed === undefined ? good(undefined) : faultOf(failed.thrown);
    } catch (thrown) {
      return faultOf(thrown);
    }
  }
}

class NotLeading extends Error {}

function abort(transaction: Transaction): void {
  try {
    transaction.abort();
  } catch {
    // It has ended by itself.
  }
}
