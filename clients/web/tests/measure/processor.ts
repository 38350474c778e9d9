// A processor four times slower. Chromium slows the thread of a page; a worker it cannot slow, so
// the time that workers were on a processor, as the kernel tells, is counted four times.

import { readdirSync, readFileSync } from 'node:fs';
import type { CDPSession, Page } from 'playwright-core';
import { processesOf, type Browser } from '../support/browser';

export const slowness = 4;

type Answer = { id: number; result?: unknown; error?: { message: string } };

export class Worker {
  private next = 0;
  private readonly waiting = new Map<number, (answer: Answer) => void>();

  private constructor(
    private readonly devtools: CDPSession,
    private readonly session: string,
  ) {
    devtools.on('Target.receivedMessageFromTarget', ({ sessionId, message }) => {
      if (sessionId !== session) return;
      const answer = JSON.parse(message) as Answer;
      this.waiting.get(answer.id)?.(answer);
    });
  }

  /** The worker of a tab that is about to be loaded; it waits until begins() lets it go. */
  static async next(devtools: CDPSession): Promise<() => Promise<Worker>> {
    const attached = new Promise<Worker>((resolve) => {
      devtools.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
        if (targetInfo.type === 'worker') resolve(new Worker(devtools, sessionId));
      });
    });
    await devtools.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: true,
      flatten: false,
    });
    return () => attached;
  }

  async send<T>(method: string, params: object = {}): Promise<T> {
    const id = (this.next += 1);
    const answered = new Promise<Answer>((resolve) => this.waiting.set(id, resolve));
    const message = JSON.stringify({ id, method, params });
    await this.devtools.send('Target.sendMessageToTarget', { sessionId: this.session, message });
    const { result, error } = await answered;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result as T;
  }

  /** Lets it begin. */
  async begins(): Promise<void> {
    await this.send('Runtime.runIfWaitingForDebugger');
  }
}

/** A page on a slow processor, and its worker, watched. */
export async function slowed(
  page: Page,
): Promise<{ devtools: CDPSession; worker: Promise<Worker> }> {
  const devtools = await page.context().newCDPSession(page);
  const attached = await Worker.next(devtools);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowness });
  const worker = attached().then(async (worker) => {
    await worker.begins();
    return worker;
  });
  return { devtools, worker };
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
