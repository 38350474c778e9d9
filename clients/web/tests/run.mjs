// Builds the tests with esbuild and runs them by `node --test`.
//
//   node tests/run.mjs [unit] [e2e] [--filter NAME]   without a name: both

import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeTestModule } from './support/make_test_module.mjs';

const web = fileURLToPath(new URL('..', import.meta.url));
const root = join(web, '../..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { filter: { type: 'string' } },
});
const kinds = positionals.length > 0 ? positionals : ['unit', 'e2e'];
// Inside clients/web, where node finds the packages.
const out = join(web, 'node_modules/.tests');

const testModule = ['--module', join(root, 'build/web/test_module'), '--module-name', 'test'];
const realModule = process.env.KHUYENHOC_MODULE ?? join(root, 'build/wasm');

function site(folder, module, ...options) {
  const bare = ['--page', 'tests/support/bare_page.ts', '--steps'];
  const made = spawnSync(
    process.execPath,
    [
      join(web, 'build.mjs'),
      ...module,
      ...bare,
      '--out',
      join(root, 'build/web', folder),
      ...options,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  if (made.status !== 0) process.exit(1);
}

if (kinds.includes('e2e')) {
  makeTestModule();
  site('test_site_a', testModule);
  site('test_site_b', testModule, '--label', 'B');
  if (existsSync(join(realModule, 'officer.wasm')))
    site('test_site_real', ['--module', realModule]);
}

let failed = false;
for (const kind of kinds) {
  const folder = join(web, 'tests', kind);
  const files = readdirSync(folder).filter((name) => name.endsWith('_test.ts'));
  rmSync(join(out, kind), { recursive: true, force: true });
  await build({
    entryPoints: files.map((name) => join(folder, name)),
    outdir: join(out, kind),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node18',
    external: ['playwright-core', 'axe-core'],
    define: { __STEPS__: 'false' },
    logLevel: 'warning',
  });
  const tests = files.map((name) => join(out, kind, name.replace(/\.ts$/, '.mjs')));
  const filter = values.filter ? ['--test-name-pattern', values.filter] : [];
  const ran = spawnSync(process.execPath, ['--test', ...filter, ...tests], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, KHUYENHOC_ROOT: root },
  });
  failed ||= ran.status !== 0;
}
process.exit(failed ? 1 : 0);
