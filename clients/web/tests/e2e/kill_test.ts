import assert from 'node:assert/strict';
import { note, notes, ready } from '../support/browser';
import { scene } from '../support/scene';

// The battery falls out at any moment of writing. What was shown as saved is there, once; what was
// not may be there or not, and saving it again makes it one all the same.
for (const step of ['judged', 'committing', 'complete']) {
  scene(`killed at the step "${step}", nothing confirmed is lost or doubled`, async (given) => {
    const { server, browser } = given;
    const page = await browser.tab(server.origin);
    await ready(page);
    assert.equal((await note(page, 'một')).ok, true);
    assert.equal((await note(page, 'hai')).ok, true);

    const reached = new Promise<void>((resolve) => {
      server.onStep = (name) => {
        if (name === step) resolve();
        return name === step ? new Promise<void>(() => undefined) : Promise.resolve();
      };
    });
    let confirmed = false;
    const during = note(page, 'ba').then(
      (outcome) => {
        confirmed = outcome.ok;
      },
      () => undefined,
    );
    await reached;
    await browser.kill();
    await during;
    assert.equal(confirmed, false);
    server.onStep = async () => undefined;

    await browser.start();
    const again = await browser.tab(server.origin);
    await ready(again);
    const kept = await notes(again);
    assert.deepEqual(kept.slice(0, 2), ['một', 'hai']);
    if (step === 'judged') assert.equal(kept.length, 2);
    if (step === 'complete') assert.equal(kept.length, 3);
    assert.equal((await note(again, 'ba')).ok, true);
    assert.equal((await note(again, 'bốn')).ok, true);
    assert.deepEqual(await notes(again), ['một', 'hai', 'ba', 'bốn']);
  });
}
