// What a first visit asks for, and in which order: on a line of 64 kbit/s each request that waits for
// another one costs the officer a second.

import assert from 'node:assert/strict';
import { day } from '../screens/day';

const kindOf = (path: string): string =>
  /^\/(\w+)-\w+\.(\w+)$/.exec(path)?.slice(1).join('.') ?? path;

day('a first visit asks for nothing twice, and for no script behind the first', async (given) => {
  const { server, officer } = given;
  const { page } = officer;
  await page.goto(`${server.origin}/`);
  await page.getByLabel('Mã mời', { exact: true }).waitFor();
  const kinds = server.requests.map(({ path }) => kindOf(path));
  const upTo = (kind: string): string[] =>
    [...kinds, kind].slice(0, [...kinds, kind].indexOf(kind));
  // Behind it the service worker fetches what a start without a line needs.
  const scripts = upTo('/service_worker.js').filter((kind) => kind === 'screen.js');
  assert.equal(scripts.length, 1, kinds.join(' '));
  // The page asks for the dictionary, so that the line is not idle until the worker can ask.
  assert.ok(upTo('officer.wasm').includes('dictionary.bin'), kinds.join(' '));
  assert.ok(upTo('dictionary.bin').includes('worker.js'), kinds.join(' '));

  // The service worker has what came, and the next start needs no line for it.
  await page.evaluate(() => navigator.serviceWorker.ready);
  const all = server.requests.map(({ path }) => kindOf(path));
  for (const kind of ['worker.js', 'dictionary.bin', 'officer.wasm']) {
    assert.equal(all.filter((each) => each === kind).length, 1, `${kind} of ${all.join(' ')}`);
  }
  assert.ok(!all.some((kind) => kind.startsWith('part')), all.join(' '));
});

day('a dictionary that the page could not bring is fetched by the worker', async (given) => {
  const { server, officer } = given;
  server.cutOnce('dictionary-', 100);
  await officer.page.goto(`${server.origin}/`);
  await officer.page.getByLabel('Mã mời', { exact: true }).waitFor();
  const asked = server.requests.filter(({ path }) => path.startsWith('/dictionary-'));
  assert.equal(asked.length, 2);
});

day('a screen that a broken line took away comes by itself', async (given) => {
  const { server, officer, commune } = given;
  // Without a service worker, which would ask for the same script.
  let isOver = (): void => undefined;
  const over = new Promise<void>((resolve) => (isOver = resolve));
  server.beforeAsset = (name) => (name === 'service_worker.js' ? over : Promise.resolve());
  try {
    await officer.page.goto(`${server.origin}/`);
    await officer.page.getByLabel('Mã mời', { exact: true }).waitFor();
    server.cutOnce('screen-', 20);
    await officer.enrols(await commune.invite('proxy_entrant', 'branch_head'));
    const scripts = server.requests.map(({ path }) => path).filter((path) => /screen-/.test(path));
    assert.ok(scripts.length > new Set(scripts).size, `none was cut of ${scripts.join(' ')}`);
  } finally {
    isOver();
  }
});
