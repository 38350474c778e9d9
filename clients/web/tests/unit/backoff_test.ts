import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '../../core/backoff';

test('waits lie between the shortest and three times the last, and never above the longest', () => {
  const highest = new Backoff(() => 0.999_999);
  const waits = [1, 2, 3, 4, 5, 6].map(() => highest.next());
  assert.deepEqual(waits, [3_000, 9_000, 27_000, 60_000, 60_000, 60_000]);
  const lowest = new Backoff(() => 0);
  assert.deepEqual([lowest.next(), lowest.next()], [1_000, 1_000]);
});

test('what the server asks for comes on top, and use makes it short again', () => {
  const backoff = new Backoff(() => 0.999_999);
  assert.equal(backoff.next(5_000), 8_000);
  assert.equal(backoff.next(), 9_000);
  backoff.reset();
  assert.equal(backoff.next(), 3_000);
});
