// A photo of a paper: taken, made small, kept without a line, sent, and seen elsewhere.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { day, type Day } from '../screens/day';
import type { Commune } from '../screens/commune';
import type { Officer } from '../screens/officer';
import { faults } from '../support/axe';
import { paperPhoto, segmentsOf } from '../support/photo';

const onlyHere = 'Ảnh chỉ trên máy này';
const received = 'Máy chủ đã nhận ảnh';

/** At the evidence of somebody who was just registered. */
async function toEvidence({ commune, officer }: Day): Promise<void> {
  await officer.enrols(await commune.invite('proxy_entrant', 'branch_head'));
  await officer.go('register');
  await officer.heading('Ghi một người');
  await officer.choosesGroup('Bản Nà Tấu');
  await officer.registers({ name: 'Lò Thị Ánh', year: '1990' });
  await officer.presses('Giấy tờ đã xem');
  await officer.heading('Giấy tờ đã xem');
}

async function gives(page: Page, buffer: Buffer, mimeType = 'image/jpeg'): Promise<void> {
  await page
    .locator('input[name="gallery"]')
    .setInputFiles({ name: 'DSC_0001.JPG', mimeType, buffer });
}

async function takes(officer: Officer, photo: Buffer): Promise<void> {
  await officer.page.locator('.chip').first().click();
  await gives(officer.page, photo);
  await officer.page.locator('.photo-taken img').waitFor({ timeout: 30_000 });
}

/** The size that the preview tells, and the colour of a place in it, in parts of its sides. */
async function preview(page: Page, x: number, y: number): Promise<object> {
  return page.locator('.photo-taken img').evaluate(
    async (image: HTMLImageElement, [right, down]) => {
      await image.decode();
      const canvas = document.createElement('canvas');
      const { naturalWidth: width, naturalHeight: height } = image;
      [canvas.width, canvas.height] = [width, height];
      const context = canvas.getContext('2d') as CanvasRenderingContext2D;
      context.drawImage(image, 0, 0);
      const [red = 0, green = 0] = context.getImageData(width * right, height * down, 1, 1).data;
      return { width, height, isRed: red > 200 && green < 60 };
    },
    [x, y] as const,
  );
}

/** The first photo of a list, scrolled to; small pictures are loaded where somebody looks. */
async function seesSmall(page: Page): Promise<void> {
  await page.locator('.photo-row').first().scrollIntoViewIfNeeded();
  await page.locator('.photo-small img').first().waitFor({ timeout: 30_000 });
}

async function fetchedElsewhere(commune: Commune): Promise<Buffer> {
  await commune.enrolDevice();
  const files = await commune.device.json<{ file: string }[]>('files');
  const file = files[0]?.file ?? '';
  await commune.device.json('files', 'want', file);
  await commune.device.json('sync');
  const folder = mkdtempSync(join(tmpdir(), 'khuyenhoc-photo-'));
  try {
    const copy = join(folder, 'copy.jpg');
    await commune.device.json('files', 'get', file, '--output', copy);
    return readFileSync(copy);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

day(
  'a photo of a paper is small, without its place, and official after a day offline',
  async (given) => {
    const { commune, officer } = given;
    const { page } = officer;
    await toEvidence(given);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await officer.sees('Ảnh chụp giấy');
    await commune.stop();
    const photo = await paperPhoto(page);
    assert.ok(photo.length > 1_500_000, String(photo.length));
    assert.match(segmentsOf(photo), /^e1/);
    await takes(officer, photo);
    assert.deepEqual(await preview(page, 0.1, 0.1), { width: 960, height: 1280, isRed: true });
    assert.deepEqual(await preview(page, 0.9, 0.9), { width: 960, height: 1280, isRed: false });
    await officer.presses('Ghi giấy kèm ảnh');
    await officer.sees('Đã ghi 1 giấy tờ');
    await officer.sees(onlyHere);
    assert.equal(await page.locator('.photo-taken').count(), 0);

    await page.reload();
    await officer.sees(onlyHere);
    await seesSmall(page);
    await officer.presses('Xem ảnh');
    await page.locator('dialog img').waitFor();
    await officer.presses('Đóng');
    await officer.go('');
    await officer.sees(/1 ảnh chờ gửi/);
    await officer.go('sync');
    await officer.sees(/1 ảnh, \d+ KB/);
    await officer.presses('Gửi cả khi mạng chậm');
    await officer.sees('Chờ mạng tốt hơn');

    await commune.start();
    await officer.presses('Đồng bộ ngay');
    await officer.go('people');
    await page.getByRole('link', { name: /Lò Thị Ánh/ }).click();
    await officer.sees(received, 60_000);
    await officer.go('');
    await officer.sees('không còn gì chờ gửi', 30_000);
    const sent = await fetchedElsewhere(commune);
    assert.ok(sent.length <= 150_000, String(sent.length));
    assert.doesNotMatch(segmentsOf(sent), /e1/);
    assert.equal(sent.includes('Exif'), false);
  },
);

day('what is no photo is told in words, and a photo can be left out again', async (given) => {
  const { officer } = given;
  const { page } = officer;
  await toEvidence(given);
  await gives(page, Buffer.from('not a picture'), 'text/plain');
  await officer.sees('Tệp này không phải ảnh');
  await gives(page, Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(5000)]));
  await officer.sees('Không đọc được ảnh này');
  const folder = mkdtempSync(join(tmpdir(), 'khuyenhoc-photo-'));
  try {
    const file = join(folder, 'large.jpg');
    writeFileSync(file, Buffer.alloc(40_000_001, 1));
    await page.locator('input[name="gallery"]').setInputFiles(file);
    await officer.sees('Ảnh lớn hơn 40 MB');
  } finally {
    rmSync(folder, { recursive: true });
  }
  await takes(officer, await paperPhoto(page));
  assert.equal(await page.getByText('Ảnh lớn hơn').count(), 0);
  await officer.presses('Bỏ ảnh này');
  assert.equal(await page.locator('.photo-taken').count(), 0);
  await officer.presses('Đã xem giấy');
  await officer.sees('Đã ghi 1 giấy tờ');
  assert.equal(await page.locator('.photo-row').count(), 0);
});

