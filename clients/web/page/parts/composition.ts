// Vietnamese is composed from several keys (Telex, VNI). While that goes on, no value is set, cut,
// grouped or judged.

import { signal } from '@preact/signals';

export const isComposing = signal(false);

export function watchComposition(): void {
  addEventListener('compositionstart', () => (isComposing.value = true), true);
  addEventListener('compositionend', () => (isComposing.value = false), true);
  // A keyboard that is closed in the middle says nothing more.
  addEventListener('blur', () => (isComposing.value = false), true);
}
