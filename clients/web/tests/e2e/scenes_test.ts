// An officer's work from end to end, with the real rules and a real server.

import assert from 'node:assert/strict';
import { day } from '../screens/day';

// At 64 kbit/s the program takes most of a minute: nothing else may be on the line meanwhile.
day('what is kept for later is loaded after the program', async ({ server, officer }) => {
  let isHere = false;
  const early: string[] = [];
  server.beforeAsset = async (name) => {
    if (!isHere && !/^(index|page|app|screen|worker|icon|manifest|officer|dictionary)/.test(name))
      early.push(name);
    if (!name.startsWith('officer-')) return;
    await officer.page.waitForTimeout(3_000);
    isHere = true;
  };
  await officer.open();
  await officer.page.getByLabel('Mã mời', { exact: true }).waitFor();
  await officer.page.evaluate(() => navigator.serviceWorker.ready);
  assert.deepEqual(early, []);
});

// What another device sends has to be seen without anybody asking for it.
day('the board moves when another device sends something', async ({ commune, officer }) => {
  await officer.enrols(await commune.invite('proxy_entrant', 'branch_head'));
  await commune.enrolDevice();
  await officer.go('board');
  await officer.heading('Số liệu Xã Nà Tấu');
  const figure = officer.page.locator('.big-figures .figure').first();
  assert.equal(await figure.textContent(), '0');
  await commune.registerElsewhere('Lường Thị Mới');
  const sent = Date.now();
  await officer.page.waitForFunction(
    () => document.querySelector('.big-figures .figure')?.textContent === '1',
    null,
    { timeout: 10_000 },
  );
  assert.ok(Date.now() - sent < 2_000, `it took ${Date.now() - sent} ms`);
  await officer.presses(/Đã đăng ký/);
  await officer.page.locator('dialog').getByText('Vị trí trong sổ').waitFor();
});

// Letters come together from several keys; a value that is set meanwhile would break the name.
day('a name that is composed by Telex stays as it was typed', async ({ commune, officer }) => {
  await officer.enrols(await commune.invite('proxy_entrant', 'branch_head'));
  await officer.go('register');
  await officer.choosesGroup('Bản Nà Tấu');
  const { page } = officer;
  const devtools = await page.context().newCDPSession(page);
  const compose = async (...steps: string[]) => {
    for (const text of steps) {
      const at = text.length;
      await devtools.send('Input.imeSetComposition', {
        text,
        selectionStart: at,
        selectionEnd: at,
      });
    }
    await devtools.send('Input.insertText', { text: steps[steps.length - 1] ?? '' });
  };
  const name = page.getByLabel('Họ và tên');
  await name.focus();
  await compose('N', 'Ng', 'Ngu', 'Nguy', 'Nguye', 'Nguyê', 'Nguyên', 'Nguyễn');
  await page.keyboard.insertText(' ');
  await compose('Đ', 'Đu', 'Đư', 'Đươ', 'Đươn', 'Đương', 'Đường');
  assert.equal(await name.inputValue(), 'Nguyễn Đường');

  const number = page.getByLabel(/Số định danh/);
  await number.focus();
  await compose('0', '01', '011', '0110');
  assert.equal(await number.inputValue(), '0110', 'nothing is grouped before the field is left');
  await page.keyboard.insertText('90123456');
  await name.focus();
  assert.equal(await number.inputValue(), '011 0 90 123456');
  await page.getByLabel('Năm', { exact: true }).first().fill('1985');
  await officer.sees('Theo số này thì năm sinh là 1990');
  assert.equal(await name.inputValue(), 'Nguyễn Đường');
});
