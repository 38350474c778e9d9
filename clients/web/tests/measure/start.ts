// The second start: the server is dead, the processor slow.

import type { Page } from 'playwright-core';
import { Commune } from '../screens/commune';
import { site } from '../screens/day';
import { Officer } from '../screens/officer';
import { Browser } from '../support/browser';
import { slowed, slowness, workTime } from './processor';
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
  const slow: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const quick = await browser.running().newPage();
    plain.push(await start(quick, origin));
    await quick.close();
    const page = await browser.running().newPage();
    await slowed(page);
    const before = workTime(browser);
    const taken = await start(page, origin);
    slow.push(taken + (slowness - 1) * (workTime(browser) - before));
    await page.close();
  }
  table.add(`${what}, this processor`, median(plain), 'ms');
  table.add(`${what}, processor ${slowness} times slower`, median(slow), 'ms', limit);
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
