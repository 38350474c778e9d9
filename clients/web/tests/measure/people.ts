// A device that knows 14,000 people, as a whole commune has them: search, keystrokes, lists, memory.

import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { Commune } from '../screens/commune';
import { site } from '../screens/day';
import { Officer } from '../screens/officer';
import { Browser, pause } from '../support/browser';
import { Peer } from './peer';
import { memoryOf, slowed, slowness, workTime } from './processor';
import { measureStarts } from './start';
import { median, mostly, type Table } from './table';

const people = Number(process.env['KHUYENHOC_PEOPLE'] ?? 14_000);
const families = 'Lò Quàng Cà Lường Tòng Vàng Giàng Sùng Hoàng Nguyễn Trần Lê Phạm Bùi Đỗ'.split(
  ' ',
);
const middles = 'Thị Văn A Ngọc Minh Thanh Hồng Xuân Thu Đức Quốc Kim Bích Hữu Đình'.split(' ');
const given =
  'Ánh Bình Chi Dung Én Giang Hoa Hương Khánh Lan Mai Nga Oanh Phượng Quế Sơn Tâm Uyên Vân Xuân Yến Đôi Ước Nguyệt Páo Dế Sùng Chua Mỷ Dua Lềnh Pênh Hặc Inh Óm Ơn Xôm Muôn Pâng Tướng Cương Bun Tiện Dinh Kẹo Phanh Ỏm Piêng Thưởng Ngoan Thoan Chiên Hạnh Hiền Học Khuyến Tập Trí Tuệ Sáng Tươi'.split(
    ' ',
  );
const nameOf = (at: number): string =>
  [
    families[at % families.length],
    middles[Math.floor(at / families.length) % middles.length],
    given[Math.floor(at / (families.length * middles.length)) % given.length],
  ].join(' ');

async function fill(commune: Commune): Promise<void> {
  const root = process.env['KHUYENHOC_ROOT'] ?? '.';
  const module = process.env['KHUYENHOC_MODULE'] ?? join(root, 'build/wasm');
  const peer = await Peer.open(module, commune.port);
  await peer.enrol(await commune.invite('proxy_entrant'), 'Máy xã');
  const { units } = peer.call('view', { view: 'units' });
  const { cycles } = peer.call('view', { view: 'home' });
  const hamlets = units.filter((unit: { kind: string }) => unit.kind === 'hamlet');
  const begun = Date.now();
  for (let at = 0; at < people; at += 1) {
    const { stored } = peer.call('act', {
      act: 'register',
      name: nameOf(at),
      birth: String(1940 + (at % 65)),
      gender: at % 2 === 0 ? 'female' : 'male',
      unit: hamlets[at % hamlets.length].id,
      cycle: cycles[0].id,
      group: 'farmer_rural',
      consent: 'assess',
      basis: 'consent',
      confirmation: 'subject_present',
      new: 1,
    });
    if (stored !== true) throw new Error(`not registered: ${nameOf(at)}`);
    if (at % 500 === 499) await peer.sync();
  }
  await peer.sync();
  console.log(`   ${people} people registered in ${Math.round((Date.now() - begun) / 1000)} s`);
}

