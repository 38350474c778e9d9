import assert from 'node:assert/strict';
import { ask, note, notes, pause, ready, until } from '../support/browser';
import { scene } from '../support/scene';

// A phone in a hamlet is switched on far from any line: the page must be there, and its work too.
scene('a new tab starts with the server dead, and has everything', async ({ server, browser }) => {
  const first = await browser.tab(server.origin);
  await ready(first);
  assert.equal((await ask(first, 'enrol', 'right', 'máy một')).ok, true);
  await first.evaluate(() => navigator.serviceWorker.ready);
  assert.equal((await note(first, 'một')).ok, true);
  await until(first, 'sent', ({ link }) => (link.sync as { sent?: number } | null)?.sent === 1);
  await server.stop();
  await first.close();

  const second = await browser.tab(server.origin);
  await ready(second);
  assert.equal((await note(second, 'hai')).ok, true);
  assert.deepEqual(await notes(second), ['một', 'hai']);
  await second.reload();
  await ready(second);
  assert.deepEqual(await notes(second), ['một', 'hai']);

  await server.start();
  const synced = await ask(second, 'syncNow');
  assert.equal(synced.ok || synced.fault.code === 'no_line', true);
  await until(
    second,
    'sent',
    ({ link }) => (link.sync as { sent?: number } | null)?.sent === 2,
    70_000,
  );
  assert.equal(server.received, 2);
});

// The module arrives in a minute at 64 kbit/s; a line that breaks meanwhile must not cost what came.
scene('an interrupted load of the module goes on where it stopped', async ({ server, browser }) => {
  server.cutOnce('officer-', 6_000);
  const page = await browser.tab(server.origin);
  await ready(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  const paths = server.requests.map(({ path }) => path);
  assert.equal(paths.filter((path) => path.startsWith('/officer-')).length, 1);
  const parts = paths.filter((path) => /^\/part\d-/.test(path));
  assert.ok(parts.length > 0 && parts.length < 8, `asked for ${parts.length} parts of 8`);
});

scene('a load that was left goes on at the next start', async ({ server, browser }) => {
  server.cutOnce('officer-', 6_000);
  const page = await browser.tab('about:blank');
  await page.goto(server.origin, { waitUntil: 'commit' });
  while (!server.requests.some(({ path }) => path.startsWith('/officer-'))) await pause(20);
  await pause(400);
  await browser.kill();
  await browser.start();
  server.requests.length = 0;
  await ready(await browser.tab(server.origin));
  const paths = server.requests.map(({ path }) => path);
  assert.equal(paths.filter((path) => path.startsWith('/officer-')).length, 0);
  const parts = paths.filter((path) => /^\/part\d-/.test(path));
  assert.ok(parts.length > 0 && parts.length < 8, `asked for ${parts.length} parts of 8`);
});

scene('enrolment tells what the server said', async ({ server, browser }) => {
  const page = await browser.tab(server.origin);
  await ready(page);
  const refused = await ask(page, 'enrol', 'wrong', 'máy một');
  assert.equal(!refused.ok && refused.fault.code, 'enrolment_refused');
  await server.stop();
  const cut = await ask(page, 'enrol', 'right', 'máy một');
  assert.equal(!cut.ok && cut.fault.code, 'no_line');
});
