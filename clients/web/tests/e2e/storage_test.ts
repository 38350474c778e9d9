import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { ask, note, notes, pause, ready, shown, until } from '../support/browser';
import { scene, type Scene } from '../support/scene';

async function begin({ server, browser }: Scene): Promise<Page> {
  const page = await browser.tab(server.origin);
  await ready(page);
  assert.equal((await note(page, 'một')).ok, true);
  return page;
}

async function lost(page: Page): Promise<unknown> {
  await page.reload();
  const { installation } = await ready(page);
  return { places: installation?.lost, incarnation: installation?.incarnation };
}

// A phone with 64 MB left: the person is told before the write that is refused, and what was
// refused is nowhere.
scene('a full store is told before it refuses, and refuses whole', async (given) => {
  const page = await given.browser.tab('about:blank');
  const devtools = await given.browser.running().newCDPSession(page);
  const { origin } = given.server;
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 12_000_000 });
  await page.goto(origin);
  assert.equal((await ready(page)).storage?.low ?? false, false);
  let written = 0;
  let low = -1;
  for (let i = 0; i < 60; i += 1) {
    const outcome = await note(page, `dày ${i}`, { pad: 400_000 });
    if (!outcome.ok) {
      assert.equal(outcome.fault.code, 'storage_full');
      break;
    }
    written += 1;
    await pause(300);
    if (low < 0 && (await shown(page))?.storage?.low === true) low = written;
  }
  assert.ok(written > 10 && written < 60, `${written} were written`);
  assert.ok(low > 0 && low < written, `told at ${low}, refused behind ${written}`);
  await until(page, 'told', ({ fault }) => fault?.code === 'storage_full');
  assert.equal((await notes(page)).length, written);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 500_000_000 });
  // The browser believes what it measured for half a minute.
  let after = await note(page, 'sau');
  for (let i = 0; i < 50 && !after.ok; i += 1) {
    await pause(1_000);
    after = await note(page, 'sau');
  }
  assert.equal(after.ok, true);
  await until(page, 'no fault any more', ({ fault }) => fault === null);
  await page.reload();
  await ready(page);
  const seen = await notes(page);
  assert.equal(seen.length, written + 1);
  assert.equal(seen.at(-1), 'sau');
});

scene('a browser that clears a part of its storage is told of it', async (given) => {
  const page = await begin(given);
  assert.deepEqual(await lost(page), { places: [], incarnation: 0 });

  await page.evaluate(() => localStorage.clear());
  assert.deepEqual(await lost(page), { places: ['page'], incarnation: 1 });
  assert.deepEqual(await notes(page), ['một']);

  await page.evaluate(async () => {
    for (const name of await caches.keys()) await caches.delete(name);
  });
  assert.deepEqual(await lost(page), { places: ['cache'], incarnation: 2 });
  assert.deepEqual(await notes(page), ['một']);
  assert.deepEqual(await lost(page), { places: [], incarnation: 2 });

  // The page is closed meanwhile.
  const devtools = await given.browser.running().newCDPSession(page);
  await page.goto('about:blank');
  await devtools.send('Storage.clearDataForOrigin', {
    origin: given.server.origin,
    storageTypes: 'indexeddb',
  });
  await page.goto(given.server.origin);
  const { installation } = await ready(page);
  assert.deepEqual(installation?.lost, ['database']);
  assert.deepEqual(await notes(page), []);
  assert.deepEqual(await lost(page), { places: [], incarnation: 1 });
});

scene('storage that is cleared under an open page is told', async (given) => {
  const page = await begin(given);
  const devtools = await given.browser.running().newCDPSession(page);
  await devtools.send('Storage.clearDataForOrigin', {
    origin: given.server.origin,
    storageTypes: 'indexeddb',
  });
  await until(page, 'told', ({ fault }) => fault?.code === 'storage_gone');
  const refused = await note(page, 'hai');
  assert.equal(!refused.ok && refused.fault.code, 'storage_gone');
});

scene('a module that stops in the middle is begun anew from what is stored', async (given) => {
  const page = await begin(given);
  const trapped = await ask(page, 'act', 'trap', { text: 'hai' });
  assert.equal(!trapped.ok && trapped.fault.code, 'module_failed');
  assert.deepEqual(await notes(page), ['một']);
  assert.equal((await note(page, 'ba')).ok, true);
  const refused = await note(page, '');
  assert.deepEqual(!refused.ok && refused.fault, {
    code: 'needed',
    text: 'Chưa ghi được.',
    field: 'text',
    rule: 'V01',
  });
});

// Another tab has loaded a newer page, which changes the stores: this one lets go and says so.
scene('an older page lets go of a store that a newer one wants to change', async (given) => {
  const page = await begin(given);
  const version = await page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('khuyenhoc', 99);
        opening.onsuccess = () => {
          const { version } = opening.result;
          opening.result.close();
          resolve(version);
        };
        opening.onerror = () => reject(new Error('not opened'));
      }),
  );
  assert.equal(version, 99);
  await until(page, 'told', ({ fault }) => fault?.code === 'storage_newer');
  const refused = await note(page, 'hai');
  assert.equal(refused.ok, false);
  await page.reload();
  await until(page, 'told again', ({ fault }) => fault?.code === 'storage_newer');
});
