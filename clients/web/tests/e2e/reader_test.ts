// A device whose people only read: a smaller module, from the first byte on.

import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { ask, pause, ready } from '../support/browser';
import { inStep, view, village, type Data } from '../support/village';

async function become(what: string, page: Page, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await pause(100)) {
    if (await isSo()) return;
  }
  throw new Error(`not in time: ${what}; ${JSON.stringify(await view(page, 'device'))}`);
}

village('a device that only reads loads less, and sees the board move', async (given) => {
  const { commune, server, browser } = given;
  const loaded = (kind: string): boolean =>
    server.requests.some(({ path }) => path.startsWith(`/${kind}-`));
  await commune.appoint('auditor', 'Lường Thị Thu');
  await commune.admin.json('sync');

  // The address is that of the invitation.
  const { page: address, code } = await commune.admin.json<{ page: string; code: string }>(
    'invite',
    '--person',
    commune.officers.get('auditor') ?? '',
    '--page-url',
    server.origin,
  );
  await commune.admin.json('sync');
  assert.equal(address, `${server.origin}/?read#/enrol/${code}`);
  let page = await browser.tab(address);
  await ready(page);
  const enrolled = await ask(page, 'enrol', code, 'Máy của Thu');
  assert.equal(enrolled.ok, true, JSON.stringify(enrolled));
  await inStep(page);
  assert.equal((await view(page, 'device'))['reads_only'], true);
  assert.equal((await view(page, 'totals'))['sum'].registered, 0);

  await commune.enrolDevice();
  await commune.registerElsewhere('Lò Thị Ánh');
  const registered = async () => (await view(page, 'totals'))['sum'].registered === 1;
  await become('one more on the board', page, registered);
  const { cycles } = await view(page, 'home');
  const { rows } = await view(page, 'roster', { cycle: cycles[0].id });
  const { dossier } = (rows as Data[]).find((row) => row['dossier'] !== undefined) as Data;
  const { lines } = await view(page, 'history', { dossier });
  assert.ok(lines.length > 0);
  const act = await ask(page, 'act', 'withdraw', { dossier });
  assert.equal(act.ok, false);
  assert.ok(!act.ok && act.fault.code === 'unsupported', JSON.stringify(act));

  // It is known at the next start, whatever the address, and without the server.
  await page.close();
  page = await browser.tab(`${server.origin}/`);
  await ready(page);
  assert.ok(await registered());
  assert.ok(loaded('reader') && !loaded('officer'));

  // Who may record something from now on gets the whole module, at once.
  const person = commune.officers.get('auditor') ?? '';
  const role = '--role branch_head --unit 03316 --from 2020-01-01 --basis QĐ';
  await commune.admin.record('grant', '--person', person, ...role.split(' '));
  await commune.admin.json('sync');
  await become(
    'an officer',
    page,
    async () => (await view(page, 'device'))['reads_only'] === false,
  );
  await become('the whole module', page, async () => {
    const tried = await ask(page, 'act', 'withdraw', { dossier, dry: true });
    return tried.ok || tried.fault.code !== 'unsupported';
  });
  assert.ok(loaded('officer'));
});
