import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLongEnough, noGuesses, waitAfter, waitLeft, withOneMore } from '../../core/guesses';

// The same waits as clients/device/keyring.cpp.
test('two guesses are free, the third costs 5 s, and it doubles up to 15 minutes', () => {
  const waits = [0, 1, 2, 3, 4, 5, 10, 11, 1_000].map(waitAfter);
  assert.deepEqual(waits, [0, 0, 0, 5_000, 10_000, 20_000, 640_000, 900_000, 900_000]);
});

test('a guess counts before it is tried', () => {
  let guesses = noGuesses;
  for (let guess = 0; guess < 3; guess += 1) guesses = withOneMore(guesses, 1_000);
  assert.deepEqual(guesses, { failures: 3, retryAt: 6_000 });
  assert.equal(waitLeft(guesses, 1_500), 4_500);
  assert.equal(waitLeft(guesses, 6_000), 0);
});

// A clock set back by years must not shut the owner out.
test('a wait that no clock could have made does not hold', () => {
  assert.equal(waitLeft({ failures: 9, retryAt: 10 ** 12 }, 0), 0);
});

test('a PIN has six characters as a person counts them', () => {
  assert.equal(isLongEnough('mậtmật'), true);
  assert.equal(isLongEnough('mậtmậ'.normalize('NFD')), false);
});
