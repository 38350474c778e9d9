// How what stands on paper and on cards comes into the page, and how it gets out without a line.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import encodeQR from 'qr';
import { chromium } from 'playwright-core';
import { day, type Day } from '../screens/day';
import { Officer } from '../screens/officer';

const card = '011190123456||Lò Thị Ánh|12031990|Nữ|Bản Xôm, Xã Nà Tấu, Điện Biên|01072024||Cha|Mẹ';

async function toForm({ commune, officer }: Day): Promise<void> {
  await officer.enrols(await commune.invite('proxy_entrant', 'branch_head'));
  await officer.go('register');
  await officer.heading('Ghi một người');
}

async function seesCard({ page }: Officer): Promise<void> {
  await page.getByText('Phần còn lại đã bỏ, không lưu').waitFor();
  assert.equal(await page.getByLabel('Họ và tên').inputValue(), 'Lò Thị Ánh');
  assert.equal(await page.getByLabel('Năm', { exact: true }).first().inputValue(), '1990');
  assert.equal(await page.getByLabel(/Số định danh/).inputValue(), '011190123456');
  assert.equal(await page.locator('input[value="female"]').isChecked(), true);
  const hamlet = page.locator('select[name="unit"] option:checked');
  assert.equal(await hamlet.textContent(), 'Bản Xôm');
  const all = await page.evaluate(() => {
    const fields = [...document.querySelectorAll<HTMLInputElement>('input, textarea')];
    return document.body.innerText + fields.map(({ value }) => value).join(' ');
  });
  assert.equal(all.includes('|'), false, 'the line of the card is nowhere');
  assert.equal(all.includes('Mẹ'), false);
}

day('a pasted line of a card fills the fields, and the rest of it is gone', async (given) => {
  await toForm(given);
  await given.officer.page.getByLabel('Họ và tên').fill(card);
  await seesCard(given.officer);
});

// A scanner on USB is a keyboard that types fast.
day('a scanner types the card into any field of the person', async (given) => {
  await toForm(given);
  const { page } = given.officer;
  const phone = page.locator('input[name="phone"]');
  await phone.pressSequentially(card, { delay: 2 });
  await seesCard(given.officer);
  assert.equal(await phone.inputValue(), '');
});

// The field that it is pasted into was drawn before the chip was tapped.
day('a card that does not say the gender leaves the one that was chosen', async (given) => {
  await toForm(given);
  const { officer } = given;
  await officer.chip('Nam').click();
  const phone = officer.page.locator('input[name="phone"]');
  await phone.fill('011190123456||Lò Thị Ánh|12031990||Bản Xôm');
  await officer.page.getByText('Phần còn lại đã bỏ, không lưu').waitFor();
  assert.equal(await officer.page.locator('input[value="male"]').isChecked(), true);
});

// The address that people know has no code in it.
day(
  'a code typed at the plain address leads to whose device it is, and to the PIN',
  async (given) => {
    const { commune, officer } = given;
    await officer.open();
    await officer.field('Mã mời').fill(await commune.invite('proxy_entrant', 'branch_head'));
    await officer.presses('Ghi danh');
    await officer.heading('Máy này ghi với tên');
    await officer.presses('Đúng là chúng tôi');
    await officer.heading('Đặt mã PIN');
    await officer.page.locator('h1:focus').waitFor();
  },
);

// They read no names, their own neither.
day('an association is not kept waiting for its own name', async ({ commune, officer }) => {
  await commune.appoint('district_assoc', 'Lê Thị Hà', '11');
  await commune.admin.json('sync');
  await officer.open(`enrol/${await commune.invite('district_assoc')}`);
  await officer.presses('Ghi danh');
  await officer.heading('Máy này ghi với tên');
  await officer.presses('Đúng là tôi');
  await officer.heading('Đặt mã PIN');
  await officer.page.getByText('Để sau', { exact: true }).click();
  await officer.presses('Vẫn để sau');
  await officer.heading('Tỉnh Điện Biên');
  const menu = officer.page.getByRole('navigation');
  await menu.getByText('Số liệu').waitFor();
  assert.equal(await menu.getByText('Ghi người').count(), 0, 'it only reads');
});

