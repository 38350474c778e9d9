// How many bytes the line carries at most, packed by brotli. A chunk that grows beyond fails the
// build: a commune's line carries 8 KB in a second at best.

const kib = 1024;
/** The first script and what it imports by name come with these, whatever they are called. */
const first = [/^index\.html$/, /^page-/];
export const budgets = [
  { what: 'first paint', parts: first, limit: 40 * kib },
  { what: 'worker', parts: [/^worker-/], limit: 17 * kib, target: 15 * kib },
  // docs/wasm.md says what weighs.
  { what: 'module', parts: [/^officer-/], limit: 279 * kib },
  // It takes in all that a device checks and shows: docs/wasm.md says what weighs. It may not grow.
  { what: 'module of readers', parts: [/^reader-/], limit: 195 * kib, target: 150 * kib },
  { what: 'dictionary', parts: [/^dictionary-/], limit: 25 * kib },
  {
    what: 'officer works',
    parts: [...first, /^worker-/, /^officer-/, /^dictionary-/],
    limit: 344 * kib,
    target: 340 * kib,
  },
  { what: 'a lazy chunk', parts: [/^screen-/, /^photos-/], limit: 30 * kib, each: true },
];

/** What each budget comes to, and which are broken. `early`: names that belong to the first paint. */
export function sumUp(assets, limits, early) {
  const rows = limits.map(({ what, parts, limit, target, each }) => {
    const sizes = assets
      .filter(({ name }) => {
        if (early.has(name)) return parts.includes(first[0]);
        return parts.some((part) => part.test(name));
      })
      .map(({ br }) => br);
    const br = each ? Math.max(0, ...sizes) : sizes.reduce((sum, size) => sum + size, 0);
    return { what, br, limit, target };
  });
  return { rows, failed: rows.filter(({ br, limit }) => br > limit).map(({ what }) => what) };
}
