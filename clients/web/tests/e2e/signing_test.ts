// The signing key of a device: held by the browser where it can, otherwise by the module, with the
// real module and the real server.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Outcome } from '../../core/fault';
import type { Json } from '../../core/workspace';
import { Commune } from '../screens/commune';
import { ask, Browser, pause, ready, shown, until } from '../support/browser';
import { site } from '../support/scene';
import { SiteServer } from '../support/site_server';

type Data = { [name: string]: any };
const bin =
  process.env['KHUYENHOC_BIN'] ?? join(process.env['KHUYENHOC_ROOT'] ?? '.', 'build/release/bin');
const missing = [join(bin, 'khuyenhoc-server'), join(site('real'), 'assets.json')].find(
  (path) => !existsSync(path),
);

interface Village {
  commune: Commune;
  server: SiteServer;
  browser: Browser;
}

function village(name: string, play: (village: Village) => Promise<void>): void {
  const skip = missing === undefined ? false : `${missing} is not built`;
  test(name, { timeout: 240_000, skip }, async () => {
    const commune = new Commune();
    const server = new SiteServer(site('real'));
    const browser = await Browser.open();
    try {
      await commune.found();
      server.behind = () => commune.port;
      await server.start();
      await play({ commune, server, browser });
    } finally {
      await browser.close();
      await server.stop();
      await commune.end();
    }
  });
}

async function view(page: Page, name: string, fields: object = {}): Promise<Data> {
  const seen = (await ask(page, 'view', name, fields)) as Outcome<Json>;
  if (!seen.ok) throw new Error(`${name}: ${JSON.stringify(seen.fault)}`);
  return seen.value as Data;
}

async function enrol({ commune, browser, server }: Village): Promise<Page> {
  const page = await browser.tab(server.origin);
  await ready(page);
  const code = await commune.invite('proxy_entrant', 'branch_head');
  const enrolled = await ask(page, 'enrol', code, 'Máy của Cán');
  assert.equal(enrolled.ok, true, JSON.stringify(enrolled));
  await inStep(page);
  return page;
}

const inStep = (page: Page): Promise<unknown> =>
  until(page, 'in step', ({ link }) => (link.sync as Data | null)?.['synced'] === true, 60_000);

const heldKey = async (page: Page): Promise<string | undefined> =>
  ((await shown(page))?.device as Data | null)?.['browser_key'];

async function register(page: Page, actor: string, name: string): Promise<void> {
  const { units } = await view(page, 'units');
  const { cycles } = await view(page, 'home');
  const hamlet = units.find((each: Data) => each['kind'] === 'hamlet');
  const fields = {
    actor,
    name,
    birth: '1990',
    gender: 'female',
    unit: hamlet.id,
    cycle: cycles[0].id,
    group: 'farmer_rural',
    consent: 'assess',
    basis: 'consent',
    confirmation: 'subject_present',
    new: 1,
  };
  const done = await ask(page, 'act', 'register', fields, { request: name });
  assert.ok(done.ok && (done.value as Data)['stored'] === true, JSON.stringify(done));
}

async function official(page: Page, people: number): Promise<void> {
  for (const end = Date.now() + 60_000; ; await pause(200)) {
    const home = await view(page, 'home');
    if (home['official'] === 3 * people && home['own_events'] === 3 * people) return;
    assert.ok(Date.now() < end, JSON.stringify({ home, state: await shown(page) }));
  }
}

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
