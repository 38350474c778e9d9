// The first load over 64 kbit/s and 600 ms, from the real server: what is seen when, and what an
// interruption costs.

import type { Page } from 'playwright-core';
import { Commune } from '../screens/commune';
import { site } from '../screens/day';
import { startLine, stopServer, type ServerProcess } from '../screens/programs';
import { Browser, pause } from '../support/browser';
import type { Table } from './table';

const kb = 1000;
const design = 'rate 64000\ndelay 300\n';

/** Bytes that the page itself has loaded until now, with their heads. */
const loaded = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const all = performance.getEntries() as PerformanceResourceTiming[];
    return all
      .filter(({ transferSize }) => transferSize > 0)
      .reduce((sum, { transferSize }) => sum + transferSize, 0);
  });

const code = (page: Page) => page.getByLabel('Mã mời', { exact: true });

/** Bytes that a line has brought down; the line has ended then. */
async function broughtDown(line: ServerProcess): Promise<number> {
  let said = '';
  line.process.stdout?.on('data', (part: Buffer) => (said += part.toString()));
  await stopServer(line);
  await pause(100);
  return Number(/, (\d+) bytes down/.exec(said)?.[1] ?? NaN);
}

async function whole(table: Table, commune: Commune): Promise<number> {
  const browser = await Browser.open();
  const line = await startLine(commune.port, design);
  try {
    const page = await browser.running().newPage();
    const begun = Date.now();
    const since = (): number => (Date.now() - begun) / 1000;
    await page.goto(`http://localhost:${line.port}/`, { waitUntil: 'commit' });
    await page.waitForFunction(() => performance.getEntriesByType('paint').length > 0);
    const painted = await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    );
    table.add('64 kbit/s: something is seen', painted / 1000, 's', 8);
    await page.waitForSelector('p.slow', { state: 'detached', timeout: 60_000 });
    table.add('64 kbit/s: the page tells how it goes', since(), 's', 8);
    table.add('64 kbit/s: bytes until then', (await loaded(page)) / kb, 'KB', 40.96);
    await page.waitForSelector('main progress', { timeout: 60_000 });
    table.add('64 kbit/s: progress in bytes and seconds', since(), 's');
    await code(page).waitFor({ timeout: 120_000 });
    table.add('64 kbit/s: the officer works', since(), 's', 50);
    const bytes = await broughtDown(line);
    table.add('64 kbit/s: bytes until then', bytes / kb, 'KB', 348.16);
    return bytes;
  } finally {
    await browser.close();
    await stopServer(line);
  }
}

async function interrupted(table: Table, commune: Commune, bytesOfWhole: number): Promise<void> {
  const browser = await Browser.open();
  let line = await startLine(commune.port, design);
  const { port } = line;
  try {
    const page = await browser.running().newPage();
    await page.goto(`http://localhost:${port}/`, { waitUntil: 'commit' });
    await page.waitForFunction(
      () => {
        const shown = document.querySelector<HTMLProgressElement>('main progress');
        return shown !== null && shown.value > 0.6 * shown.max;
      },
      null,
      { timeout: 120_000 },
    );
    const before = await broughtDown(line);
    await pause(3_000);
    line = await startLine(commune.port, design, port);
    const begun = Date.now();
    await code(page).waitFor({ timeout: 120_000 });
    table.add('64 kbit/s: cut at 60 %, the rest', (Date.now() - begun) / 1000, 's', 30);
    const after = await broughtDown(line);
    table.add('64 kbit/s: bytes loaded twice', (before + after - bytesOfWhole) / kb, 'KB', 60);
  } finally {
    await browser.close();
    await stopServer(line);
  }
}

export async function measureLine(table: Table): Promise<void> {
  const commune = new Commune(['--page', site]);
  await commune.found();
  try {
    const bytes = await whole(table, commune);
    await interrupted(table, commune, bytes);
  } finally {
    await commune.end();
  }
}
