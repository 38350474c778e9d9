// Builds the tests with esbuild and runs them by `node --test`, in folders of this run alone.
//
//   node tests/run.mjs [unit] [e2e] [--filter NAME]   without a name: both
//   node tests/run.mjs screens                        a picture of every screen, of build/web/site
//   node tests/run.mjs measure [line] [start] [people]   how fast build/web/site is, as a table
//
// --count FILE: how many passed, failed and were skipped, for whoever sums up.
// KHUYENHOC_MODULE: where the real module lies, instead of build/wasm. KHUYENHOC_BIN: where the
// programs lie, instead of build/release/bin.

import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeTestModule } from './support/make_test_module.mjs';

const web = fileURLToPath(new URL('..', import.meta.url));
const root = join(web, '../..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { filter: { type: 'string' }, count: { type: 'string' } },
});
const kinds = positionals.length > 0 ? positionals : ['unit', 'e2e'];
// Inside clients/web, where node finds the packages.
const out = mkdtempSync(join(web, 'node_modules/.tests-'));
process.on('exit', () => rmSync(out, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

function site(name, module, ...options) {
  const bare = ['--page', 'tests/support/bare_page.ts', '--steps'];
  const made = spawnSync(
    process.execPath,
    [join(web, 'build.mjs'), ...module, ...bare, '--out', join(out, 'site', name), ...options],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  if (made.status !== 0) process.exit(1);
}

function makeSites() {
  const test = ['--module', makeTestModule(), '--module-name', 'test'];
  site('a', test);
  site('b', test, '--label', 'B');
  const real = process.env.KHUYENHOC_MODULE ?? join(root, 'build/wasm');
  if (existsSync(join(real, 'officer.wasm'))) site('real', ['--module', real]);
}

/** The tests of a kind, each as a script. */
async function bundle(kind, names) {
  const folder = join(web, 'tests', kind);
  await build({
    entryPoints: names.map((name) => join(folder, name)),
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
  return names.map((name) => join(out, kind, `${basename(name, '.ts')}.mjs`));
}

function run(words) {
  const env = { ...process.env, KHUYENHOC_ROOT: root, KHUYENHOC_SITES: join(out, 'site') };
  return spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit', env }).status === 0;
}

const counted = { pass: 0, fail: 0, skipped: 0 };

/** Whether all passed, and the report. */
function runScripts(scripts, report, together, patterns) {
  const reporters = ['spec', 'stdout', 'tap', report];
  const told = reporters.map((word, at) =>
    at % 2 === 0 ? `--test-reporter=${word}` : `--test-reporter-destination=${word}`,
  );
  const filter = patterns.flatMap((pattern) => ['--test-name-pattern', pattern]);
  const passed = run(['--test', `--test-concurrency=${together}`, ...told, ...filter, ...scripts]);
  return { passed, tap: readFileSync(report, 'utf8') };
}

const countIn = (tap, what) => Number(new RegExp(`^# ${what} (\\d+)`, 'm').exec(tap)?.[1] ?? 0);
const failedIn = (tap) => [...tap.matchAll(/^not ok \d+ - (.*)$/gm)].map(([, name]) => name);
const exactly = (name) => `^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;

async function runTests(kind) {
  const names = readdirSync(join(web, 'tests', kind)).filter((name) => name.endsWith('_test.ts'));
  const scripts = await bundle(kind, names);
  const report = join(out, `${kind}.tap`);
  // Most of them wait most of the time.
  const patterns = values.filter ? [values.filter] : [];
  const { passed, tap } = runScripts(scripts, report, availableParallelism(), patterns);
  for (const what of Object.keys(counted)) counted[what] += countIn(tap, what);
  const failed = failedIn(tap);
  if (passed || process.env.CI !== 'true' || failed.length === 0) return passed;
  // A browser beside a busy neighbour: once more, alone, and said.
  for (const name of failed) console.log(`once more, alone: ${name}`);
  const again = runScripts(scripts, report, 1, failed.map(exactly));
  const mended = countIn(again.tap, 'pass');
  counted.pass += mended;
  counted.fail -= mended;
  return again.passed && mended === failed.length;
}

if (kinds[0] === 'measure') {
  const [script] = await bundle('measure', ['measure.ts']);
  process.exit(run([script, ...kinds.slice(1)]) ? 0 : 1);
}
if (kinds.includes('e2e')) makeSites();
let passed = true;
for (const kind of kinds) passed = (await runTests(kind)) && passed;
const skipped = counted.skipped > 0 ? `, ${counted.skipped} skipped` : '';
if (values.count !== undefined) {
  writeFileSync(values.count, `${counted.pass} ${counted.fail} ${counted.skipped}\n`);
}
console.log(`khuyenhoc: ${counted.pass} tests passed, ${counted.fail} failed${skipped}`);
process.exit(passed ? 0 : 1);
