import type { LedState } from './workspace';

/** What the work of the tab that leads needs of its worker. */
export interface SessionPorts {
  changed(state: LedState): void;
  /** Begun, or through with something that takes long. */
  busy(busy: boolean): void;
  readInstallation(): Promise<string | undefined>;
  writeInstallation(id: string): Promise<void>;
  dictionary(): Promise<ArrayBuffer | undefined>;
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

const pageTime = 2_000;

/** A page that is frozen does not answer; its worker goes on without it. */
export function askPage(ports: SessionPorts): Promise<string | undefined | null> {
  const silent = pause(pageTime).then(() => null);
  return Promise.race([ports.readInstallation(), silent]);
}
