// The work of the tab that leads: module, store, keys and line, and what the page asks of them.

import { Backoff } from './backoff';
import type { Bytes, Fields } from './bytes';
import { DomainCalls, type Given } from './domain';
import { EvidenceFiles } from './evidence_files';
import { bad, good, type Outcome } from './fault';
import { Keys } from './keys';
import { Link } from './link';
import { loadModule } from './module';
import { ModuleChoice } from './module_choice';
import { recogniseHere } from './sentinel';
import { askPage, pause, type SessionPorts } from './session_ports';
import { step } from './steps';
import { StorageWatch } from './storage_state';
import { Store, type Closing } from './store';
import {
  callable,
  deviceIn,
  nothingLed,
  type ActOptions,
  type Json,
  type LedState,
  type LinkState,
} from './workspace';

/**
 * State: what is shown, and the parts it stands on.
 * Lifetime: while this tab leads; end() afterwards.
 */
export class Session {
  private shown: LedState = nothingLed;
  private store: Store | undefined;
  private keys: Keys | undefined;
  private domain: DomainCalls | undefined;
  private link: Link | undefined;
  private choice: ModuleChoice | undefined;
  private files: EvidenceFiles | undefined;
  private readonly room = new StorageWatch();
  private ended = false;
  private begun: Promise<Outcome<void>>;

  constructor(private readonly ports: SessionPorts) {
    this.begun = this.begin().then((outcome) => {
      if (!outcome.ok) this.show({ fault: outcome.fault });
      ports.busy(false);
      return outcome;
    });
  }

  state(): LedState {
    return this.shown;
  }

  end(): void {
    this.ended = true;
    this.link?.stop();
    this.domain?.drop();
    this.store?.close();
  }

  wake(): void {
    this.link?.wake();
  }

  /** Carries out a call of the page or of another tab; its methods are those of Workspace. */
  async carryOut(method: string, args: unknown[]): Promise<Outcome<unknown>> {
    if (this.ended) return bad('not_leading');
    let begun = await this.begun;
    if (!begun.ok && begun.fault.code === 'module_missing') begun = await this.beginAgain();
    if (!begun.ok) return begun;
    const methods = this as unknown as Record<string, (...args: unknown[]) => unknown>;
    if (!callable.has(method)) return bad('no_answer', { detail: method });
    const outcome = (await methods[method]?.(...args)) as Outcome<unknown>;
    // The store was closed under it: whoever leads now is asked.
    return this.ended && !outcome.ok ? bad('not_leading') : outcome;
  }

  // ---- what the page may ask

  async act(act: string, fields: Fields, options: ActOptions = {}): Promise<Outcome<Json>> {
    const dry = options.dry === true;
    const given = { act, dry, ...fields };
    if (__STEPS__ && !dry) await step('begun');
    const done = await this.call('act', given, dry ? undefined : options.request);
    if (__STEPS__ && !dry) await step('done');
    if (done.ok && !dry) void this.link?.push();
    return json(done);
  }

  async view(view: string, fields: Fields = {}): Promise<Outcome<Json>> {
    const seen = json(await this.call('view', { view, ...fields }));
    if (view === 'device' && seen.ok) this.choice?.heed(seen.value);
    return seen;
  }

  photo(file: string, part: string, want = false): Promise<Outcome<Bytes | null>> {
    return (this.files as EvidenceFiles).open(file, part, want);
  }

  async sendPhotos(when: string): Promise<Outcome<Json>> {
    return json(await (this.files as EvidenceFiles).choose(when));
  }

  async enrol(code: string, label: string): Promise<Outcome<Json>> {
    const fresh = await this.opened().signing.fresh(undefined);
    if (!fresh.ok) return fresh;
    const asked = await this.call('enrol_ask', { code, label, browser_key: fresh.value });
    if (!asked.ok) return asked;
    if (this.link === undefined) return bad('no_line');
    const frames = await this.link.ask(asked.value.bytes);
    if (!frames.ok) return frames;
    const answered = await this.call('enrol_answer', { frames: frames.value });
    if (answered.ok) await this.goOn(answered.value);
    return json(answered);
  }

  syncNow(): Promise<Outcome<LinkState>> {
    return this.link?.syncNow() ?? Promise.resolve(bad('no_line'));
  }

  async bundle(): Promise<Outcome<Bytes>> {
    const made = await this.call('bundle', {});
    return made.ok ? good(made.value.bytes) : made;
  }

  async takeBundleAnswer(file: Bytes): Promise<Outcome<Json>> {
    return json(await this.call('bundle_answer', { file }));
  }

  async setPin(pin: string, old?: string): Promise<Outcome<void>> {
    return this.withLock(await this.opened().setPin(pin, old));
  }

  async removePin(old: string): Promise<Outcome<void>> {
    return this.withLock(await this.opened().removePin(old));
  }

  async unlock(pin: string): Promise<Outcome<Json>> {
    const master = await this.opened().masterByPin(pin);
    if (!master.ok) return this.withLock(master);
    const unlocked = await this.call('unlock', { master: master.value });
    master.value.fill(0);
    if (unlocked.ok) await this.goOn(unlocked.value);
    return this.withLock(json(unlocked));
  }

  async lock(): Promise<Outcome<Json>> {
    this.link?.stop();
    this.opened().signing.close();
    const locked = await this.call('lock', {});
    if (locked.ok) this.show({ device: JSON.parse(locked.value.json) as Json });
    return this.withLock(json(locked), true);
  }

  // ---- beginning

