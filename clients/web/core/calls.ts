// Calls of a tab to the tab that leads, whichever that is at the moment. A call that was not
// answered goes again to the next leader, under the same request: the leader does it once.

import type { Channel } from './channel';
import { bad, type Outcome } from './fault';
import { isWriting, step } from './steps';

export interface CallPorts {
  channel: Channel;
  isLeading(): boolean;
  /** Carries a call out; this tab leads. */
  carryOut(method: string, args: unknown[]): Promise<Outcome<unknown>>;
  /** The leader is silent. */
  suspect(): void;
}

interface Waiting {
  method: string;
  args: unknown[];
  settle(outcome: Outcome<unknown>): void;
  heard: boolean;
  timer: ReturnType<typeof setTimeout>;
}

export interface CallLimits {
  /** The leader says within this time that it heard a call. */
  heard: number;
  /**
   * The whole call, with every change of the leader in between. A leader that is stopped within a
   * transaction holds the database until the browser gives it up, after a minute.
   */
  answered: number;
  /** The same for calls that wait for the line. */
  overTheLine: number;
}
const usual: CallLimits = { heard: 2_000, answered: 120_000, overTheLine: 30 * 60_000 };
const waitForTheLine = new Set(['enrol', 'syncNow']);

/** State: calls that wait for their answers; calls of others that were taken. Thread: the worker. */
export class Calls {
  private readonly waiting = new Map<string, Waiting>();
  private readonly taken = new Set<string>();
  private next = 0;

  constructor(
    private readonly ports: CallPorts,
    private readonly limits: CallLimits = usual,
  ) {
    ports.channel.on('call', async ({ from, id, method, args }) => {
      if (!ports.isLeading()) return;
      ports.channel.send({ kind: 'heard', to: from, id });
      // It is sent again while this worker is busy.
      if (this.taken.has(id)) return;
      this.taken.add(id);
      if (__STEPS__ && isWriting(method, args)) await step('heard');
      const outcome = await ports.carryOut(method, args);
      if (__STEPS__ && isWriting(method, args)) await step('answering');
      // Whoever leads now will be asked again.
      if (!outcome.ok && outcome.fault.code === 'not_leading') {
        this.taken.delete(id);
        return;
      }
      ports.channel.send({ kind: 'answer', to: from, id, outcome });
    });
    ports.channel.on('heard', ({ id }) => {
      const call = this.waiting.get(id);
      if (call !== undefined) call.heard = true;
    });
    ports.channel.on('answer', ({ id, outcome }) => this.settle(id, outcome));
    setInterval(() => this.remind(), limits.heard);
  }

  /** Faults: no_answer: nobody knows whether it was done; with a request it can be repeated. */
  call(method: string, args: unknown[]): Promise<Outcome<unknown>> {
    return new Promise((settle) => {
      const id = `${this.ports.channel.name}/${(this.next += 1)}`;
      const { answered, overTheLine } = this.limits;
      const time = waitForTheLine.has(method) ? overTheLine : answered;
      const timer = setTimeout(() => this.settle(id, bad('no_answer')), time);
      this.waiting.set(id, { method, args, settle, heard: false, timer });
      this.send(id);
    });
  }

  /** Another tab leads, or this one: what waits is asked again. */
  leaderChanged(): void {
    for (const [id, call] of this.waiting) {
      call.heard = false;
      this.send(id);
    }
  }

  private send(id: string): void {
    const call = this.waiting.get(id);
    if (call === undefined) return;
    const { method, args } = call;
    if (!this.ports.isLeading()) {
      this.ports.channel.send({ kind: 'call', id, method, args });
      return;
    }
    call.heard = true;
    void this.ports.carryOut(method, args).then((outcome) => {
      const again = !outcome.ok && outcome.fault.code === 'not_leading';
      if (again && this.waiting.has(id)) return; // leaderChanged() sends it.
      this.settle(id, outcome);
    });
  }

  private settle(id: string, outcome: Outcome<unknown>): void {
    const call = this.waiting.get(id);
    if (call === undefined) return;
    this.waiting.delete(id);
    clearTimeout(call.timer);
    call.settle(outcome);
  }

  private remind(): void {
    if (this.ports.isLeading()) return;
    for (const [id, call] of this.waiting) {
      if (call.heard) continue;
      this.ports.suspect();
      this.send(id);
    }
  }
}
