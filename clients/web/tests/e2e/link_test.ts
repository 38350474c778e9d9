import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { ask, note, ready, until } from '../support/browser';
import { scene, type Scene } from '../support/scene';

async function enrolled({ server, browser }: Scene): Promise<Page> {
  const page = await browser.tab(server.origin);
  await ready(page);
  assert.equal((await ask(page, 'enrol', 'right', 'máy một')).ok, true);
  return page;
}

scene('an act goes to the server at once while the line is open', async (given) => {
  const page = await enrolled(given);
  const { link } = await until(page, 'open', (state) => state.link.phase === 'open');
  assert.ok(link.bytesOut > 0);
  assert.equal((await note(page, 'một')).ok, true);
  const synced = await ask(page, 'syncNow');
  assert.equal(synced.ok && (synced.value.sync as { sent: number }).sent, 1);
  assert.equal(given.server.received, 1);
});

// Some networks let HTTP through and no WebSocket.
scene('where the upgrade is cut, frames go by HTTP', async (given) => {
  given.server.socketAnswer = 'refuse';
  const page = await enrolled(given);
  await until(page, 'posting', ({ link }) => link.phase === 'posting');
  assert.equal((await note(page, 'một')).ok, true);
  assert.equal((await ask(page, 'syncNow')).ok, true);
  assert.equal(given.server.received, 1);
});

scene('a network that wants a login is told, and nothing is believed', async (given) => {
  const page = await enrolled(given);
  await until(page, 'open', ({ link }) => link.phase === 'open');
  given.server.socketAnswer = 'refuse';
  given.server.postAnswer = 'login';
  await given.server.stop();
  await given.server.start();
  await until(page, 'told', ({ link }) => link.phase === 'portal', 30_000);
});

scene('the line comes back by itself, and at once when somebody asks', async (given) => {
  const page = await enrolled(given);
  await until(page, 'open', ({ link }) => link.phase === 'open');
  await given.server.stop();
  await until(page, 'waiting', ({ link }) => link.phase === 'waiting');
  const refused = await ask(page, 'syncNow');
  assert.equal(!refused.ok && refused.fault.code, 'no_line');
  assert.equal((await note(page, 'một')).ok, true);
  await given.server.start();
  assert.equal((await ask(page, 'syncNow')).ok, true);
  assert.equal(given.server.received, 1);
});
