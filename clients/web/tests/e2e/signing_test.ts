// The signing key of a device: held by the browser where it can, otherwise by the module, with the
// real module and the real server.

import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { ask, pause, ready, shown, until } from '../support/browser';
import {
  enrol,
  eventsOfOne,
  official as allOfficial,
  register as given,
  saved,
  village,
  type Data,
} from '../support/village';

const heldKey = async (page: Page): Promise<string | undefined> =>
  ((await shown(page))?.device as Data | null)?.['browser_key'];

async function register(page: Page, actor: string, name: string): Promise<void> {
  const done = await given(page, actor, name);
  assert.ok(saved(done), JSON.stringify(done));
}

const official = (page: Page, people: number): Promise<void> =>
  allOfficial(page, people * eventsOfOne);

/** What lies in the object store `keys`, and whether any secret of it can be had. */
function storedKeys(page: Page): Promise<{ name: string; kind: string; had: boolean }[]> {
  return page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('khuyenhoc');
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    const store = db.transaction('keys').objectStore('keys');
    const get = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve) => (request.onsuccess = () => resolve(request.result)));
    const [names, values] = await Promise.all([get(store.getAllKeys()), get(store.getAll())]);
    db.close();
    const found = [];
    for (const [at, value] of values.entries()) {
      if (!(value instanceof CryptoKey)) continue;
      let had = value.extractable;
      for (const format of ['raw', 'pkcs8', 'jwk'] as const) {
        had ||= await crypto.subtle.exportKey(format, value).then(
          () => true,
          () => false,
        );
      }
      found.push({ name: String(names[at]), kind: value.algorithm.name, had });
    }
    return found;
  });
}

village('the browser holds the key, and nobody gets it', async (given) => {
  const { browser, commune, server } = given;
  const actor = commune.officers.get('proxy_entrant') ?? '';
  const page = await enrol(given);
  const held = await heldKey(page);
  assert.match(held ?? '', /^[0-9a-f]{64}$/);
  const keys = (await storedKeys(page)).filter(({ kind }) => kind === 'Ed25519');
  assert.deepEqual(keys, [{ name: `sign ${held}`, kind: 'Ed25519', had: false }]);

  await register(page, actor, 'Lò Thị Một');
  await official(page, 1);
  await page.reload();
  await ready(page);
  await commune.stop();
  await register(page, actor, 'Lò Thị Hai');
  const size = await page.evaluate(async () => {
    const { workspace } = window as unknown as { workspace: { bundle(): Promise<Data> } };
    const made = await workspace.bundle();
    return made['ok'] ? (made['value'] as Uint8Array).length : JSON.stringify(made);
  });
  assert.ok(Number(size) > 100, `a sealed file of ${size} bytes`);
  await browser.kill();
  await browser.start();
  const again = await browser.tab(server.origin);
  await ready(again);
  await commune.start();
  await ask(again, 'syncNow');
  await official(again, 2);
  assert.equal(await heldKey(again), held);
});

village('a browser without such keys has the module hold one, sealed', async (given) => {
  // The worker of the page has a crypto of its own.
  await given.browser.running().route('**/worker-*.js', async (route) => {
    const response = await route.fetch();
    const without = `crypto.subtle.generateKey = ((draw) => (how, ...rest) => how === 'Ed25519'
      ? Promise.reject(new DOMException('no such keys', 'NotSupportedError'))
      : draw.call(crypto.subtle, how, ...rest))(crypto.subtle.generateKey);\n`;
    await route.fulfill({ response, body: without + (await response.text()) });
  });
  const page = await enrol(given);
  assert.equal(await heldKey(page), undefined);
  assert.deepEqual(
    (await storedKeys(page)).filter(({ kind }) => kind === 'Ed25519'),
    [],
  );
  const actor = given.commune.officers.get('proxy_entrant') ?? '';
  await register(page, actor, 'Lò Thị Một');
  await official(page, 1);

  // The browser is updated: a device goes on with the key that it has.
  await given.browser.running().unroute('**/worker-*.js');
  await page.reload();
  await ready(page);
  await register(page, actor, 'Lò Thị Hai');
  await ask(page, 'syncNow');
  await official(page, 2);
  assert.equal(await heldKey(page), undefined);
});

village('a device whose key was cleared says so and sends nothing', async (given) => {
  const page = await enrol(given);
  const held = await heldKey(page);
  await page.evaluate(async (name) => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('khuyenhoc');
      opening.onsuccess = () => resolve(opening.result);
    });
    const erasing = db.transaction('keys', 'readwrite').objectStore('keys').delete(name);
    await new Promise((resolve) => (erasing.onsuccess = resolve));
    db.close();
  }, `sign ${held}`);
  await page.reload();
  const state = await until(page, 'told', ({ fault }) => fault !== null, 30_000);
  assert.equal(state.fault?.code, 'keys_lost');
  assert.equal(state.link.phase, 'off');
});

village('a locked device signs nothing, an unlocked one goes on', async (given) => {
  const page = await enrol(given);
  const actor = given.commune.officers.get('proxy_entrant') ?? '';
  assert.equal((await ask(page, 'setPin', 'mật khẩu')).ok, true);
  await page.reload();
  await until(page, 'locked', ({ lock }) => lock?.locked === true);
  await pause(1_000);
  assert.equal((await shown(page))?.link.phase, 'off');
  assert.equal((await ask(page, 'unlock', 'mật khẩu')).ok, true);
  await register(page, actor, 'Lò Thị Một');
  await ask(page, 'syncNow');
  await official(page, 1);
});
