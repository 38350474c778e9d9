import type { Store } from './store';
import type { StorageState } from './workspace';

const low = 0.8;
const lookEvery = 20_000;
const lookAfterBytes = 256 * 1024;

/** State: when the browser was asked last how much room there is, and what was written since. */
export class StorageWatch {
  private looked = 0;
  private unseen = 0;

  wrote(bytes: number): void {
    this.unseen += bytes;
  }

  isDue(): boolean {
    return Date.now() - this.looked > lookEvery || this.unseen > lookAfterBytes;
  }

  /** What the browser says, and whether the reserve is still there; nothing: it does not tell. */
  async look(store: Store | undefined): Promise<StorageState | undefined> {
    this.looked = Date.now();
    this.unseen = 0;
    const { storage } = navigator;
    if (storage?.estimate === undefined) return undefined;
    const { usage = 0, quota = 0 } = await storage.estimate();
    const persisted = await storage.persisted();
    const isTight = (await store?.keepReserve()) === false;
    return { usage, quota, persisted, low: isTight || (quota > 0 && usage >= low * quota) };
  }
}
