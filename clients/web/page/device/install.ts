// The page can be put on the home screen; browsers keep what an installed page stores for longer.

import { signal } from '@preact/signals';

interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

const offered = signal<InstallPrompt | null>(null);
export const canInstall = (): boolean => offered.value !== null;

export function watchInstall(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    offered.value = event as InstallPrompt;
  });
  addEventListener('appinstalled', () => (offered.value = null));
}

export async function install(): Promise<void> {
  const { value } = offered;
  offered.value = null; // A browser lets it be used once.
  await value?.prompt();
}
