import { readdirSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { pause, processesOf, type Browser } from './browser';

/** How long the first thread of a process was on a processor, in ms: in a tab it runs the page. */
function worked(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return 0;
  }
}

const enough = 60;

/** The process of a tab: the one that works while the tab does. */
export async function processOf(browser: Browser, page: Page): Promise<number> {
  // A tab in the background gets little of a busy machine.
  await page.bringToFront();
  let times: { pid: number; ms: number }[] = [];
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const before = new Map(processesOf(browser.profile).map((pid) => [pid, worked(pid)]));
    await page.evaluate(() => {
      const end = performance.now() + 1_500;
      while (performance.now() < end);
    });
    times = [...before].map(([pid, ms]) => ({ pid, ms: worked(pid) - ms }));
    times.sort((a, b) => b.ms - a.ms);
    const [most, next] = times;
    if (most !== undefined && most.ms >= enough && (next?.ms ?? 0) < most.ms / 2) return most.pid;
  }
  throw new Error(`no process stands out: ${JSON.stringify(times)}`);
}

/** Stops a process. On return none of its threads runs. */
export async function stopProcess(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  // On a busy machine its threads go on until the first of them has taken the signal.
  for (const end = Date.now() + 10_000; Date.now() < end; await pause(5)) {
    const states = readdirSync(`/proc/${pid}/task`).map((task) => {
      const status = readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8');
      return status[status.lastIndexOf(')') + 2];
    });
    if (states.every((state) => state === 'T')) return;
  }
  throw new Error(`process ${pid} goes on`);
}