/** Notes, after each input, how long it took until the screen stood still. */
async function watchInputs(page: Page): Promise<void> {
  await page.evaluate(() => {
    const watched = window as unknown as { begun: number; last: number };
    watched.begun = 0;
    watched.last = 0;
    document.addEventListener('input', () => (watched.begun = performance.now()), true);
    new MutationObserver(() => (watched.last = performance.now())).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
}

/** undefined: the input changed nothing that is seen. */
async function lastInput(page: Page): Promise<number | undefined> {
  const taken = await page.evaluate(() => {
    const { begun, last } = window as unknown as { begun: number; last: number };
    return last - begun;
  });
  return taken > 0 ? taken : undefined;
}

/** Presses keys one by one; gives for each how long the screen took on a slow processor, and how
 *  long of it the worker did. */
async function press(
  browser: Browser,
  page: Page,
  keys: readonly string[],
): Promise<{ all: number[]; work: number[]; page: number[] }> {
  const all: number[] = [];
  const work: number[] = [];
  const pages: number[] = [];
  for (const key of keys) {
    const before = workTime(browser);
    const pageBefore = workTime(browser, 'pages');
    await page.keyboard.press(key);
    await pause(700);
    pages.push(workTime(browser, 'pages') - pageBefore);
    const worked = workTime(browser) - before;
    const taken = await lastInput(page);
    if (taken === undefined) continue;
    all.push(taken + (slowness - 1) * worked);
    work.push(slowness * worked);
  }
  return { all, work, page: pages };
}

/** With KHUYENHOC_PROFILE: what the page does under these keys, in ms for each. */
async function profiled(devtools: CDPSession, page: Page, keys: readonly string[]): Promise<void> {
  if (!process.env['KHUYENHOC_PROFILE']) return;
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const told = async (): Promise<Map<string, number>> => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return new Map(metrics.map(({ name, value }) => [name, value]));
  };
  const before = await told();
  for (const key of keys) {
    await page.keyboard.press(key);
    await pause(300);
  }
  const after = await told();
  for (const name of ['TaskDuration', 'ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration']) {
    const ms = ((after.get(name) ?? 0) - (before.get(name) ?? 0)) * 1000;
    console.log(`   ${name}: ${(ms / keys.length).toFixed(1)} ms a key`);
  }
  for (const name of ['LayoutCount', 'RecalcStyleCount', 'Nodes']) {
    console.log(`   ${name}: ${((after.get(name) ?? 0) - (before.get(name) ?? 0)) / keys.length}`);
  }
}

async function measureOpen(table: Table, browser: Browser, origin: string): Promise<void> {
  const page = await browser.running().newPage();
  const { devtools, worker: attached } = await slowed(page);
  const officer = new Officer(page, origin);
  officer.patience = 120_000;
  await officer.open('people');
  await attached;
  await officer.sees(/\d người/);
  await page.waitForSelector('main[data-role="leader"]');
  await watchInputs(page);

  await page.getByLabel('Tìm theo tên').focus();
  const letters = 'l o Space a n h Backspace Backspace m a i Backspace'.split(' ');
  const search = await press(browser, page, letters);
  const slower = `processor ${slowness} times slower`;
  table.add(`search among ${people} people, ${slower}, median`, median(search.all), 'ms', 50);
  table.add(`search among ${people} people, ${slower}, 19 of 20`, mostly(search.all), 'ms');
  table.add(`of it in the worker, median`, median(search.work), 'ms');
  table.add(`on the processor in the page, median`, median(search.page), 'ms');
  await profiled(devtools, page, ['a', 'Backspace', 'a', 'Backspace', 'a', 'Backspace']);
  await page.getByLabel('Tìm theo tên').fill('');
  await pause(1_000);

  const frames = await page.evaluate(async () => {
    const gaps: number[] = [];
    let last = performance.now();
    for (let at = 0; at < 180; at += 1) {
      scrollBy(0, 120);
      await new Promise(requestAnimationFrame);
      gaps.push(performance.now() - last);
      last = performance.now();
    }
    return gaps;
  });
  table.add(`scrolling ${people} people, ${slower}, a frame, median`, median(frames), 'ms', 34);
  table.add(`scrolling ${people} people, ${slower}, a frame, 19 of 20`, mostly(frames), 'ms');

  await officer.go('register');
  await officer.choosesGroup('Bản Nà Tấu');
  await officer.fillsPerson({ name: 'Lò Thị Ánh', year: '1990' });
  await page.locator('input[name="year"]').first().focus();
  await page.keyboard.press('End');
  await pause(1_000);
  const keys = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? 'Backspace' : '0'));
  const typed = await press(browser, page, keys);
  table.add(`keystroke to verdict, ${slower}, median`, median(typed.all), 'ms', 16);
  table.add(`keystroke to verdict, ${slower}, 19 of 20`, mostly(typed.all), 'ms');
  table.add(`of it in the worker, median`, median(typed.work), 'ms');
  table.add(`on the processor in the page, median`, median(typed.page), 'ms');
  await profiled(devtools, page, keys);

  const MB = 1_000_000;
  const inPage = (await devtools.send('Runtime.getHeapUsage')) as { usedSize: number };
  table.add(`heap of the page, ${people} dossiers`, inPage.usedSize / MB, 'MB');
  table.add(`the whole tab with the module, ${people} dossiers`, memoryOf(browser) / MB, 'MB');
  await page.close();
}

export async function measurePeople(table: Table): Promise<void> {
  const commune = new Commune(['--page', site, '--quota-factor', '1000']);
  await commune.found();
  const browser = await Browser.open();
  try {
    await fill(commune);
    const origin = `http://localhost:${commune.port}`;
    const officer = new Officer(await browser.running().newPage(), origin);
    officer.patience = 300_000;
    await officer.enrols(await commune.invite('proxy_entrant', 'branch_head'));
    const begun = Date.now();
    await officer.go('people');
    // Officers are people, too.
    await officer.page.waitForFunction(
      (wanted) => {
        const told = document.querySelector('main .count')?.textContent ?? '';
        return Number(told.replace(/\D/g, '')) >= wanted;
      },
      people,
      { timeout: 900_000, polling: 500 },
    );
    table.add(`first sync of ${people} people`, (Date.now() - begun) / 1000, 's');
    await officer.page.evaluate(() => navigator.serviceWorker.ready);
    await pause(3_000);
    await officer.page.close();
    await commune.stop();
    await measureStarts(
      table,
      browser,
      origin,
      `start with ${people} people, server dead`,
      undefined,
      3,
    );
    await measureOpen(table, browser, origin);
  } finally {
    await browser.close();
    await commune.end();
  }
}
