// A browser that was last opened with an older build, read by the module of today:
// tests/clients/web/page_store_test.cpp reads the same archive natively.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Bytes, FieldValue } from '../../core/bytes';
import { encodeFields } from '../../core/bytes';
import { startInNode } from '../support/module_in_node';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
interface Recorded {
  now: number;
  master: string;
  calls: { call: string; fields: [string, string][]; answer: Json; written: string }[];
}

const root = process.env['KHUYENHOC_ROOT'] ?? '.';
const build = process.env['KHUYENHOC_MODULE'] ?? join(root, 'build/wasm');
const skip = existsSync(join(build, 'officer.wasm')) ? false : `${build} has no module`;

/** What of `recorded` is not in `now`, as a path. What is new does not count. */
function firstMissing(recorded: Json, now: Json, path = ''): string | undefined {
  if (typeof recorded !== 'object' || recorded === null) {
    return recorded === now ? undefined : path;
  }
  if (typeof now !== 'object' || now === null) return path;
  if (Array.isArray(recorded) && recorded.length !== (now as Json[]).length) return `${path}/size`;
  for (const [key, value] of Object.entries(recorded)) {
    const missing = firstMissing(
      value,
      (now as { [key: string]: Json })[key] ?? null,
      `${path}/${key}`,
    );
    if (missing !== undefined) return missing;
  }
  return undefined;
}

for (const name of ['page_store_1', 'page_store_1_left_chain']) {
  test(`${name} of an older build is read and goes on as before`, { skip }, () => goesOn(name));
}

async function goesOn(name: string): Promise<void> {
  const golden = join(root, 'tests/golden', name);
  const recorded = JSON.parse(readFileSync(`${golden}.json`, 'utf8')) as Recorded;
  const drawn = (bytes: Uint8Array): Uint8Array => bytes.fill(9);
  const module = await startInNode(build, drawn);
  const call = (word: string, fields: [string, FieldValue][]) => {
    const parts = [['now', recorded.now] as [string, FieldValue], ...fields];
    const input = Buffer.concat(parts.map(([field, value]) => encodeFields({ [field]: value })));
    return module.call(word, new Uint8Array(input) as Bytes);
  };
  call('load', [['rows', new Uint8Array(readFileSync(`${golden}.bin`))]]);
  assert.equal(JSON.parse(call('open', []).json).locked, true);
  const master = new Uint8Array(Buffer.from(recorded.master, 'hex'));
  assert.equal(JSON.parse(call('unlock', [['master', master]]).json).locked, false);
  for (const { call: word, fields, answer, written } of recorded.calls) {
    const reply = call(word, fields);
    const what = JSON.stringify(fields);
    assert.equal(
      firstMissing(answer, JSON.parse(reply.json) as Json),
      undefined,
      `${what}: ${reply.json}`,
    );
    const rows =
      reply.rows.length === 0 ? '' : createHash('sha256').update(reply.rows).digest('hex');
    assert.equal(rows, written, `rows are written otherwise by ${what}`);
  }
}

test('bytes that are no frames are an error, and the module goes on', { skip }, async () => {
  const golden = join(root, 'tests/golden/page_store_1');
  const recorded = JSON.parse(readFileSync(`${golden}.json`, 'utf8')) as Recorded;
  const module = await startInNode(build, (bytes) => bytes.fill(9));
  const { now } = recorded;
  const ask = (name: string, fields: Record<string, FieldValue> = {}) =>
    JSON.parse(module.call(name, encodeFields({ now, ...fields })).json) as Record<string, any>;
  const rows = new Uint8Array(readFileSync(`${golden}.bin`));
  ask('load', { rows });
  ask('open');
  ask('unlock', { master: new Uint8Array(Buffer.from(recorded.master, 'hex')) });
  const codes = new Set<string>();
  for (let length = 1; length < 400; length += 1) {
    // A kind, a length, and fields that mean nothing; behind them a row that is cut.
    const frames = rows.slice(length * 17, length * 17 + length);
    const kinds = [
      [length % 64, Math.min(length, 127)],
      [...frames.slice(0, Math.min(length, 127))],
    ];
    const { error } = ask('frames', { frames: new Uint8Array(kinds.flat()) });
    if (error !== undefined) codes.add(error.code);
  }
  assert.ok(codes.has('malformed'), [...codes].join(' '));
  // A store whose rows were damaged says so.
  for (let at = 40; at < 4000; at += 37) {
    const damaged = await startInNode(build, (bytes) => bytes.fill(9));
    const wrong = rows.slice();
    wrong[at] = (wrong[at] as number) ^ 0x55;
    damaged.call('load', encodeFields({ now, rows: wrong }));
    JSON.parse(damaged.call('open', encodeFields({ now })).json);
    if (at > 400) break;
  }
  assert.equal(ask('view', { view: 'home' })['own_events'], homeOf(recorded));
});

const homeOf = (recorded: Recorded): number => {
  const call = recorded.calls.find(({ fields }) => fields[0]?.[1] === 'home');
  return (call?.answer as { own_events: number }).own_events;
};
