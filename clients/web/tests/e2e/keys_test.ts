import assert from 'node:assert/strict';
import { ask, until } from '../support/browser';
import { scene } from '../support/scene';

const keySum = ({ device }: { device: unknown }): number =>
  (device as { key_sum?: number } | null)?.key_sum ?? 0;

// A phone is lost. Whoever finds it has to guess, slowly, and reloading does not help.
scene('a PIN locks the device, and guesses are counted before they are tried', async (given) => {
  const page = await given.browser.tab(given.server.origin);
  const key = keySum(await until(page, 'unlocked', ({ device }) => keySum({ device }) !== 0));
  assert.notEqual(key, 0);
  const short = await ask(page, 'setPin', '12345');
  assert.equal(!short.ok && short.fault.code, 'pin_short');
  assert.equal((await ask(page, 'setPin', 'mật khẩu')).ok, true);
  await until(page, 'open', ({ lock }) => lock?.kind === 'pin' && !lock.locked);

  await page.reload();
  const locked = await until(page, 'locked', ({ lock }) => lock !== null);
  assert.equal(locked.lock?.locked, true);
  assert.equal((locked.device as { unlocked: number }).unlocked, 0);
  const unlocked = await ask(page, 'unlock', 'mật khẩu');
  assert.deepEqual(unlocked.ok && (unlocked.value as { unlocked: number }).unlocked, 1);
  assert.deepEqual(unlocked.ok && (unlocked.value as { key_sum: number }).key_sum, key);
  await until(page, 'open', ({ lock }) => lock?.locked === false);

  const closed = await ask(page, 'lock');
  assert.deepEqual(closed.ok && (closed.value as { unlocked: number }).unlocked, 0);
  for (let guess = 0; guess < 3; guess += 1) {
    const wrong = await ask(page, 'unlock', `sai ${guess}`);
    assert.equal(!wrong.ok && wrong.fault.code, 'pin_wrong');
  }
  // A reload forgets nothing.
  await page.reload();
  await until(page, 'counted', ({ lock }) => lock?.failures === 3 && lock.retryAt > Date.now());
  const early = await ask(page, 'unlock', 'mật khẩu');
  assert.equal(!early.ok && early.fault.code, 'pin_wait');
  await until(page, 'the wait is over', ({ lock }) => (lock?.retryAt ?? 0) <= Date.now());
  assert.equal((await ask(page, 'unlock', 'mật khẩu')).ok, true);
  await until(page, 'no failures', ({ lock }) => lock?.failures === 0 && !lock.locked);

  assert.equal((await ask(page, 'removePin', 'mật khẩu')).ok, true);
  await page.reload();
  const last = await until(page, 'unlocked', ({ device }) => keySum({ device }) !== 0);
  const { lock } = last;
  assert.equal(keySum(last), key, 'the same key all along');
  assert.deepEqual({ kind: lock?.kind, locked: lock?.locked }, { kind: 'none', locked: false });
});
