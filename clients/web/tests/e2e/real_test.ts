// The real module in a real browser against the real server.

import assert from 'node:assert/strict';
import type { State } from '../../core/workspace';
import { ask, Browser, pause, ready, shown, until } from '../support/browser';
import {
  enrol,
  eventsOfOne,
  inStep,
  official,
  register,
  saved,
  view,
  village,
  type Data,
} from '../support/village';

const chainOf = (state: State | null): unknown => (state?.device as Data | null)?.['chain'];

village('what is registered offline and through a kill is official, once each', async (given) => {
  const { commune, server, browser } = given;
  const actor = commune.officers.get('proxy_entrant') ?? '';
  const page = await enrol(given);
  await page.evaluate(() => navigator.serviceWorker.ready);
  const first = await register(page, actor, 'Lò Thị Một');
  assert.ok(saved(first), JSON.stringify(first));
  await official(page, eventsOfOne);

  await commune.stop();
  assert.ok(saved(await register(page, actor, 'Lò Thị Hai')));
  const reached = new Promise<void>((resolve) => {
    server.onStep = async (name) => {
      if (name !== 'committing') return;
      resolve();
      await new Promise(() => undefined);
    };
  });
  const during = register(page, actor, 'Lò Thị Ba').catch(() => undefined);
  await reached;
  await browser.kill();
  await during;
  server.onStep = async () => undefined;
  await browser.start();
  const again = await browser.tab(server.origin);
  await ready(again);
  for (const name of ['Lò Thị Ba', 'Lò Thị Bốn', 'Lò Thị Năm']) {
    assert.ok(saved(await register(again, actor, name)), name);
  }
  await commune.start();
  const synced = await ask(again, 'syncNow');
  assert.ok(synced.ok || synced.fault.code === 'no_line');
  await official(again, 5 * eventsOfOne);
  const { sum } = await view(again, 'totals');
  assert.equal(sum.registered, 5);
});

village('a board moves within two seconds of a push elsewhere', async (given) => {
  const page = await enrol(given);
  await given.commune.enrolDevice();
  await inStep(page);
  await given.commune.registerElsewhere('Quàng Thị Xa');
  const begun = Date.now();
  for (;;) {
    const { sum } = await view(page, 'totals');
    if (sum.registered === 1) break;
    assert.ok(Date.now() - begun < 2_000, 'not within two seconds');
    await pause(50);
  }
});

village('where no socket gets through, everything goes by HTTP', async (given) => {
  given.server.socketAnswer = 'refuse';
  const page = await enrol(given);
  await until(page, 'posting', ({ link }) => link.phase === 'posting');
  const actor = given.commune.officers.get('proxy_entrant') ?? '';
  assert.ok(saved(await register(page, actor, 'Lò Thị Một')));
  await ask(page, 'syncNow');
  await official(page, eventsOfOne);
});

// An image of the phone is restored on another one: both go on with the same chain.
village('a copy of the device gets a chain of its own, and nothing is lost', async (given) => {
  const actor = given.commune.officers.get('proxy_entrant') ?? '';
  const page = await enrol(given);
  assert.ok(saved(await register(page, actor, 'Lò Thị Một')));
  await official(page, eventsOfOne);
  await given.browser.leave();
  const copied = await Browser.open(given.browser);
  try {
    await given.browser.start();
    const first = await given.browser.tab(given.server.origin);
    await ready(first);
    assert.ok(saved(await register(first, actor, 'Lò Thị Hai')));
    await official(first, 2 * eventsOfOne);
    await given.browser.leave();

    const copy = await copied.tab(given.server.origin);
    // Before the copy has met the server.
    given.server.socketAnswer = 'refuse';
    given.server.postAnswer = 'refuse';
    await ready(copy);
    const begun = chainOf(await shown(copy));
    assert.ok(saved(await register(copy, actor, 'Lò Thị Ba')));
    given.server.socketAnswer = 'open';
    given.server.postAnswer = 'open';
    await ask(copy, 'syncNow');
    for (const end = Date.now() + 60_000; ; await pause(200)) {
      const { sum } = await view(copy, 'totals');
      if (sum.registered === 3) break;
      assert.ok(Date.now() < end, JSON.stringify((await shown(copy))?.link));
    }
    assert.notEqual(chainOf(await shown(copy)), begun);
  } finally {
    await copied.close();
  }
});

village('a PIN closes the real device, and a sealed file holds what is unsent', async (given) => {
  const page = await enrol(given);
  const actor = given.commune.officers.get('proxy_entrant') ?? '';
  await given.commune.stop();
  assert.ok(saved(await register(page, actor, 'Lò Thị Một')));
  const size = await page.evaluate(async () => {
    const { workspace } = window as unknown as { workspace: { bundle(): Promise<Data> } };
    const made = await workspace.bundle();
    return made['ok'] ? (made['value'] as Uint8Array).length : -1;
  });
  assert.ok(size > 100, `${size} bytes`);
  assert.equal((await ask(page, 'setPin', 'mật khẩu')).ok, true);
  await page.reload();
  await until(page, 'locked', ({ lock }) => lock?.locked === true);
  const refused = await register(page, actor, 'Lò Thị Hai').catch((thrown: Error) => thrown);
  assert.ok(refused instanceof Error || !saved(refused));
  assert.equal((await ask(page, 'unlock', 'mật khẩu')).ok, true);
  assert.ok(saved(await register(page, actor, 'Lò Thị Hai')));
  await given.commune.start();
  await ask(page, 'syncNow');
  await official(page, 2 * eventsOfOne);
});
