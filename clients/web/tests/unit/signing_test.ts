import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOfHex, encodeRows, hexOf, joined, RowOp, type Bytes } from '../../core/bytes';
import { DomainCalls, type DomainPorts } from '../../core/domain';
import { bad, good, type Outcome } from '../../core/fault';
import type { Reply } from '../../core/module';
import { SigningKeys } from '../../core/signing';

/** The object store `keys`, and what is to go wrong with it. */
class Shelf {
  readonly kept = new Map<string, unknown>();
  refuses: string | undefined;

  async read<T>(_from: string, key: string): Promise<Outcome<T | undefined>> {
    return good(this.kept.get(key) as T | undefined);
  }
  async put(_to: string, key: string, value: unknown): Promise<Outcome<void>> {
    if (this.refuses !== undefined) return bad(this.refuses);
    this.kept.set(key, value);
    return good(undefined);
  }
}

const message: Bytes = new Uint8Array([1, 2, 3]);

async function opened(shelf: Shelf): Promise<{ keys: SigningKeys; name: string }> {
  const keys = new SigningKeys(shelf);
  const fresh = await keys.fresh(undefined);
  assert.ok(fresh.ok && fresh.value !== undefined);
  const name = hexOf(fresh.value);
  assert.deepEqual(await keys.open(name), good(undefined));
  return { keys, name };
}

test('a pair signs what is asked for, and its secret half cannot be had', async () => {
  const shelf = new Shelf();
  const { keys, name } = await opened(shelf);
  const request = name + hexOf(message);
  const signed = await keys.sign([request]);
  assert.ok(signed.ok);
  const answer = signed.value[0] as Bytes;
  assert.equal(hexOf(answer.subarray(64)), request);
  const half = await crypto.subtle.importKey('raw', bytesOfHex(name), 'Ed25519', true, ['verify']);
  assert.ok(await crypto.subtle.verify('Ed25519', half, answer.subarray(0, 64), message));
  const secret = shelf.kept.get(`sign ${name}`) as CryptoKey;
  await assert.rejects(crypto.subtle.exportKey('pkcs8', secret));
});

test('another start of the page signs with the same pair', async () => {
  const shelf = new Shelf();
  const { name } = await opened(shelf);
  const later = new SigningKeys(shelf);
  await later.open(name);
  assert.ok((await later.sign([name + hexOf(message)])).ok);
});

test('a pair is drawn once until a device uses it', async () => {
  const shelf = new Shelf();
  const { keys, name } = await opened(shelf);
  const again = await keys.fresh(undefined);
  assert.ok(again.ok && again.value !== undefined && hexOf(again.value) === name);
  const next = await keys.fresh(name);
  assert.ok(next.ok && next.value !== undefined && hexOf(next.value) !== name);
  assert.ok((await keys.sign([name + hexOf(message)])).ok, 'the old one is still there');
});

test('what is locked or lost signs nothing', async () => {
  const shelf = new Shelf();
  const { keys, name } = await opened(shelf);
  keys.close();
  assert.deepEqual(await keys.sign([name]), bad('locked'));
  const fresh = new SigningKeys(shelf);
  shelf.kept.delete(`sign ${name}`);
  assert.deepEqual(await fresh.open(name), bad('keys_lost'));
  assert.deepEqual(await fresh.sign([name]), bad('keys_lost'));
});

test('a browser that cannot draw or keep such keys has none; a full disk is told', async (given) => {
  const shelf = new Shelf();
  const keys = new SigningKeys(shelf);
  shelf.refuses = 'storage_failed';
  assert.deepEqual(await keys.fresh(undefined), good(undefined));
  shelf.refuses = 'storage_full';
  assert.deepEqual(await keys.fresh(undefined), bad('storage_full'));
  shelf.refuses = undefined;
  given.mock.method(crypto.subtle, 'generateKey', async () => {
    throw new DOMException('no such keys', 'NotSupportedError');
  });
  assert.deepEqual(await keys.fresh(undefined), good(undefined));
});

