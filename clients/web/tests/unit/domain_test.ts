import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeRows, RowOp, type Bytes, type RowChange } from '../../core/bytes';
import { DomainCalls, type DomainPorts } from '../../core/domain';
import { bad, good, type Outcome } from '../../core/fault';
import type { Reply } from '../../core/module';
import type { KeptAnswer } from '../../core/store';

const none: Bytes = new Uint8Array(0);
const row: RowChange = { op: RowOp.put, key: new Uint8Array([1]), value: new Uint8Array([2]) };
const writes = (json: string): Reply => ({
  good: true,
  json,
  bytes: new Uint8Array([7]),
  rows: encodeRows([row]),
});
const says = (json: string, isGood = true): Reply => ({
  good: isGood,
  json,
  bytes: none,
  rows: none,
});

/** A module whose acts count, and a store that can be told to fail. */
class Bench {
  readonly calls: string[] = [];
  loads = 0;
  counted = 0;
  stored = 0;
  writing: () => Promise<Outcome<void>> = async () => good(undefined);
  readonly answers = new Map<string, KeptAnswer>();
  readonly domain: DomainCalls;

  constructor() {
    const ports: DomainPorts = {
      store: {
        readAll: async () => good(undefined),
        answer: async (request) => good(this.answers.get(request)),
        write: async (_rows, answer) => {
          const written = await this.writing();
          if (!written.ok) return written;
          this.stored += 1;
          if (answer !== undefined) this.answers.set(...answer);
          return written;
        },
      },
      load: async () => {
        this.loads += 1;
        this.counted = this.stored;
        return good({ call: (name) => this.call(name) });
      },
      sign: async () => good([]),
      now: () => 5,
      changed: () => undefined,
      begunAnew: async () => {
        this.calls.push('begun anew');
      },
    };
    this.domain = new DomainCalls(ports);
  }

  private call(name: string): Reply {
    this.calls.push(name);
    if (name === 'trap') throw new WebAssembly.RuntimeError('unreachable');
    if (name === 'refuse')
      return says('{"error":{"code":"needed","text":"…","field":"name"}}', false);
    if (name !== 'act') return says('{}');
    this.counted += 1;
    return writes(`{"count":${this.counted}}`);
  }
}

test('nothing is answered before it is written', async () => {
  const bench = new Bench();
  await bench.domain.open();
  let let_go = () => undefined as void;
  bench.writing = () =>
    new Promise((resolve) => {
      let_go = () => resolve(good(undefined));
    });
  let answered = false;
  const act = bench.domain.call('act', {}).then(() => {
    answered = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(answered, false);
  let_go();
  await act;
  assert.equal(answered, true);
});

test('calls run one after another, in their order', async () => {
  const bench = new Bench();
  await bench.domain.open();
  const all = await Promise.all([1, 2, 3].map(() => bench.domain.call('act', {})));
  assert.deepEqual(
    all.map((each) => each.ok && each.value.json),
    ['{"count":1}', '{"count":2}', '{"count":3}'],
  );
});

// The module knows an act that the disk does not: whatever it says from then on would be a lie.
test('when writing fails the module is begun anew from what is stored', async () => {
  const bench = new Bench();
  await bench.domain.open();
  bench.writing = async () => bad('storage_full');
  const refused = await bench.domain.call('act', {});
  assert.deepEqual(refused, { ok: false, fault: { code: 'storage_full' } });
  bench.writing = async () => good(undefined);
  const next = await bench.domain.call('act', {});
  assert.equal(next.ok && next.value.json, '{"count":1}');
  assert.equal(bench.loads, 2);
  assert.deepEqual(bench.calls, ['open', 'act', 'open', 'begun anew', 'act']);
});

test('a module that stops in the middle is begun anew', async () => {
  const bench = new Bench();
  await bench.domain.open();
  const stopped = await bench.domain.call('trap', {});
  assert.equal(!stopped.ok && stopped.fault.code, 'module_failed');
  assert.equal((await bench.domain.call('act', {})).ok, true);
  assert.equal(bench.loads, 2);
});

// The answer was lost on its way to another tab, which asks again.
test('a request that is repeated is done once and answered alike', async () => {
  const bench = new Bench();
  await bench.domain.open();
  const first = await bench.domain.call('act', {}, 'request 1');
  const again = await bench.domain.call('act', {}, 'request 1');
  const other = await bench.domain.call('act', {}, 'request 2');
  assert.deepEqual(
    [first, again].map((each) => each.ok && each.value.json),
    ['{"count":1}', '{"count":1}'],
  );
  assert.equal(other.ok && other.value.json, '{"count":2}');
});

test('what the module refuses is told in its own words', async () => {
  const bench = new Bench();
  await bench.domain.open();
  const refused = await bench.domain.call('refuse', {});
  assert.deepEqual(refused, { ok: false, fault: { code: 'needed', text: '…', field: 'name' } });
});
