// The worker of one tab: leads, or asks the tab that leads.

import { Calls } from './calls';
import { Channel } from './channel';
import { bad, type Outcome } from './fault';
import { judgeInTurn } from './judging';
import { Leader } from './leader';
import { joinTo } from './remote';
import { Session } from './session';
import { isWriting, step } from './steps';
import {
  callable,
  nothingLed,
  type Json,
  type LedState,
  type PageHooks,
  type State,
  type Workspace,
} from './workspace';

class TabWorker {
  private readonly channel = new Channel();
  private session: Session | undefined;
  private state: State = { role: 'starting', ...nothingLed };
  private leaderName = '';
  private readonly leader: Leader;
  private readonly calls: Calls;

  constructor() {
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
      readInstallation: () => page.readInstallation(),
      writeInstallation: (id) => page.writeInstallation(id),
      dictionary: () => page.dictionary(),
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
    void page.state(state);
  }
}

let tab: TabWorker | undefined;

const ask = async (method: string, ...args: unknown[]): Promise<Outcome<unknown>> =>
  tab?.call(method, args) ?? bad('no_answer');

const own: Pick<Workspace, 'start' | 'setVisible' | 'judge'> = {
  async start() {
    if (navigator.locks === undefined || crypto.subtle === undefined) {
      return page.state({ role: 'starting', ...nothingLed, fault: { code: 'insecure' } });
    }
    tab ??= new TabWorker();
  },
  async setVisible(visible) {
    tab?.setVisible(visible);
  },
  // Each of them is asked of the leader, whose code may be older; the page is told once.
  judge: (act, fields, actors) =>
    judgeInTurn(
      (actor) => ask('act', act, { ...fields, actor }, { dry: true }) as Promise<Outcome<Json>>,
      actors,
    ),
};
/** What the leader carries out, here or in another tab. */
const led = [...callable].map((method) => [method, ask.bind(null, method)]);
const page = joinTo<PageHooks>(self, { ...own, ...Object.fromEntries(led) });
