// The worker of one tab: leads, or asks the tab that leads.

import { expose } from 'comlink';
import { Calls } from './calls';
import { Channel } from './channel';
import { bad, type Outcome } from './fault';
import { Leader } from './leader';
import { Session } from './session';
import { isWriting, step } from './steps';
import { nothingLed, type LedState, type PageHooks, type State, type Workspace } from './workspace';

class TabWorker {
  private readonly channel = new Channel();
  private session: Session | undefined;
  private state: State = { role: 'starting', ...nothingLed };
  private leaderName = '';
  private readonly leader: Leader;
  private readonly calls: Calls;

  constructor(private readonly page: PageHooks) {
    const { channel } = this;
    channel.on('state', ({ state }) => this.follow(state));
    channel.on('hello', () => {
      if (this.session !== undefined) channel.send({ kind: 'state', state: this.session.state() });
    });
    this.leader = new Leader({
      channel,
      lead: () => this.lead(),
      lost: () => this.lose(),
      follow: (name) => {
        if (name === this.leaderName) return;
        this.leaderName = name;
        this.calls.leaderChanged();
        channel.send({ kind: 'hello' });
      },
    });
    this.calls = new Calls({
      channel,
      isLeading: () => this.session !== undefined,
      carryOut: (method, args) =>
        this.session?.carryOut(method, args) ?? Promise.resolve(bad('not_leading')),
      suspect: () => this.leader.suspect(),
    });
    channel.send({ kind: 'hello' });
    addEventListener('online', () => this.session?.wake());
  }

  async call(method: string, args: unknown[]): Promise<Outcome<unknown>> {
    if (__STEPS__ && isWriting(method, args)) await step('called');
    const outcome = await this.calls.call(method, args);
    if (__STEPS__ && isWriting(method, args)) await step('answered');
    return outcome;
  }

  setVisible(visible: boolean): void {
    this.leader.setVisible(visible);
    if (visible) this.session?.wake();
  }

  private lead(): void {
    this.leaderName = this.channel.name;
    this.session = new Session({
      changed: (state) => {
        this.channel.send({ kind: 'state', state });
        this.show({ role: 'leader', ...state });
      },
      busy: (busy) => this.leader.setBusy(busy),
      readInstallation: () => this.page.readInstallation(),
      writeInstallation: (id) => this.page.writeInstallation(id),
      dictionary: () => this.page.dictionary(),
    });
    this.calls.leaderChanged();
  }

  private lose(): void {
    this.session?.end();
    this.session = undefined;
    this.leaderName = '';
    this.show({ ...this.state, role: 'follower' });
    this.calls.leaderChanged();
  }

  private follow(state: LedState): void {
    if (this.session === undefined) this.show({ role: 'follower', ...state });
  }

  private show(state: State): void {
    this.state = state;
    void this.page.state(state);
  }
}

let tab: TabWorker | undefined;

const asked =
  (method: string) =>
  (...args: unknown[]): Promise<Outcome<never>> =>
    (tab?.call(method, args) ?? Promise.resolve(bad('no_answer'))) as Promise<Outcome<never>>;

const workspace: Workspace = {
  async start(page) {
    if (navigator.locks === undefined || crypto.subtle === undefined) {
      return page.state({ role: 'starting', ...nothingLed, fault: { code: 'insecure' } });
    }
    tab ??= new TabWorker(page);
  },
  async setVisible(visible) {
    tab?.setVisible(visible);
  },
  act: asked('act'),
  view: asked('view'),
  photo: asked('photo'),
  sendPhotos: asked('sendPhotos'),
  enrol: asked('enrol'),
  syncNow: asked('syncNow'),
  bundle: asked('bundle'),
  takeBundleAnswer: asked('takeBundleAnswer'),
  setPin: asked('setPin'),
  removePin: asked('removePin'),
  unlock: asked('unlock'),
  lock: asked('lock'),
};
expose(workspace);
