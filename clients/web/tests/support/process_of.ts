import { readdirSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { pause, processesOf, type Browser } from './browser';

/** Ticks that a process has worked. */
function worked(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return 0;
  }
}

/** The process of a tab: the one that works while the tab does. */
export async function processOf(browser: Browser, page: Page): Promise<number> {
  // A tab in the background gets little of a busy machine.
  await page.bringToFront();
  let ticks: { pid: number; ticks: number }[] = [];
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const before = new Map(processesOf(browser.profile).map((pid) => [pid, worked(pid)]));
    await page.evaluate(() => {
      const end = performance.now() + 1_500;
      while (performance.now() < end);
    });
    ticks = [...before].map(([pid, ticks]) => ({ pid, ticks: worked(pid) - ticks }));
    ticks.sort((a, b) => b.ticks - a.ticks);
    const [most, next] = ticks;
    if (most !== undefined && most.ticks >= 20 && (next?.ticks ?? 0) < most.ticks / 2) {
      return most.pid;
    }
  }
  throw new Error(`no process stands out: ${JSON.stringify(ticks)}`);
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
