// The second start: the server is dead, the processor slow.

import type { Page } from 'playwright-core';
import { Commune } from '../screens/commune';
import { site } from '../screens/day';
import { Officer } from '../screens/officer';
import { Browser, pause } from '../support/browser';
import { slow, slowness, workTime } from './processor';
import { median, type Table } from './table';

/** Starts a tab anew, so often, and tells how long it takes until home is shown. */
export async function measureStarts(
  table: Table,
  browser: Browser,
  origin: string,
  what: string,
  limit?: number,
  times = 5,
): Promise<void> {
  const plain: number[] = [];
  const slower: number[] = [];
  const page: number[] = [];
  const work: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const quick = await browser.running().newPage();
    await pause(500); // The tab before is gone.
    const [pageBefore, workBefore] = [workTime(browser, 'pages'), workTime(browser)];
    plain.push(await start(quick, origin));
    page.push(workTime(browser, 'pages') - pageBefore);
    work.push(workTime(browser) - workBefore);
    await quick.close();
    const slowPage = await browser.running().newPage();
    await slow(slowPage);
    await pause(500);
    const before = workTime(browser);
    const taken = await start(slowPage, origin);
    slower.push(taken + (slowness - 1) * (workTime(browser) - before));
    await slowPage.close();
  }
  table.add(`${what}, this processor`, median(plain), 'ms');
  table.add(`of it at work in the page`, median(page), 'ms');
  table.add(`of it at work in the worker`, median(work), 'ms');
  table.add(`${what}, processor ${slowness} times slower`, median(slower), 'ms', limit);
}

async function start(page: Page, origin: string): Promise<number> {
  await page.goto(origin, { waitUntil: 'commit' });
  await page.waitForSelector('main[data-screen="home"] h1', { timeout: 120_000 });
  return page.evaluate(() => performance.now());
}

export async function measureStart(table: Table): Promise<void> {
  const commune = new Commune(['--page', site]);
  await commune.found();
  const browser = await Browser.open();
  try {
    const origin = `http://localhost:${commune.port}`;
    const officer = new Officer(await browser.running().newPage(), origin);
    await officer.enrols(await commune.invite('proxy_entrant', 'branch_head'));
    await officer.page.evaluate(() => navigator.serviceWorker.ready);
    await officer.go('register');
    await officer.choosesGroup('Bản Nà Tấu');
    await officer.registers({ name: 'Lò Thị Ánh', year: '1990' });
    await officer.page.close();
    await commune.stop();
    await measureStarts(table, browser, origin, 'start, server dead', 1_000);
  } finally {
    await browser.close();
    await commune.end();
  }
}
