// Checks the types of each realm on its own: the worker has no DOM, the page no worker's globals.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
let failed = false;
// node types.mjs [REALM…]
const asked = process.argv.slice(2);
for (const realm of asked.length > 0 ? asked : ['page', 'core', 'sw', 'tests']) {
  const checked = spawnSync(`${here}node_modules/.bin/tsc`, ['-p', `tsconfig.${realm}.json`], {
    cwd: here,
    stdio: 'inherit',
  });
  failed ||= checked.status !== 0;
}
process.exit(failed ? 1 : 0);
