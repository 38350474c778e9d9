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
  dictionary: async () => dictionary,
};

// An invitation of people who only read says so in its address (`khuyenhoc invite`).
const name = location.search === '?read' ? 'reader' : 'officer';
export const workspace = joinTo<Workspace>(new Worker(trustedWorkerUrl(), { name }), hooks);

/**
 * At a first visit the dictionary comes beside the worker's script: the line would stand idle between
 * that and what the worker asks for. Behind the worker, so that the worker comes first on the line.
 * With a service worker all of it is here.
 */
const isFirstVisit = navigator.serviceWorker?.controller == null;
const dictionary =
  __DICTIONARY_URL__ !== null && isFirstVisit ? loaded(__DICTIONARY_URL__) : undefined;

/** undefined: the worker tries by itself. */
async function loaded(url: string): Promise<ArrayBuffer | undefined> {
  try {
    const answer = await fetch(url);
    return answer.ok ? await answer.arrayBuffer() : undefined;
  } catch {
    return undefined;
  }
}

export async function startWorkspace(): Promise<void> {
  const tell = () => void workspace.setVisible(document.visibilityState === 'visible');
  document.addEventListener('visibilitychange', tell);
  await workspace.start();
  tell();
}
