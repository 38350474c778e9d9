// Which module a device loads follows what its module says of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { good, type Outcome } from '../../core/fault';
import { ModuleChoice } from '../../core/module_choice';

/** A choice at the start of a browser that keeps `kept`; what it keeps, and how often it begins anew. */
async function begun(kept?: 'reader' | 'officer') {
  (globalThis as { self?: unknown }).self ??= { name: '' };
  const seen = { kept: kept as unknown, anew: 0 };
  const store = {
    read: async <T>(): Promise<Outcome<T | undefined>> => good(seen.kept as T | undefined),
    put: async (_store: string, _key: string, value: unknown): Promise<Outcome<void>> => {
      seen.kept = value;
      return good(undefined);
    },
  };
  const choice = new ModuleChoice(store as never, () => ++seen.anew);
  assert.ok((await choice.begin()).ok);
  return { choice, seen };
}

test('who only reads loads the smaller module at the next start', async () => {
  const { choice, seen } = await begun();
  assert.equal(choice.kind, 'officer');
  choice.heed({ enrolled: true });
  assert.equal(seen.kept, undefined);
  choice.heed({ enrolled: true, reads_only: true });
  assert.equal(seen.kept, 'reader');
  assert.equal(seen.anew, 0);
});

// Own events of former times would never be sent, and a restored server never get back what it lost.
test('what only the whole module can do brings it at once', async () => {
  const { choice, seen } = await begun('reader');
  assert.equal(choice.kind, 'reader');
  choice.heed({ reads_only: true });
  assert.equal(seen.anew, 0);
  choice.heed({ reads_only: true, whole_module: true });
  assert.deepEqual(seen, { kept: 'officer', anew: 1 });
  assert.equal(choice.kind, 'officer');

  // And the smaller one is enough again once that is done.
  choice.heed({ reads_only: true });
  assert.deepEqual(seen, { kept: 'reader', anew: 1 });
});
