// How the page looks on this device: colours, size of text, language. None of it is private.

import { signal } from '@preact/signals';

export const themes = ['auto', 'light', 'dark', 'sun'] as const;
export const sizes = [100, 125, 150, 200] as const;
export const languages = ['vi', 'en'] as const;
export interface Appearance {
  theme: (typeof themes)[number];
  size: (typeof sizes)[number];
  language: (typeof languages)[number];
}

const stored = 'khuyenhoc.appearance';
const standard: Appearance = { theme: 'auto', size: 100, language: 'vi' };

function kept(): Appearance {
  try {
    const read = JSON.parse(localStorage.getItem(stored) ?? '{}') as Partial<Appearance>;
    return {
      theme: themes.find((each) => each === read.theme) ?? standard.theme,
      size: sizes.find((each) => each === read.size) ?? standard.size,
      language: languages.find((each) => each === read.language) ?? standard.language,
    };
  } catch {
    return standard;
  }
}

export const appearance = signal<Appearance>(kept());

export function applyAppearance(): void {
  const { theme, size } = appearance.value;
  const root = document.documentElement;
  if (theme === 'auto') delete root.dataset['theme'];
  else root.dataset['theme'] = theme;
  root.dataset['size'] = String(size);
}

export function changeAppearance(part: Partial<Appearance>): void {
  appearance.value = { ...appearance.value, ...part };
  try {
    localStorage.setItem(stored, JSON.stringify(appearance.value));
  } catch {
    // Then it holds until the page is closed.
  }
  applyAppearance();
  // The texts are chosen once, before anything is shown.
  if (part.language !== undefined) location.reload();
}