day('a day of birth that does not exist is told at its field', async (given) => {
  await toForm(given);
  const { officer } = given;
  await officer.choosesGroup('Bản Xôm');
  await officer.fillsPerson({ name: 'Lò Thị Ánh', day: '31', month: '2', year: '1990' });
  await officer.presses('Ghi');
  const birth = officer.page.locator('fieldset.field').filter({ hasText: 'Ngày sinh' });
  await birth.getByText('Ngày sinh chưa hợp lệ').waitFor();
  await birth.locator('input[name="day"]:focus').waitFor();
});

day('paper without its kind leads back to the kinds', async (given) => {
  await toForm(given);
  const { officer } = given;
  await officer.choosesGroup('Bản Xôm');
  await officer.fillsPerson({ name: 'Lò Thị Ánh', year: '1990' });
  await officer.presses('Ghi');
  await officer.presses('Giấy tờ đã xem');
  await officer.presses('Đã xem giấy');
  await officer.page.locator('input[type="radio"]:focus').waitFor();
});

/** A film of one picture: the code on a white sheet. */
function filmOf(text: string, file: string): void {
  const code = encodeQR(text, 'raw', { border: 4 });
  const [width, height, scale] = [640, 480, Math.floor(440 / code.length)];
  const luma = Buffer.alloc(width * height, 235);
  const left = Math.floor((width - code.length * scale) / 2);
  const top = Math.floor((height - code.length * scale) / 2);
  for (let y = 0; y < code.length * scale; y += 1) {
    for (let x = 0; x < code.length * scale; x += 1) {
      const isDark = code[Math.floor(y / scale)]?.[Math.floor(x / scale)] === true;
      if (isDark) luma[(top + y) * width + left + x] = 16;
    }
  }
  const colours = Buffer.alloc((width * height) / 2, 128);
  const head = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420\n`);
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, colours]);
  writeFileSync(file, Buffer.concat([head, frame, frame, frame]));
}

day('the camera reads a card', async ({ commune, officer }) => {
  const folder = mkdtempSync(join(tmpdir(), 'khuyenhoc-camera-'));
  const film = join(folder, 'card.y4m');
  filmOf(card, film);
  const { origin } = officer;
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    viewport: { width: 360, height: 740 },
    permissions: ['camera'],
    args: [
      '--no-sandbox',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
    ],
  });
  try {
    const there = new Officer(await context.newPage(), origin);
    await there.enrols(await commune.invite('proxy_entrant', 'branch_head'));
    await there.go('register');
    await there.presses('Quét mã QR trên thẻ');
    await seesCard(there);
  } finally {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

// Who was not there has to be named, and by whom: the rules ask for it, one thing after another.
day('what is asked of a proxy appears as the rules ask for it', async (given) => {
  await toForm(given);
  const { officer } = given;
  const { page } = officer;
  await officer.choosesGroup('Bản Nà Tấu');
  await page.getByLabel('Họ và tên').fill('Vàng A Sùng');
  await page.getByLabel('Năm', { exact: true }).first().fill('1938');
  await officer.taps('Xét danh hiệu');
  assert.equal(await page.getByLabel('Vì sao người khác nhập thay').count(), 0);
  await officer.taps('Điểm chỉ trên phiếu giấy');
  await page.getByLabel('Vì sao người khác nhập thay').selectOption('elderly');
  await page.getByLabel('Quan hệ hoặc chức vụ').fill('cháu');
  await officer.presses('Ghi');
  await officer.sees('Cần điền mục này.');
  await page.getByLabel(/Số phiếu giấy/).fill('12');
  await officer.presses('Ghi');
  await officer.heading('Đã ghi');
});

day('a child is registered only after somebody has looked at the year again', async (given) => {
  await toForm(given);
  const { officer } = given;
  await officer.choosesGroup('Bản Nà Tấu');
  await officer.fillsPerson({ name: 'Lò Văn Tí', year: String(new Date().getFullYear() - 12) });
  await officer.presses('Ghi');
  await officer.heading('Ghi một người');
  await officer.taps('Đúng, ngày sinh không nhầm');
  await officer.presses('Ghi');
  await officer.heading('Đã ghi');
});

// A look at the list must not cost what was typed; closing the tab asks first.
day('what was typed stays while one looks elsewhere, and is not stored', async (given) => {
  await toForm(given);
  const { officer } = given;
  const { page } = officer;
  await page.getByLabel('Họ và tên').fill('Lò Thị Ánh');
  await officer.go('people');
  await officer.heading('Danh sách');
  await officer.go('register');
  assert.equal(await page.getByLabel('Họ và tên').inputValue(), 'Lò Thị Ánh');
  await officer.go('people');
  await page.getByRole('link', { name: /Lò Văn Cán/ }).click();
  await officer.sees('Đang ghi dở Lò Thị Ánh');
  await officer.presses('Ghi tiếp Lò Thị Ánh');
  assert.equal(await page.getByLabel('Họ và tên').inputValue(), 'Lò Thị Ánh');
  await officer.go('people');
  await page.getByRole('link', { name: /Lò Văn Cán/ }).click();
  await officer.presses('Bỏ, đăng ký cho Lò Văn Cán');
  await officer.sees('Đăng ký cho Lò Văn Cán đã có trong danh sách.');
  await officer.presses('Ghi người khác');
  await page.getByLabel('Họ và tên').fill('Lò Thị Ánh');
  const stored = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
  );
  assert.equal(stored.includes('Ánh'), false);
  const asked = page.waitForEvent('dialog');
  void page.close({ runBeforeUnload: true });
  assert.equal((await asked).type(), 'beforeunload');
  await (await asked).accept();
});

day('somebody of the list is registered without being typed again', async (given) => {
  await toForm(given);
  const { officer } = given;
  await officer.go('people');
  await officer.page.getByLabel('Tìm theo tên').fill('can');
  await officer.page.getByRole('link', { name: /Lò Văn Cán/ }).click();
  await officer.sees('Đăng ký cho Lò Văn Cán đã có trong danh sách.');
  await officer.chooses('Nhóm đối tượng', 'Nông dân, lao động nông thôn');
  await officer.taps('Xét danh hiệu');
  await officer.taps('Người đăng ký có mặt');
  await officer.presses('Ghi');
  await officer.heading('Đã ghi');
  await officer.presses('Mở hồ sơ');
  await officer.heading('Lò Văn Cán');
  await officer.sees('Đã đăng ký');
});

// What waits for the officer must not have to be looked for.
day('a dossier that came back is the next thing to do, with its reason', async (given) => {
  const { commune, officer } = given;
  await toForm(given);
  await officer.choosesGroup('Bản Nà Tấu');
  await officer.registers({ name: 'Lò Thị Ánh', year: '1990' });
  await officer.go('items/official');
  await officer.sees('3 việc');
  await commune.enrolDevice();
  await commune.returnElsewhere('thiếu minh chứng');
  await officer.go('');
  await officer.page.getByText('Cần sửa: 1 hồ sơ bị trả lại').click();
  await officer.sees('1 người');
  await officer.page.getByRole('link', { name: /Lò Thị Ánh/ }).click();
  await officer.sees(/Hồ sơ bị trả lại: .*thiếu minh chứng/);
  await officer.presses('Gửi lại');
  await officer.page.locator('dialog').getByRole('button', { name: 'Gửi lại' }).click();
  await officer.sees('Đã ghi trên máy này: Gửi lại.');
  await officer.sees('Chính thức');
});

day('what is unsent is saved as a sealed file', async (given) => {
  const { commune, officer } = given;
  await toForm(given);
  await officer.choosesGroup('Bản Nà Tấu');
  await commune.stop();
  await officer.registers({ name: 'Lò Thị Ánh', year: '1990' });
  await officer.go('sync');
  const saving = officer.page.waitForEvent('download');
  await officer.presses('Lưu tệp niêm phong');
  const saved = await saving;
  assert.match(saved.suggestedFilename(), /^khuyenhoc-.*\.csb$/);
  const bytes = readFileSync(await saved.path());
  assert.ok(bytes.length > 200, `${bytes.length} bytes`);
  assert.equal(bytes.includes('Ánh'), false, 'it is sealed');
  await officer.sees('Việc vẫn nằm trên máy này');
});

// Zalo and Facebook throw away what a page stores: a day of work would be gone.
day('a browser inside another app is refused, with a way out', async ({ officer }) => {
  const { page } = officer;
  const devtools = await page.context().newCDPSession(page);
  const userAgent = 'Mozilla/5.0 (Linux; Android 12; wv) Chrome/120 Mobile Zalo android/23';
  await devtools.send('Emulation.setUserAgentOverride', { userAgent });
  await officer.open();
  await officer.heading('Hãy mở bằng trình duyệt');
  const link = page.getByRole('link', { name: 'Mở bằng Chrome' });
  assert.match(
    (await link.getAttribute('href')) ?? '',
    /^intent:\/\/localhost.*com\.android\.chrome/,
  );
  assert.equal(await page.getByLabel('Mã mời').count(), 0);
});
