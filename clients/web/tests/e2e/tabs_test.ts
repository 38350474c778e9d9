import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { note, notes, ready, until } from '../support/browser';
import { scene, type Scene } from '../support/scene';
import { processOf, stopProcess } from '../support/process_of';

async function tabs({ server, browser }: Scene, count: number): Promise<Page[]> {
  const opened: Page[] = [];
  for (let i = 0; i < count; i += 1) opened.push(await browser.tab(server.origin));
  for (const page of opened) await ready(page);
  return opened;
}

async function roles(opened: Page[]): Promise<string[]> {
  return Promise.all(opened.map(async (page) => (await until(page, 'a role', () => true)).role));
}

scene('of six tabs one leads, and all write once each', async (given) => {
  const opened = await tabs(given, 6);
  assert.equal((await roles(opened)).filter((role) => role === 'leader').length, 1);
  const written = opened.flatMap((page, tab) =>
    [0, 1, 2, 3, 4].map((i) => note(page, `${tab}-${i}`)),
  );
  assert.ok((await Promise.all(written)).every((outcome) => outcome.ok));
  const seen = await notes(opened[5] as Page);
  assert.equal(seen.length, 30);
  assert.equal(new Set(seen).size, 30);
});

scene('when the tab that leads is closed, another goes on', async (given) => {
  const [first, second] = (await tabs(given, 2)) as [Page, Page];
  assert.equal((await note(first, 'một')).ok, true);
  const during = note(second, 'hai');
  await first.close();
  assert.equal((await during).ok, true);
  await until(second, 'leads', ({ role }) => role === 'leader');
  assert.deepEqual(await notes(second), ['một', 'hai']);
});

scene('when the tab that leads crashes, another goes on', async (given) => {
  const [first, second] = (await tabs(given, 2)) as [Page, Page];
  assert.equal((await note(second, 'một')).ok, true);
  const devtools = await given.browser.running().newCDPSession(first);
  const during = note(second, 'hai');
  void devtools.send('Page.crash').catch(() => undefined);
  assert.equal((await during).ok, true);
  await until(second, 'leads', ({ role }) => role === 'leader');
  assert.deepEqual(await notes(second), ['một', 'hai']);
});

// Browsers freeze tabs in the background; their workers go on, but their pages answer nothing.
scene(
  'with a frozen page the leader goes on, and a frozen page can begin to lead',
  async (given) => {
    const [first, second, third] = (await tabs(given, 3)) as [Page, Page, Page];
    for (const page of [first, second]) {
      const devtools = await given.browser.running().newCDPSession(page);
      await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
    }
    assert.equal((await note(third, 'một')).ok, true);
    await first.close();
    assert.equal((await note(third, 'hai')).ok, true);
    assert.deepEqual(await notes(third), ['một', 'hai']);
  },
);

// Android stops the processes of tabs in the background: the lock stays with one that answers nobody.
scene(
  'a leader whose process is stopped is robbed, and never writes again',
  async (given) => {
    const [first, second] = (await tabs(given, 2)) as [Page, Page];
    assert.equal((await note(second, 'một')).ok, true);
    const pid = await processOf(given.browser, first);
    await second.bringToFront();
    // An act of its own is judged and not written when it stops; it goes on when it wakes.
    const stopped = new Promise<void>((resolve) => {
      given.server.onStep = async (name) => {
        if (name !== 'judged') return;
        given.server.onStep = async () => undefined;
        await stopProcess(pid);
        resolve();
      };
    });
    const during = note(first, 'của thẻ một');
    try {
      await stopped;
      assert.equal((await note(second, 'của thẻ hai')).ok, true);
      await until(second, 'leads', ({ role }) => role === 'leader');
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    assert.equal((await during).ok, true);
    await until(first, 'follows', ({ role }) => role === 'follower');
    assert.deepEqual(await notes(second), ['một', 'của thẻ hai', 'của thẻ một']);
    await second.reload();
    await ready(second);
    assert.deepEqual(await notes(second), ['một', 'của thẻ hai', 'của thẻ một']);
  },
  200_000,
);
