import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { note, notes, pause, ready } from '../support/browser';
import { scene, site, type Scene } from '../support/scene';

const build = (page: Page): Promise<string> =>
  page.evaluate(
    () => document.querySelector<HTMLScriptElement>('script[type=module]')?.src ?? 'none',
  );
const look = (page: Page): Promise<unknown> =>
  page.evaluate(async () => (await navigator.serviceWorker.ready).update().catch(() => undefined));
const waits = (page: Page): Promise<boolean> =>
  page.evaluate(async () => (await navigator.serviceWorker.ready).waiting !== null);

interface FormWindow {
  holdUpdates(): () => void;
  close_form(): void;
}
const openForm = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const here = window as unknown as FormWindow;
    here.close_form = here.holdUpdates();
  });
const closeForm = (page: Page): Promise<void> =>
  page.evaluate(() => (window as unknown as FormWindow).close_form());

/** Waits for a change that loads the page anew at any moment. */
async function soon(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; await pause(100)) {
    if (await holds().catch(() => false)) return;
  }
  throw new Error(`not in time: ${what}`);
}

async function withOldPage({ server, browser }: Scene): Promise<[Page, string]> {
  const page = await browser.tab(server.origin);
  await ready(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload(); // Now the service worker stands between.
  await ready(page);
  return [page, await build(page)];
}

// An officer types for ten minutes; the page must not be exchanged meanwhile.
scene('a newer page waits for open forms of every tab, then takes over', async (given) => {
  const [first, old] = await withOldPage(given);
  const second = await given.browser.tab(given.server.origin);
  await ready(second);
  await openForm(second);
  assert.equal((await note(first, 'một')).ok, true);
  given.server.serve(site('b'));
  await look(first);
  await soon('the newer page waits', () => waits(first));
  await pause(2_500);
  assert.equal(await build(first), old);
  assert.equal(await build(second), old);
  await closeForm(second);
  for (const page of [first, second]) {
    await soon('the newer page', async () => (await build(page)) !== old);
    await ready(page);
    assert.deepEqual(await notes(page), ['một']);
  }
});

scene('a newer page that was not let in takes over at the next start', async (given) => {
  const [page, old] = await withOldPage(given);
  await openForm(page);
  given.server.serve(site('b'));
  await look(page);
  await soon('the newer page waits', () => waits(page));
  await given.server.stop();
  assert.equal((await note(page, 'một')).ok, true);
  await given.browser.kill();
  await given.browser.start();
  const next = await given.browser.tab(given.server.origin);
  await ready(next);
  assert.notEqual(await build(next), old);
  assert.deepEqual(await notes(next), ['một']);
});

// The newer page is cut off while it is fetched: the old one stays whole.
scene('half a newer page is never shown', async (given) => {
  const [page, old] = await withOldPage(given);
  given.server.serve(site('b'));
  given.server.cutOnce('app-', 100);
  await look(page);
  await given.server.stop();
  await page.reload();
  await ready(page);
  assert.equal(await build(page), old);
  await given.server.start();
  await look(page);
  await soon('the newer page', async () => (await build(page)) !== old);
  await ready(page);
});

// At 64 kbit/s the module of a newer page takes a minute, and the line breaks meanwhile.
scene('an update that was cut goes on with the parts that are missing', async (given) => {
  const [page, old] = await withOldPage(given);
  given.server.serve(site('b'));
  given.server.requests.length = 0;
  given.server.cutOnce('part4-', 100);
  await look(page);
  await soon('the newer page', async () => (await build(page)) !== old);
  await ready(page);
  const asked = given.server.requests.map(({ path }) => path);
  const parts = asked.flatMap((path) => /^\/part(\d)-/.exec(path)?.[1] ?? []);
  assert.deepEqual([...new Set(parts)], ['0', '1', '2', '3', '4', '5', '6', '7']);
  assert.equal(parts.filter((part) => part !== '4').length, 7);
  assert.deepEqual(
    asked.filter((path) => path.startsWith('/officer-')),
    [],
  );
});
