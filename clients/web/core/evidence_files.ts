// Files of evidence between the store and the module: the module names what it wants, and holds the
// bytes only while they are under way or looked at.

import type { Bytes, Fields } from './bytes';
import type { Given } from './domain';
import { good, type Outcome } from './fault';

export interface EvidencePorts {
  call(name: string, fields: Fields): Promise<Outcome<Given>>;
  readPieces(name: string): Promise<Outcome<Bytes>>;
  /** There may be more to send or to fetch. */
  goOn(): void;
}

/** Thread: the worker. */
export class EvidenceFiles {
  constructor(private readonly ports: EvidencePorts) {}

  /** Gives the module the files that it wants; false: not all of them. */
  async give(names: readonly string[]): Promise<boolean> {
    for (const name of names) {
      const pieces = await this.ports.readPieces(name);
      if (!pieces.ok) return false;
      const given = await this.ports.call('file_give', { name, pieces: pieces.value });
      if (!given.ok) return false;
    }
    return true;
  }

  /** When originals go without being asked for: always, or where the line is good. */
  async choose(when: string): Promise<Outcome<Given>> {
    const chosen = await this.ports.call('originals', { when });
    this.ports.goOn();
    return chosen;
  }

  /** A picture; null when it is not here. With `want` the next contact fetches it. */
  async open(file: string, part: string, want: boolean): Promise<Outcome<Bytes | null>> {
    const found = await this.ports.call('photo', { file, part, want });
    if (!found.ok) return found;
    const { name, here } = JSON.parse(found.value.json) as { name: string; here: boolean };
    if (!here && want) this.ports.goOn();
    if (!here) return good(null);
    const pieces = await this.ports.readPieces(name);
    if (!pieces.ok) return pieces;
    const opened = await this.ports.call('photo', { file, part, pieces: pieces.value });
    return opened.ok ? good(opened.value.bytes) : opened;
  }
}
