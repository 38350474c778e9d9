// What the page may ask, and what it is told. All of it is plain data; the page knows no more.

import type { Bytes, Fields } from './bytes';
import type { Fault, Outcome } from './fault';
import type { LockState } from './keys';
import type { Installation } from './sentinel';

/** Data as the module gives them; their shapes are those of the bindings. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export interface LinkState {
  /** off: not enrolled, or locked. posting: over HTTP. portal: the network wants a login. */
  phase: 'off' | 'waiting' | 'connecting' | 'open' | 'posting' | 'portal';
  /** When the next try comes, in ms since 1970. */
  retryAt?: number;
  bytesIn: number;
  bytesOut: number;
  /** When the server was last heard, in ms since 1970. */
  heardAt?: number;
  /** Bytes in a second, as of the last minute; 0: not known. */
  rate: number;
  /** Why the last meeting ended, if it did not end well. */
  fault: Fault | null;
  /** What the module says of it. */
  sync: Json;
}

export interface StorageState {
  usage: number;
  quota: number;
  /** The browser does not clear it by itself. */
  persisted: boolean;
  /** 80 % are used: a sealed copy is due. */
  low: boolean;
}

/** The same in all tabs. */
export interface LedState {
  /** Raised with everything that is stored: views may have changed. */
  revision: number;
  /** Bytes of the program on the line, while it is loaded. */
  loading: { received: number; total: number } | null;
  /** What the module says of this device; null: not begun yet. */
  device: Json;
  lock: LockState | null;
  link: LinkState;
  storage: StorageState | null;
  installation: Installation | null;
  /** Why nothing goes on. */
  fault: Fault | null;
}

export interface State extends LedState {
  /** Of this tab. starting: nobody leads yet. */
  role: 'starting' | 'leader' | 'follower';
}

/** What the worker asks of its page; the page answers all of it. */
export interface PageHooks {
  state(state: State): Promise<void>;
  /** The name of this installation in localStorage. */
  readInstallation(): Promise<string | undefined>;
  writeInstallation(id: string): Promise<void>;
  /** The module's dictionary, when the page has loaded it. */
  dictionary(): Promise<ArrayBuffer | undefined>;
}

export interface ActOptions {
  /** Judge it and write nothing: under each keystroke. */
  dry?: boolean;
  /** A name that the page draws for an act, so that repeating the call does nothing twice. */
  request?: string;
}

export interface Judged {
  /** As of an act. */
  answer: Json;
  /** In whose name; undefined where nobody was named. */
  actor: string | undefined;
}

export type PhotoPart = 'original' | 'thumbnail';

/** All of it answers with values; nothing throws. Acts are on the disk when they are good. */
export interface Workspace {
  /** Once for each page. */
  start(): Promise<void>;
  setVisible(visible: boolean): Promise<void>;

  act(act: string, fields: Fields, options?: ActOptions): Promise<Outcome<Json>>;
  /**
   * Judges an act under each keystroke and writes nothing. Of `actors` the first is taken whom the
   * rules do not refuse, or else the first; none: whom the module finds.
   */
  judge(act: string, fields: Fields, actors: readonly string[]): Promise<Outcome<Judged>>;
  view(view: string, fields?: Fields): Promise<Outcome<Json>>;

  /** A picture of evidence; null when it is not here. With `want` it is then fetched. */
  photo(file: string, part: PhotoPart, want?: boolean): Promise<Outcome<Bytes | null>>;
  /** Whether photos go on a slow line, too. */
  sendPhotos(when: 'always' | 'good-link'): Promise<Outcome<Json>>;

  /** Needs the line. `code` is as it was read or typed. */
  enrol(code: string, label: string): Promise<Outcome<Json>>;
  /** Answers when everything is sent and received, or says why not. */
  syncNow(): Promise<Outcome<LinkState>>;
  /** A sealed file of everything unsent. */
  bundle(): Promise<Outcome<Bytes>>;
  takeBundleAnswer(file: Bytes): Promise<Outcome<Json>>;

  setPin(pin: string, old?: string): Promise<Outcome<void>>;
  removePin(old: string): Promise<Outcome<void>>;
  unlock(pin: string): Promise<Outcome<Json>>;
  lock(): Promise<Outcome<Json>>;
}

/** The methods that whoever leads carries out. */
export const callable: ReadonlySet<string> = new Set([
  ...['act', 'view', 'photo', 'sendPhotos', 'enrol', 'syncNow', 'bundle', 'takeBundleAnswer'],
  ...['setPin', 'removePin', 'unlock', 'lock'],
]);

export const noLink: LinkState = {
  phase: 'off',
  bytesIn: 0,
  bytesOut: 0,
  rate: 0,
  fault: null,
  sync: null,
};
export const nothingLed: LedState = {
  revision: 0,
  loading: null,
  device: null,
  lock: null,
  link: noLink,
  storage: null,
  installation: null,
  fault: null,
};

/** What the module says of the device, as far as it matters here. */
export const deviceIn = ({ device }: LedState) =>
  (device ?? {}) as { enrolled?: boolean; browser_key?: string };
