import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { note, notes, ready, until } from '../support/browser';
import { Held } from '../support/held';
import { scene, type Scene } from '../support/scene';
import { processOf, stopProcess } from '../support/process_of';

/** The first of them leads. */
async function tabs({ server, browser }: Scene, count: number): Promise<Page[]> {
  const first = await browser.tab(server.origin);
  await until(first, 'leads', ({ role }) => role === 'leader');
  const opened = [first];
  while (opened.length < count) opened.push(await browser.tab(server.origin));
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

// Another tab asked for the act: the leader dies at the first step, the next one at the second, …
scene(
  'when the tab that leads crashes at any step of an act, another finishes it, once',
  async (given) => {
    const saved: string[] = [];
    let [leader, follower] = (await tabs(given, 2)) as [Page, Page];
    for (let at = 1; ; at += 1) {
      const held = new Held(given.server, at);
      const act = note(follower, `ghi ${at}`);
      const isThrough = await held.isThrough(act);
      if (!isThrough) {
        const devtools = await given.browser.running().newCDPSession(leader);
        const crashed = leader.waitForEvent('crash');
        void devtools.send('Page.crash').catch(() => undefined);
        await crashed;
        held.end();
      }
      assert.equal((await act).ok, true, held.steps.join(' '));
      saved.push(`ghi ${at}`);
      assert.deepEqual(await notes(follower), saved, held.steps.join(' '));
      if (isThrough) {
        const way =
          'called heard begun turn new judged opening checked put committing complete done answering answered';
        assert.deepEqual(held.steps, way.split(' '));
        break;
      }
      await leader.close();
      leader = follower;
      await until(leader, 'leads', ({ role }) => role === 'leader');
      follower = await given.browser.tab(given.server.origin);
      await ready(follower);
    }
  },
  240_000,
);

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
// An act of its own is under way when it stops, and goes on when it wakes.
for (const step of ['turn', 'judged', 'complete']) {
  scene(
    `a leader whose process is stopped at "${step}" is robbed, and never writes again`,
    async (given) => {
      const [first, second] = (await tabs(given, 2)) as [Page, Page];
      assert.equal((await note(second, 'một')).ok, true);
      const pid = await processOf(given.browser, first);
      await second.bringToFront();
      const stopped = new Promise<void>((resolve) => {
        given.server.onStep = async (name) => {
          if (name !== step) return;
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
      const both = ['của thẻ hai', 'của thẻ một'];
      const wanted = ['một', ...(step === 'complete' ? both.reverse() : both)];
      assert.deepEqual(await notes(second), wanted);
      await second.reload();
      await ready(second);
      assert.deepEqual(await notes(second), wanted);
    },
    200_000,
  );
}
