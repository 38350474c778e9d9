import type { Backoff } from './backoff';
import type { Bytes, Fields } from './bytes';
import type { Given } from './domain';
import type { Outcome } from './fault';
import type { Json, LinkState } from './workspace';

/** What the line needs of the tab that leads. */
export interface LinkPorts {
  call(name: string, fields: Fields): Promise<Outcome<Given>>;
  changed(state: LinkState): void;
  /** Gives the module files that it wants; false: it did not get them. */
  giveFiles(names: readonly string[]): Promise<boolean>;
  /** The public key of a pair that the browser holds, for another chain; nothing where it cannot. */
  freshKey(): Promise<Outcome<Bytes | undefined>>;
  /** The device has another chain. */
  deviceChanged(device: Json): void;
  backoff: Backoff;
  now(): number;
  /** wss://HOST/s and https://HOST/s/x. */
  socketUrl: string;
  postUrl: string;
}
