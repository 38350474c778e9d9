// The line to the server: one socket, and HTTP where no socket gets through. What is said on it is
// the module's; this only carries bytes, waits, and counts. Protocol: docs/protocol.md 1.

import type { Bytes } from './bytes';
import { type Given, noBytes } from './domain';
import { bad, good, type Fault, type Outcome } from './fault';
import type { LinkPorts } from './link_ports';
import { Meter } from './meter';
import { Post } from './post';
import { converse, type Ending } from './socket';
import { apartFromFiles, factsOf, isThrough, type SyncFacts } from './sync_facts';
import { noLink, type Json, type LinkState } from './workspace';

/** A device posts for a day before it tries a socket again. */
const postingTime = 24 * 3600_000;
/** Between two posts while nothing waits. */
const postingPause = 30_000;
/** While the server has said that it will not have this device, or lives elsewhere. */
const hopelessPause = 15 * 60_000;

/**
 * State: whether it may run, what it shows, and who waits for it.
 * Thread: the worker.
 */
export class Link {
  private shown: LinkState = noLink;
  private running = false;
  private wanted = false;
  private ring: (() => void) | undefined;
  private send: ((bytes: Bytes, isQuestion?: boolean) => void) | undefined;
  private hangUp: (() => void) | undefined;
  private postUntil = 0;
  private postsInstead = 0;
  private feeding = false;
  private settled = '';
  private readonly meter: Meter;
  private readonly post: Post;
  private readonly waiters = new Set<(outcome: Outcome<LinkState>) => void>();

  constructor(private readonly ports: LinkPorts) {
    this.meter = new Meter(ports.now);
    this.post = new Post(ports.postUrl);
  }

  /** Goes on until stop(): the device is enrolled and unlocked. */
  start(): void {
    this.wanted = true;
    if (!this.running) void this.run();
    else this.wake();
  }

  stop(): void {
    this.wanted = false;
    this.hangUp?.();
    this.wake();
    this.finish(bad('no_line'));
  }

  /** The network came back, somebody looks at the page, or asks: no more waiting. */
  wake(): void {
    this.ring?.();
  }

  /** Something was recorded: it goes at once where the line is open. */
  async push(): Promise<void> {
    if (this.send === undefined) return this.wake();
    const pushed = await this.ports.call('push', {});
    if (pushed.ok) this.take(pushed.value);
    void this.feed();
  }

  /** Gives the module the files that it wants, and says on the line what it makes of them. */
  private async feed(): Promise<void> {
    if (this.feeding) return;
    this.feeding = true;
    while (this.send !== undefined && (await this.giveWanted())) {
      const pushed = await this.ports.call('push', {});
      if (!pushed.ok) break;
      this.take(pushed.value);
    }
    this.feeding = false;
  }

  private async giveWanted(): Promise<boolean> {
    const { wants = [] } = this.sync();
    return wants.length > 0 && this.ports.giveFiles(wants);
  }

  /** Good when the line is open, or a round of posts is through, and nothing waits any more. */
  syncNow(): Promise<Outcome<LinkState>> {
    if (!this.wanted) return Promise.resolve(bad('no_line'));
    return new Promise((resolve) => {
      this.waiters.add(resolve);
      void this.push();
    });
  }

