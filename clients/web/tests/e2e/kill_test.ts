import assert from 'node:assert/strict';
import { note, notes, ready } from '../support/browser';
import { Held, isBefore, isBehind } from '../support/held';
import { scene } from '../support/scene';

// The battery falls out at any moment: at the first step of an act, at the second of the next one,
// and so on until one comes through. What was shown as saved is there, once; what was not may be
// there or not, and saving it again makes it one all the same.
scene(
  'killed at every step of an act, nothing confirmed is lost or doubled',
  async ({ server, browser }) => {
    const saved: string[] = [];
    let page = await browser.tab(server.origin);
    await ready(page);
    for (let at = 1; ; at += 1) {
      const text = `ghi ${at}`;
      const held = new Held(server, at);
      const act = note(page, text);
      const isThrough = await held.isThrough(act);
      const step = held.steps[at - 1] ?? '';
      if (!isThrough) {
        await browser.kill();
        await assert.rejects(act, 'nothing was confirmed');
        held.end();
        await browser.start();
        page = await browser.tab(server.origin);
        await ready(page);
        const kept = await notes(page);
        assert.deepEqual(kept.slice(0, saved.length), saved, step);
        if (isBefore(step)) assert.equal(kept.length, saved.length, step);
        if (isBehind(step)) assert.equal(kept.length, saved.length + 1, step);
        assert.equal((await note(page, text)).ok, true);
      }
      saved.push(text);
      assert.deepEqual(await notes(page), saved, step);
      if (!isThrough) continue;
      const way =
        'called begun turn new judged opening checked put committing complete done answered';
      assert.deepEqual(held.steps, way.split(' '));
      break;
    }
  },
  240_000,
);
