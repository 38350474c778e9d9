// Which module this device loads: whoever only reads needs the smaller one.

import { good, type Outcome } from './fault';
import type { ModuleKind } from './loading';
import type { Store } from './store';
import type { Json } from './workspace';

const name = 'module';

/** State: what was chosen at the last start, or by the address of the invitation at the first. */
export class ModuleChoice {
  private chosen: ModuleKind = self.name === 'reader' ? 'reader' : 'officer';
  private kept: ModuleKind | undefined;

  /** `anew`: the module that runs lacks what the device may do now. */
  constructor(
    private readonly store: Pick<Store, 'read' | 'put'>,
    private readonly anew: () => void,
  ) {}

  get kind(): ModuleKind {
    return this.chosen;
  }

  /** Faults: storage_*. */
  async begin(): Promise<Outcome<void>> {
    const kept = await this.store.read<ModuleKind>('meta', name);
    if (!kept.ok) return kept;
    this.kept = kept.value;
    this.chosen = kept.value ?? this.chosen;
    return good(undefined);
  }

  /** What the module says of the device: its roles may have changed. */
  heed(device: Json): void {
    const said = device as { reads_only?: boolean; whole_module?: boolean } | null;
    if (said?.reads_only === undefined) return;
    // Own events of former times, and what a restored server asks for, need the whole one.
    const kind = said.reads_only && said.whole_module !== true ? 'reader' : 'officer';
    if (kind === this.kept) return;
    this.kept = kind;
    void this.store.put('meta', name, kind);
    if (kind === 'officer' && this.chosen === 'reader') this.anew();
    this.chosen = kind;
  }
}