/** A module that wants `wanted` rounds of signatures for each call, and what it was called with. */
class Bench {
  readonly calls: string[] = [];
  readonly written: number[] = [];
  wanted = 0;
  signs: (unsigned: readonly string[]) => Promise<Outcome<Bytes[]>> = async (unsigned) =>
    good(unsigned.map((request) => new Uint8Array([Number(request)])));
  private rounds = 0;
  private time = 0;
  readonly domain: DomainCalls;

  constructor() {
    const ports: DomainPorts = {
      store: {
        readAll: async () => good(undefined),
        answer: async () => good(undefined),
        write: async (rows) => {
          this.written.push(rows.length);
          return good(undefined);
        },
      },
      load: async () => good({ call: (name, input) => this.call(name, input) }),
      sign: (unsigned) => this.signs(unsigned),
      now: () => (this.time += 1),
      changed: () => undefined,
      begunAnew: async () => undefined,
    };
    this.domain = new DomainCalls(ports);
  }

  private call(name: string, input: Bytes): Reply {
    if (name === 'open') return { good: true, json: '{}', bytes: message, rows: new Uint8Array(0) };
    const given = new TextDecoder('latin1').decode(input);
    const now = /now....(\d)/s.exec(given)?.[1];
    this.calls.push(`${name} at ${now}, ${given.split('signature').length - 1} signed`);
    const bytes = new Uint8Array([this.rounds]);
    const row = { op: RowOp.put, key: new Uint8Array([this.rounds]), value: message };
    const reply = { good: true, json: `{"round":${this.rounds}}`, bytes, rows: encodeRows([row]) };
    this.rounds += 1;
    if (this.rounds > this.wanted) {
      this.rounds = 0;
      return reply;
    }
    return { ...reply, good: false, unsigned: [`${this.rounds}`] };
  }
}

test('what is said on the line follows with push, in one write', async () => {
  const bench = new Bench();
  bench.wanted = 2;
  await bench.domain.open();
  const given = await bench.domain.call('greet', { live: 1 });
  assert.ok(given.ok);
  assert.deepEqual(given.value, { json: '{"round":2}', bytes: new Uint8Array([0, 1, 2]) });
  assert.deepEqual(bench.calls, [
    'greet at 2, 0 signed',
    'push at 2, 1 signed',
    'push at 2, 2 signed',
  ]);
  assert.deepEqual(bench.written, [3]);
});

test('any other call is made again at the same time, with all signatures', async () => {
  const bench = new Bench();
  bench.wanted = 2;
  await bench.domain.open();
  assert.ok((await bench.domain.call('bundle', {})).ok);
  assert.deepEqual(bench.calls, [
    'bundle at 2, 0 signed',
    'bundle at 2, 1 signed',
    'bundle at 2, 2 signed',
  ]);
});

test('where nobody signs, what was done is stored and the fault is told', async () => {
  const bench = new Bench();
  bench.wanted = 1;
  bench.signs = async () => bad('keys_lost');
  await bench.domain.open();
  assert.deepEqual(await bench.domain.call('frames', {}), bad('keys_lost'));
  assert.deepEqual(bench.written, [1], 'the module knows no more than the disk');
});

test('a call that is never through ends with a fault', async () => {
  const bench = new Bench();
  bench.wanted = 100;
  await bench.domain.open();
  const given = await bench.domain.call('bundle', {});
  assert.ok(!given.ok && given.fault.code === 'needs_signature');
  assert.equal(bench.calls.length, 8);
});

test('parts are put together in their order', () => {
  assert.deepEqual(
    joined([message, new Uint8Array(0), message]),
    new Uint8Array([1, 2, 3, 1, 2, 3]),
  );
  assert.deepEqual(bytesOfHex(hexOf(message)), message);
});
