// A processor four times slower. Chromium slows the thread of a page; a worker it cannot slow, so
// the time that workers were on a processor, as the kernel tells, is counted four times.

import { readdirSync, readFileSync } from 'node:fs';
import type { CDPSession, Page } from 'playwright-core';
import { processesOf, type Browser } from '../support/browser';

export const slowness = 4;

interface Profile {
  nodes: { id: number; callFrame: { functionName: string } }[];
  samples: number[];
  timeDeltas: number[];
}
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

  async watch(): Promise<void> {
    await this.send('Profiler.enable');
    await this.send('Profiler.setSamplingInterval', { interval: 500 });
    await this.send('Profiler.start');
  }

  /** What its functions took since watch(), the longest first. */
  async spent(): Promise<[string, number][]> {
    const { profile } = await this.send<{ profile: Profile }>('Profiler.stop');
    const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame.functionName]));
    const times = new Map<string, number>();
    profile.samples.forEach((id, at) => {
      const name = names.get(id) ?? '';
      times.set(name, (times.get(name) ?? 0) + (profile.timeDeltas[at] ?? 0) / 1000);
    });
    return [...times].sort((a, b) => b[1] - a[1]);
  }

  /** Bytes of its heap, and of the module's memory within. */
  async heap(): Promise<{ used: number; total: number }> {
    await this.send('HeapProfiler.collectGarbage').catch(() => undefined);
    const told = await this.send<{
      usedSize: number;
      totalSize: number;
      backingStorageSize?: number;
    }>('Runtime.getHeapUsage');
    return { used: told.usedSize, total: told.usedSize + (told.backingStorageSize ?? 0) };
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

/** How long the workers of all tabs were on a processor until now, in ms. */
export function workTime({ profile }: Browser): number {
  let nanoseconds = 0;
  for (const pid of processesOf(profile)) {
    try {
      for (const thread of readdirSync(`/proc/${pid}/task`)) {
        const at = `/proc/${pid}/task/${thread}`;
        if (readFileSync(`${at}/comm`, 'utf8').trim() !== 'DedicatedWorker') continue;
        nanoseconds += Number(readFileSync(`${at}/schedstat`, 'utf8').split(' ')[0]);
      }
    } catch {
      // It ended meanwhile.
    }
  }
  return nanoseconds / 1e6;
}
