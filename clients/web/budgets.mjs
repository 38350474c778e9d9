// How many bytes the line carries at most, packed by brotli. A chunk that grows beyond fails the
// build: a commune's line carries 8 KB in a second at best.

const kib = 1024;
export const budgets = [
  { what: 'first paint', parts: [/^index\.html$/, /^page-/, /^app-/], limit: 40 * kib },
  { what: 'worker', parts: [/^worker-/], limit: 24 * kib },
  { what: 'module', parts: [/^officer-/], limit: 270 * kib },
  {
    what: 'officer works',
    parts: [/^index\.html$/, /^page-/, /^app-/, /^worker-/, /^officer-/],
    limit: 340 * kib,
  },
  { what: 'a lazy chunk', parts: [/^screen-/], limit: 30 * kib, each: true },
];

/** What each budget comes to, and which are broken. */
export function sumUp(assets, limits) {
  const rows = limits.map(({ what, parts, limit, each }) => {
    const sizes = assets
      .filter(({ name }) => parts.some((part) => part.test(name)))
      .map(({ br }) => br);
    const br = each ? Math.max(0, ...sizes) : sizes.reduce((sum, size) => sum + size, 0);
    return { what, br, limit };
  });
  return { rows, failed: rows.filter(({ br, limit }) => br > limit).map(({ what }) => what) };
}
