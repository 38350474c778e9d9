// A processor four times slower. Chromium slows the thread of a page; a worker it cannot slow, so
// the time that workers were on a processor, as the kernel tells, is counted four times.

import { readdirSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { processesOf, type Browser } from '../support/browser';

export const slowness = 4;

/** Slows the page itself from now on. */
export async function slow(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowness });
}

/** How long the workers of all tabs, or their pages, were on a processor until now, in ms. */
export function workTime({ profile }: Browser, whose: 'workers' | 'pages' = 'workers'): number {
  let nanoseconds = 0;
  for (const pid of processesOf(profile)) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer')) continue;
      for (const id of readdirSync(`/proc/${pid}/task`)) {
        const at = `/proc/${pid}/task/${id}`;
        const isWorker = readFileSync(`${at}/comm`, 'utf8').trim() === 'DedicatedWorker';
        const isWanted = whose === 'workers' ? isWorker : Number(id) === pid;
        if (!isWanted) continue;
        nanoseconds += Number(readFileSync(`${at}/schedstat`, 'utf8').split(' ')[0]);
      }
    } catch {
      // It ended meanwhile.
    }
  }
  return nanoseconds / 1e6;
}

/** What the tab with the worker holds in memory of its own: page, worker, module, in bytes. */
export function memoryOf({ profile }: Browser): number {
  let most = 0;
  for (const pid of processesOf(profile)) {
    try {
      const threads = readdirSync(`/proc/${pid}/task`);
      const isOurs = threads.some((id) =>
        readFileSync(`/proc/${pid}/task/${id}/comm`, 'utf8').startsWith('DedicatedWorker'),
      );
      const held = /RssAnon:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      if (isOurs) most = Math.max(most, Number(held) * 1024);
    } catch {
      // It ended meanwhile.
    }
  }
  return most;
}
