// One tab of this browser leads: it owns module, store and socket. Who leads holds a lock; who holds
// the lock but does not answer is robbed of it, and finds at its next write that it no longer leads.

import type { Channel } from './channel';

export const lockName = 'khuyenhoc-leader';

export interface LeaderLimits {
  /** The leader says this often that it is there. */
  beat: number;
  /** Silent for so long, its lock is taken. */
  silence: number;
  /** While the leader begins, loads and reads, it may be silent for longer. */
  patience: number;
}
const usual: LeaderLimits = { beat: 1_000, silence: 6_000, patience: 30_000 };

export interface LeaderPorts {
  channel: Channel;
  /** This tab leads now. It is asked once for each time that it gets the lock. */
  lead(): void;
  /** Another tab took the lock. */
  lost(): void;
  /** Another tab leads and is heard. */
  follow(leader: string): void;
}

/**
 * State: whether this tab leads; when the leader was last heard.
 * Thread: the worker.
 */
export class Leader {
  private leading = false;
  private heardAt = Date.now();
  private allowed: number;
  private release: (() => void) | undefined;
  /** Of the request that waits in the lock's queue. */
  private queued: AbortController | undefined;
  private busy = true;
  private visible = true;
  private stealing = false;
  private readonly ticking: ReturnType<typeof setInterval>;

  constructor(
    private readonly ports: LeaderPorts,
    private readonly limits: LeaderLimits = usual,
  ) {
    this.allowed = limits.patience;
    ports.channel.on('beat', (message) => {
      if (this.leading) return;
      this.heardAt = Date.now();
      this.allowed = message.busy ? limits.patience : limits.silence;
      ports.follow(message.from);
    });
    this.ticking = setInterval(() => this.tick(), limits.beat);
    this.ask(false);
  }

  isLeading(): boolean {
    return this.leading;
  }

  /** The leader will do something long, or is through with it. */
  setBusy(busy: boolean): void {
    this.busy = busy;
    this.beat();
  }

  /** Only a tab that somebody looks at takes the lock from a silent leader. */
  setVisible(visible: boolean): void {
    this.visible = visible;
  }

  /** Somebody waits for the leader, who does not answer. */
  suspect(): void {
    this.allowed = Math.min(this.allowed, this.limits.silence);
  }

  /** Gives the lock to the next tab. */
  stop(): void {
    clearInterval(this.ticking);
    this.leading = false;
    this.release?.();
  }

  private ask(steal: boolean): void {
    this.queued?.abort();
    this.queued = undefined;
    let how: LockOptions = { steal: true };
    if (!steal) {
      this.queued = new AbortController();
      how = { signal: this.queued.signal };
    }
    const { signal } = how;
    const held = navigator.locks.request(lockName, how, () => {
      this.stealing = false;
      this.leading = true;
      this.busy = true;
      this.beat();
      this.ports.lead();
      return new Promise<void>((resolve) => {
        this.release = resolve;
      });
    });
    held.catch(() => {
      if (signal?.aborted && !this.leading) return; // This tab asked again, and robs.
      const led = this.leading;
      this.leading = false;
      this.stealing = false;
      this.heardAt = Date.now();
      this.allowed = this.limits.patience;
      if (led) this.ports.lost();
      this.ask(false);
    });
  }

  private tick(): void {
    if (this.leading) {
      this.beat();
      return;
    }
    const silent = Date.now() - this.heardAt;
    if (!this.visible || this.stealing || silent < this.allowed) return;
    // Two tabs that look on do not rob one another: whoever is first is heard by the other.
    this.stealing = true;
    setTimeout(() => {
      if (Date.now() - this.heardAt >= this.allowed && !this.leading) {
        this.ask(true);
      } else {
        this.stealing = false;
      }
    }, Math.random() * this.limits.beat);
  }

  private beat(): void {
    if (this.leading) this.ports.channel.send({ kind: 'beat', busy: this.busy });
  }
}
