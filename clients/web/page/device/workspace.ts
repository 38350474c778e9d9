// The page's end of the worker: what may be asked, and what is shown, as a signal.

import { signal } from '@preact/signals';
import { joinTo } from '../../core/remote';
import type { PageHooks, State, Workspace } from '../../core/workspace';
import { trustedWorkerUrl } from '../trusted';

/** null: the worker has not said anything yet. */
export const state = signal<State | null>(null);

const place = 'khuyenhoc.installation';

function stored(): string | undefined {
  try {
    return localStorage.getItem(place) ?? undefined;
  } catch {
    return undefined; // Storage is switched off.
  }
}

const hooks: PageHooks = {
  async state(next) {
    state.value = next;
  },
  async readInstallation() {
    return stored();
  },
  async writeInstallation(id) {
    try {
      localStorage.setItem(place, id);
    } catch {
      // It is missed at the next start, and told then.
    }
  },
};

// An invitation of people who only read says so in its address (`khuyenhoc invite`).
const name = location.search === '?read' ? 'reader' : 'officer';
export const workspace = joinTo<Workspace>(new Worker(trustedWorkerUrl(), { name }), hooks);

export async function startWorkspace(): Promise<void> {
  const tell = () => void workspace.setVisible(document.visibilityState === 'visible');
  document.addEventListener('visibilitychange', tell);
  await workspace.start();
  tell();
}