day('a store that is full during a photo keeps nothing of it', async (given) => {
  const { officer, browser } = given;
  const { page } = officer;
  await toEvidence(given);
  await takes(officer, await paperPhoto(page));
  const devtools = await browser.running().newCDPSession(page);
  const quota = (quotaSize: number) =>
    devtools.send('Storage.overrideQuotaForOrigin', { origin: officer.origin, quotaSize });
  await quota(50_000);
  // The browser believes what it measured for half a minute.
  await page.waitForTimeout(40_000);
  await officer.presses('Ghi giấy kèm ảnh');
  await officer.sees('bộ nhớ của trình duyệt đã đầy', 60_000);
  assert.equal(await page.locator('.photo-taken img').count(), 1, 'it can be saved again');
  assert.equal(await page.locator('.photo-row').count(), 0);
  assert.deepEqual(await storedPieces(page), []);
  await quota(500_000_000);
  const saved = page.getByText('Đã ghi 1 giấy tờ');
  const again = page.getByRole('button', { name: 'Ghi giấy kèm ảnh' });
  for (let at = 0; at < 60 && !(await saved.isVisible()); at += 1) {
    await again.click({ timeout: 500 }).catch(() => undefined);
    await page.waitForTimeout(1_000);
  }
  await officer.sees(/Ảnh chỉ trên máy này|Máy chủ đã nhận ảnh/);
  assert.equal(await page.locator('.photo-row').count(), 1);
  assert.equal((await storedPieces(page)).length, 2);
});

/** The names of all pieces of photos in the database. */
function storedPieces(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const opening = indexedDB.open('khuyenhoc');
    const db = await new Promise<IDBDatabase>((resolve) => {
      opening.onsuccess = () => resolve(opening.result);
    });
    const keys = db.transaction('files').objectStore('files').getAllKeys();
    const names = await new Promise<string[]>((resolve) => {
      keys.onsuccess = () => resolve(keys.result as string[]);
    });
    db.close();
    return names.filter((name) => name !== 'reserve');
  });
}

day('a photo of somebody else comes when it is looked at', async (given) => {
  const { commune, officer } = given;
  const { page } = officer;
  await toEvidence(given);
  await commune.enrolDevice();
  const [first] = await commune.device.json<{ id: string }[]>('dossiers');
  const folder = mkdtempSync(join(tmpdir(), 'khuyenhoc-photo-'));
  try {
    const file = join(folder, 'photo.jpg');
    writeFileSync(file, await paperPhoto(page));
    const actor = ['--actor', commune.officers.get('branch_head') ?? ''];
    const what = ['--kind', 'photo', '--what', 'Giấy khen', '--file', file];
    await commune.device.record('evidence', first?.id ?? '', ...what, ...actor);
    await commune.device.json('files', 'policy', '--originals', 'always');
    await commune.device.json('sync');
  } finally {
    rmSync(folder, { recursive: true });
  }
  await officer.sees(received, 30_000);
  await seesSmall(page);
  await officer.presses('Xem ảnh');
  await page.locator('dialog img').waitFor({ timeout: 60_000 });
  const size = await page
    .locator('dialog img')
    .evaluate((image: HTMLImageElement) => image.naturalHeight > image.naturalWidth);
  assert.equal(size, true, 'whole and upright');
  await officer.presses('Đóng');
});

day('axe finds nothing on screens with photos, in any colours, narrow and wide', async (given) => {
  const { officer } = given;
  const { page } = officer;
  const found = new Set<string>();
  const look = async (screen: string): Promise<void> => {
    await page.waitForTimeout(400);
    for (const theme of ['light', 'dark', 'sun']) {
      for (const [width, height] of [
        [360, 740],
        [1280, 800],
      ] as const) {
        await page.setViewportSize({ width, height });
        await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
        for (const fault of await faults(page))
          found.add(`${screen}, ${theme}, ${width}: ${fault}`);
        const folder = process.env['KHUYENHOC_PICTURES'];
        if (folder === undefined || theme !== 'light') continue;
        await page.screenshot({ path: join(folder, `${screen}-${width}.png`), fullPage: true });
      }
    }
    await page.setViewportSize({ width: 360, height: 740 });
  };
  await toEvidence(given);
  await gives(page, Buffer.from('not a picture'), 'text/plain');
  await officer.sees('Tệp này không phải ảnh');
  await look('photo-refused');
  await takes(officer, await paperPhoto(page));
  await look('photo-taken');
  await given.commune.stop();
  await officer.presses('Ghi giấy kèm ảnh');
  await officer.sees('Đã ghi 1 giấy tờ');
  await seesSmall(page);
  await look('photo-saved');
  await officer.presses('Xem ảnh');
  await page.locator('dialog img').waitFor();
  await look('photo-open');
  await officer.presses('Đóng');
  await officer.presses('Về hồ sơ');
  await officer.heading('Lò Thị Ánh');
  await seesSmall(page);
  await look('photo-dossier');
  await officer.go('sync');
  await officer.sees(/1 ảnh, \d+ KB/);
  await look('photo-sync');
  assert.deepEqual([...found], []);
});
