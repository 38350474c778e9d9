// A device that knows 14,000 people, as a whole commune has them: search, keystrokes, lists, memory.

import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { Commune } from '../screens/commune';
import { site } from '../screens/day';
import { Officer } from '../screens/officer';
import { Browser, pause } from '../support/browser';
import { openFloor } from './floor';
import { Peer } from './peer';
import { memoryOf, slowness, workTime } from './processor';
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

/** What keys come to, in ms of a processor that is slower. */
interface Cost {
  /** Until the screen stood still. A busy machine makes it longer. */
  seen: number[];
  /** At work in the scripts of the page and in the worker. */
  scripts: number;
  worker: number;
  /** In the page with layout, painting and all that comes after it. */
  page: number;
}

const perSecond = 1_000;
const settle = 500;

/** How long the thread of the page was at work until now, and of it in scripts, in ms. */
async function pageTimes(devtools: CDPSession): Promise<{ all: number; scripts: number }> {
  const { metrics } = await devtools.send('Performance.getMetrics');
  const told = (wanted: string): number =>
    (metrics.find(({ name }) => name === wanted)?.value ?? 0) * perSecond;
  return { all: told('TaskDuration'), scripts: told('ScriptDuration') };
}

async function press(
  browser: Browser,
  devtools: CDPSession,
  page: Page,
  keys: readonly string[],
): Promise<Cost> {
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  // What the two do all the time, with nobody at the keys.
  const spent = async (work: () => Promise<void>): Promise<Omit<Cost, 'seen'>> => {
    const [pageBefore, workBefore] = [await pageTimes(devtools), workTime(browser)];
    await work();
    const [page, worked] = [await pageTimes(devtools), workTime(browser)];
    const scripts = page.scripts - pageBefore.scripts;
    return { scripts, worker: worked - workBefore, page: page.all - pageBefore.all };
  };
  const idle = await spent(() => pause(keys.length * settle));
  const seen: number[] = [];
  const busy = await spent(async () => {
    for (const key of keys) {
      await page.keyboard.press(key);
      await pause(settle);
      const taken = await lastInput(page);
      if (taken !== undefined) seen.push(slowness * taken);
    }
  });
  const each = (what: 'scripts' | 'worker' | 'page'): number =>
    (slowness * (busy[what] - idle[what])) / keys.length;
  return { seen, scripts: each('scripts'), worker: each('worker'), page: each('page') };
}

function tell(table: Table, what: string, cost: Cost, limit?: number): void {
  table.add(`${what}, median`, median(cost.seen), 'ms', limit);
  table.add(`${what}, 19 of 20`, mostly(cost.seen), 'ms');
  table.add(`${what}: at work in worker and scripts`, cost.worker + cost.scripts, 'ms', limit);
  table.add(`${what}: of it in the worker`, cost.worker, 'ms');
  table.add(`${what}: in the page with layout and painting`, cost.page, 'ms');
}

/** What the same keys cost at least in this browser. */
async function measureFloor(
  table: Table,
  browser: Browser,
  keys: readonly string[],
): Promise<void> {
  const floor = await openFloor(browser.running());
  const devtools = await floor.context().newCDPSession(floor);
  await watchInputs(floor);
  await floor.locator('input').focus();
  await floor.keyboard.press('End');
  await pause(1_000);
  const least = await press(browser, devtools, floor, keys);
  tell(
    table,
    `a page of one field whose text a worker repeats, processor ${slowness} times slower`,
    least,
  );
  await floor.close();
}

async function measureOpen(table: Table, browser: Browser, origin: string): Promise<void> {
  const page = await browser.running().newPage();
  const devtools = await page.context().newCDPSession(page);
  const officer = new Officer(page, origin);
  officer.patience = 120_000;
  await officer.open('people');
  await officer.sees(/\d người/);
  await page.waitForSelector('main[data-role="leader"]');
  await watchInputs(page);

  await page.getByLabel('Tìm theo tên').focus();
  const letters = 'l o Space a n h Backspace Backspace m a i Backspace'.split(' ');
  const slower = `processor ${slowness} times slower`;
  const search = await press(browser, devtools, page, letters);
  tell(table, `search among ${people} people, ${slower}`, search, 50);
  await page.getByLabel('Tìm theo tên').fill('');
  await pause(1_000);

  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowness });
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
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });

  await officer.go('register');
  await officer.choosesGroup('Bản Nà Tấu');
  await officer.fillsPerson({ name: 'Lò Thị Ánh', year: '1990' });
  await page.locator('input[name="year"]').first().focus();
  await page.keyboard.press('End');
  await pause(1_000);
  const keys = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? 'Backspace' : '0'));
  const typed = await press(browser, devtools, page, keys);
  tell(table, `keystroke to verdict, ${slower}`, typed, 16);

  await measureFloor(table, browser, keys);

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