  private async begin(): Promise<Outcome<void>> {
    const opened = await Store.open((why) => this.closed(why));
    if (!opened.ok) return opened;
    const store = opened.value;
    this.store = store;
    const claimed = await store.claim();
    if (!claimed.ok) return claimed;
    const installation = await recogniseHere(store, await askPage(this.ports));
    if (!installation.ok) return installation;
    void this.ports.writeInstallation(installation.value.id);
    this.show({ installation: installation.value });
    const choice = new ModuleChoice(store, () => this.domain?.drop());
    const chosen = await choice.begin();
    if (!chosen.ok) return chosen;
    this.choice = choice;
    this.keys = new Keys(store, Date.now);
    const call = (name: string, fields: Fields) => this.call(name, fields);
    this.files = new EvidenceFiles({
      call,
      readPieces: (name) => store.readPieces(name),
      goOn: () => void this.link?.push(),
    });
    this.link = new Link({
      call,
      giveFiles: (names) => (this.files as EvidenceFiles).give(names),
      changed: (link) => this.show({ link }),
      freshKey: () => this.opened().signing.fresh(deviceIn(this.shown).browser_key),
      deviceChanged: (device) => this.show({ device }),
      backoff: new Backoff(Math.random),
      now: Date.now,
      socketUrl: `${location.origin.replace(/^http/, 'ws')}/s`,
      postUrl: `${location.origin}/s/x`,
    });
    this.domain = new DomainCalls({
      store,
      load: () =>
        loadModule(choice.kind, this.ports.dictionary, (loading) => this.show({ loading }), pause),
      sign: (unsigned) => this.opened().signing.sign(unsigned),
      now: Date.now,
      changed: (bytes) => {
        this.room.wrote(bytes);
        // Something was stored: there is room again.
        const fault = this.shown.fault?.code.startsWith('storage_f') ? null : this.shown.fault;
        this.show({ revision: this.shown.revision + 1, fault });
      },
      begunAnew: (given) => this.unlockAtStart(given, true),
    });
    void store.forgetAnswers(Date.now());
    return this.beginDomain();
  }

  private async beginDomain(): Promise<Outcome<void>> {
    const begun = await (this.domain as DomainCalls).open();
    this.show({ loading: null });
    if (!begun.ok) return begun;
    await this.unlockAtStart(begun.value, false);
    await this.lookAtStorage();
    return good(undefined);
  }

  private beginAgain(): Promise<Outcome<void>> {
    this.show({ fault: null });
    this.begun = this.beginDomain().then((outcome) => {
      if (!outcome.ok) this.show({ fault: outcome.fault });
      return outcome;
    });
    return this.begun;
  }

  /** Without a PIN the device opens by itself. `within`: of a call that began the module anew. */
  private async unlockAtStart(given: Given, within: boolean): Promise<void> {
    this.opened().signing.close();
    this.show({ device: JSON.parse(given.json) as Json });
    const lock = await this.opened().state();
    if (lock.ok) this.show({ lock: lock.value });
    else this.show({ fault: lock.fault });
    if (!lock.ok || lock.value.kind === 'pin') return;
    const master = await this.opened().masterWithoutPin();
    if (!master.ok) return this.show({ fault: master.fault });
    const domain = this.domain as DomainCalls;
    const fields = { master: master.value };
    const unlocked = within
      ? await domain.callWithin('unlock', fields)
      : await domain.call('unlock', fields);
    master.value.fill(0);
    if (unlocked.ok) await this.goOn(unlocked.value);
    else this.show({ fault: unlocked.fault });
  }

  /** The line is worth having once the device is enrolled, unlocked, and can sign. */
  private async goOn(given: Given): Promise<void> {
    this.show({ device: JSON.parse(given.json) as Json });
    const { enrolled, browser_key: held } = deviceIn(this.shown);
    const there = await this.opened().signing.open(held);
    if (!there.ok) this.show({ fault: there.fault });
    else if (enrolled === true) this.link?.start();
  }

  // ---- helpers

  private opened(): Keys {
    return this.keys as Keys;
  }

  private async call(name: string, fields: Fields, request?: string): Promise<Outcome<Given>> {
    const domain = this.domain as DomainCalls;
    const outcome = await domain.call(name, fields, request);
    if (!outcome.ok && outcome.fault.code.startsWith('storage_')) {
      this.show({ fault: outcome.fault });
      await this.lookAtStorage();
    }
    if (this.room.isDue()) void this.lookAtStorage();
    return outcome;
  }

  private async withLock<T>(outcome: Outcome<T>, locked = false): Promise<Outcome<T>> {
    const lock = await this.opened().state();
    // What is stored does not say whether it is open at the moment.
    const isLocked = locked || (!outcome.ok && this.shown.lock?.locked === true);
    if (lock.ok) this.show({ lock: { ...lock.value, locked: isLocked } });
    return outcome;
  }

  private async lookAtStorage(): Promise<void> {
    const storage = await this.room.look(this.store);
    if (storage !== undefined) this.show({ storage });
  }

  private closed(why: Closing): void {
    this.link?.stop();
    this.domain?.drop();
    this.show({ fault: { code: why } });
  }

  private show(change: Partial<LedState>): void {
    this.shown = { ...this.shown, ...change };
    if (!this.ended) this.ports.changed(this.shown);
  }
}

const json = (outcome: Outcome<Given>): Outcome<Json> =>
  outcome.ok ? good(JSON.parse(outcome.value.json) as Json) : outcome;
