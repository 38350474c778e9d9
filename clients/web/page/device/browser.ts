// Whether this browser can keep an officer's work at all.

export type BrowserTrouble = 'in_app' | 'too_old' | 'insecure';

/** Browsers inside other apps throw away what a page stores. */
const inApp = /Zalo|FBAN|FBAV|FB_IAB|Messenger|Instagram|Line\/|TikTok|musical_ly|; wv\)/;

/** Exceptions of WebAssembly, as the module uses them: a function with try and catch_all. */
const withExceptions = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 8, 1, 6, 0, 6, 64, 25, 11, 11,
]);

export function browserTrouble(): BrowserTrouble | null {
  if (inApp.test(navigator.userAgent)) return 'in_app';
  if (!isSecureContext) return 'insecure';
  const isModern =
    typeof WebAssembly === 'object' &&
    WebAssembly.validate(withExceptions) &&
    typeof indexedDB === 'object' &&
    navigator.locks !== undefined &&
    typeof structuredClone === 'function' &&
    typeof HTMLDialogElement === 'function';
  return isModern ? null : 'too_old';
}

/** Opens the page in Chrome, where Android lets another app ask for it. */
export function chromeAddress(): string | null {
  if (!/Android/.test(navigator.userAgent)) return null;
  const scheme = location.protocol.replace(':', '');
  const address = `${location.host}${location.pathname}${location.hash.replace('#', '%23')}`;
  return `intent://${address}#Intent;scheme=${scheme};package=com.android.chrome;end`;
}
