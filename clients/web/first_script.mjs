// The first script in one piece. esbuild makes a chunk for each set of screens that share something:
// eleven requests, one behind the other on a slow line, before the first word of the page is its own.

import { join } from 'node:path';

/**
 * A screen that is loaded later begins with all of the first script, as it does in the browser: so
 * what the first script imports is shared by every screen, and lies in one chunk.
 *
 * `first`: the source that the page begins with. Texts of another language are left out: the first
 * script waits for them, and they must not wait for it.
 */
export function behindFirst(first) {
  const namespace = 'behind-first';
  return {
    name: namespace,
    setup(build) {
      build.onResolve({ filter: /^\./ }, async ({ kind, path, resolveDir }) => {
        if (kind !== 'dynamic-import' || join(resolveDir, path).includes('/page/text/'))
          return null;
        const found = await build.resolve(path, { resolveDir, kind: 'import-statement' });
        return found.errors.length > 0 ? found : { path: found.path, namespace };
      });
      build.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
        contents: `import ${JSON.stringify(first)};\nexport * from ${JSON.stringify(path)};`,
        resolveDir: '/',
      }));
    },
  };
}

/** The chunk to which a script that has nothing of its own passes on; else undefined. */
export const passesOnTo = (script) =>
  /^(?:\/\*.*?\*\/\s*)?import"\.\/([^"]+)";\s*$/s.exec(script)?.[1];

/**
 * The chunks that a script imports by name, and they: what has to be here before it runs.
 * `made`: name → bytes.
 */
export function importedBy(made, name, found = new Set()) {
  const script = made.get(name).toString();
  for (const [, chunk] of script.matchAll(/(?:from|import)"\.\/([^"]+)"/g)) {
    if (found.has(chunk)) continue;
    found.add(chunk);
    importedBy(made, chunk, found);
  }
  return found;
}