  /** One question before there is a session: enrolment. Faults: no_line, portal. */
  async ask(bytes: Bytes): Promise<Outcome<Bytes>> {
    let answer: Bytes | undefined;
    const ending = await converse(this.ports.socketUrl, {
      begun: () => undefined,
      opened: async () => bytes,
      received: async (frames) => {
        answer = frames;
        return undefined;
      },
      ready: () => undefined,
    });
    if (answer !== undefined) return good(answer);
    if (ending.opened) return bad('no_line');
    return this.post.exchange(bytes);
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.wanted) {
      this.show({ phase: 'connecting' });
      const { why, pause } = await this.meet();
      await this.note();
      await this.ports.call('hang_up', { why });
      const { state, retry_after = 0 } = this.sync();
      if (state === 'forked' && this.wanted && (await this.leaveChain())) continue;
      if (state === 'reconnect' && this.wanted) continue;
      if (why !== 'done') this.finish(bad(this.shown.phase === 'portal' ? 'portal' : 'no_line'));
      if (!this.wanted) break;
      const isEnd = state === 'revoked' || state === 'moved';
      const wait = isEnd ? hopelessPause : (pause ?? this.ports.backoff.next(retry_after));
      this.show({ phase: this.waitingPhase(), retryAt: this.ports.now() + wait });
      await this.rest(wait);
    }
    this.running = false;
    this.show({ phase: 'off' });
  }

  /** A copy of this device went on with its chain: this one gets another. */
  private async leaveChain(): Promise<boolean> {
    const fresh = await this.ports.freshKey();
    if (!fresh.ok) return this.fail(fresh.fault) ?? false;
    const asked = await this.ports.call('new_chain_ask', { browser_key: fresh.value });
    if (!asked.ok) return this.fail(asked.fault) ?? false;
    const frames = await this.ask(asked.value.bytes);
    if (!frames.ok) return this.fail(frames.fault) ?? false;
    const answered = await this.ports.call('new_chain_answer', { frames: frames.value });
    if (!answered.ok) return this.fail(answered.fault) ?? false;
    this.ports.deviceChanged(JSON.parse(answered.value.json) as Json);
    return true;
  }

  private waitingPhase(): LinkState['phase'] {
    const { phase } = this.shown;
    return phase === 'portal' || phase === 'posting' ? phase : 'waiting';
  }

  /** One connection, or one round of posts. `pause`: instead of the backoff's. */
  private async meet(): Promise<{ why: string; pause?: number }> {
    if (this.postsInstead >= 2 && this.ports.now() >= this.postUntil) this.postsInstead = 0;
    if (this.postsInstead < 2) {
      const ending = await this.meetBySocket();
      if (ending.opened) {
        this.postsInstead = 0;
        return { why: ending.why };
      }
      if (!this.wanted) return { why: ending.why };
    }
    const posted = await this.meetByPost();
    if (!posted.ok) {
      if (posted.fault.code === 'portal') this.show({ phase: 'portal' });
      this.fail(posted.fault);
      return { why: posted.fault.code };
    }
    // Once may have been chance.
    this.postsInstead += 1;
    if (this.postsInstead === 2) this.postUntil = this.ports.now() + postingTime;
    this.ports.backoff.reset();
    this.show({ fault: null });
    this.look();
    void this.settle();
    return { why: 'done', pause: postingPause };
  }

  private async meetBySocket(): Promise<Ending> {
    this.settled = '';
    const ending = await converse(this.ports.socketUrl, {
      begun: (hangUp) => {
        this.hangUp = hangUp;
      },
      opened: async () => {
        const greeting = await this.ports.call('greet', { live: 1, http: 0 });
        return greeting.ok ? this.out(greeting.value.bytes) : this.fail(greeting.fault);
      },
      ready: (send) => {
        this.send = (bytes, isQuestion) => send(this.out(bytes), isQuestion);
        this.show({ phase: 'open' });
      },
      received: async (frames) => {
        this.meter.received(frames.length);
        const taken = await this.ports.call('frames', { frames });
        if (!taken.ok) return this.fail(taken.fault);
        this.ports.backoff.reset();
        this.show({ fault: null, sync: JSON.parse(taken.value.json) as Json });
        // Here, so that everything leaves in the order in which the module said it.
        this.send?.(taken.value.bytes, false);
        this.look();
        void this.settle();
        void this.feed();
        return noBytes;
      },
    });
    this.send = undefined;
    this.hangUp = undefined;
    return ending;
  }

  /** Round after round, each with a greeting of its own, while one side has something to say. */
  private async meetByPost(): Promise<Outcome<void>> {
    for (let before = ''; this.wanted;) {
      const greeting = await this.ports.call('greet', { live: 0, http: 1 });
      if (!greeting.ok) return greeting;
      const answer = await this.post.exchange(this.out(greeting.value.bytes));
      if (!answer.ok) return answer;
      this.meter.received(answer.value.length);
      const taken = await this.ports.call('frames', { frames: answer.value });
      if (!taken.ok) return taken;
      // What the module would say now, the next greeting is followed by.
      this.show({ phase: 'posting', sync: JSON.parse(taken.value.json) as Json });
      if (taken.value.json === before) break;
      before = taken.value.json;
      await this.giveWanted();
    }
    return good(undefined);
  }

  private take(given: Given): void {
    this.show({ sync: JSON.parse(given.json) as Json });
    if (given.bytes.length > 0) this.send?.(given.bytes);
    this.look();
  }

  /** What became of the connection, before the module forgets it. */
  private async note(): Promise<void> {
    const told = await this.ports.call('sync', {});
    if (told.ok) this.show({ sync: JSON.parse(told.value.json) as Json });
  }

  private sync(): SyncFacts {
    return factsOf(this.shown.sync);
  }

  /**
   * Both sides know everything: what was on a chain that was left can be recorded again, and who
   * works on this device, in which roles, may be known only now.
   */
  private async settle(): Promise<void> {
    if (this.sync().synced !== true) return;
    const told = apartFromFiles(this.shown.sync);
    if (told === this.settled) return;
    this.settled = told;
    const again = await this.ports.call('settle', {});
    if (!again.ok) return;
    this.ports.deviceChanged(JSON.parse(again.value.json) as Json);
    await this.push();
  }

  private fail(fault: Fault): undefined {
    this.show({ fault });
  }

  private out(bytes: Bytes): Bytes {
    this.meter.sent(bytes.length);
    return bytes;
  }

  private show(change: Partial<LinkState>): void {
    const { retryAt: _, ...before } = this.shown;
    this.shown = { ...before, ...change, ...this.meter.state() };
    this.ports.changed(this.shown);
  }

  /** Tells who waits for it that all is sent and received. */
  private look(): void {
    if (isThrough(this.sync())) this.finish(good(this.shown));
  }

  private finish(outcome: Outcome<LinkState>): void {
    for (const resolve of this.waiters) resolve(outcome);
    this.waiters.clear();
  }

  private rest(wait: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, wait);
      this.ring = () => {
        clearTimeout(timer);
        this.ring = undefined;
        resolve();
      };
    });
  }
}
