// A newer page is installed in the background; it takes over when no tab has a form open, or at the
// next start. The service worker asks every tab.

import { effect, signal } from '@preact/signals';
import { trustedServiceWorkerUrl } from '../trusted';
import { state } from './workspace';

/** A newer page waits. */
export const updateWaits = signal(false);

const open = new Set<symbol>();
let changing = false;

/** A form is open until the function is called that this gives: no update meanwhile. */
export function holdUpdates(): () => void {
  const form = Symbol('form');
  open.add(form);
  return () => {
    open.delete(form);
    void takeUpdate();
  };
}

/** Lets the newer page take over, unless a tab has a form open. */
export async function takeUpdate(): Promise<void> {
  if (open.size > 0) return;
  const registration = await navigator.serviceWorker?.getRegistration();
  registration?.waiting?.postMessage({ kind: 'take_over' });
}

/**
 * Once the program is here: the first load belongs to it and to what is seen. What a start without a
 * line needs beside it comes afterwards.
 */
export function startUpdatesInTime(): void {
  const stop = effect(() => {
    const shown = state.value;
    if (shown === null || (shown.device === null && shown.fault === null)) return;
    queueMicrotask(() => stop());
    void startUpdates();
  });
}

/** An earlier page's service worker is never replaced at a first visit: nothing is loaded anew. */
async function startUpdates(): Promise<void> {
  const workers = navigator.serviceWorker;
  if (workers === undefined) return;
  workers.addEventListener('message', ({ data, ports }) => {
    if (data?.kind === 'may_take_over') ports[0]?.postMessage(open.size === 0);
  });
  const wasControlled = workers.controller !== null;
  workers.addEventListener('controllerchange', () => {
    if (!wasControlled || changing) return;
    changing = true;
    location.reload();
  });
  const registration = await workers.register(trustedServiceWorkerUrl(), {
    updateViaCache: 'none',
  });
  const look = () => {
    updateWaits.value = registration.waiting !== null && workers.controller !== null;
    if (updateWaits.value) void takeUpdate();
  };
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', look);
  });
  look();
}
