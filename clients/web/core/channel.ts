// What the workers of this browser's tabs say to one another.

import type { Outcome } from './fault';
import type { LedState } from './workspace';

export type Message =
  /** The leader is there. `busy`: it may be silent for a while. */
  | { kind: 'beat'; busy: boolean }
  /** A tab asks the leader. */
  | { kind: 'call'; id: string; method: string; args: unknown[] }
  /** The leader heard it. */
  | { kind: 'heard'; to: string; id: string }
  | { kind: 'answer'; to: string; id: string; outcome: Outcome<unknown> }
  /** What everybody shows. */
  | { kind: 'state'; state: LedState }
  /** A tab that has just begun wants to know what to show. */
  | { kind: 'hello' };
export type Received<K extends Message['kind']> = Extract<Message, { kind: K }> & { from: string };

export class Channel {
  /** The name of this tab's worker among the others. */
  readonly name = Array.from(crypto.getRandomValues(new Uint32Array(2))).join('-');
  private readonly port = new BroadcastChannel('khuyenhoc');
  private readonly hearers = new Map<string, (message: never) => void>();

  constructor() {
    this.port.onmessage = ({ data }: MessageEvent<Message & { from: string; to?: string }>) => {
      if (data.to !== undefined && data.to !== this.name) return;
      this.hearers.get(data.kind)?.(data as never);
    };
  }

  send(message: Message): void {
    this.port.postMessage({ ...message, from: this.name });
  }

  on<K extends Message['kind']>(kind: K, hear: (message: Received<K>) => void): void {
    this.hearers.set(kind, hear);
  }
}
