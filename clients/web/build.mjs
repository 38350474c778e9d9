// Makes the page: clients/web and the module in, build/web/site out. docs/web.md says what is in it.
//
//   node build.mjs [--module DIR] [--out DIR] [--gate] [--module-name NAME] [--label TEXT] [--steps]
//                  [--page FILE]
//
// --gate fails when a chunk is larger than budgets.mjs allows.
// For tests: --label makes another build of the same sources, --steps one that stops at each step of
// writing, --page one with other screens.

import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { budgets, sumUp } from './budgets.mjs';
import { behindFirst, importedBy, passesOnTo } from './first_script.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values: options } = parseArgs({
  options: {
    'module': { type: 'string', default: join(here, '../../build/wasm') },
    'module-name': { type: 'string', default: 'officer' },
    'out': { type: 'string', default: join(here, '../../build/web/site') },
    'label': { type: 'string', default: '' },
    'page': { type: 'string', default: 'page/boot.tsx' },
    'gate': { type: 'boolean', default: false },
    'steps': { type: 'boolean', default: false },
  },
});
const out = options.out;
/** An interruption costs one of them at most. */
const moduleParts = 8;
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
  '.bin': 'application/octet-stream',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

/** name → bytes, in the order in which they were made. */
const made = new Map();
const packed = new Map();
/** The first script and the chunks that it imports: what the first paint needs. */
let early = new Set();
/** Scripts that a document loads, whose policy governs them. */
const inDocument = new Set();

const digestOf = (bytes) => createHash('sha256').update(bytes).digest('hex');
const hashed = (name, bytes) => {
  const end = extname(name);
  const unique = `${name.slice(0, -end.length)}-${digestOf(bytes).slice(0, 10).toUpperCase()}${end}`;
  made.set(unique, Buffer.from(bytes));
  return unique;
};
const lineBytes = (name) => pack(name).br.length;

function pack(name) {
  const bytes = made.get(name);
  if (!packed.has(name)) {
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 22,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    };
    packed.set(name, {
      br: brotliCompressSync(bytes, { params }),
      gz: gzipSync(bytes, { level: 9 }),
    });
  }
  return packed.get(name);
}

async function bundle(entry, defines, more = {}) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    outdir: out,
    target: ['chrome99', 'safari15.4', 'firefox100'],
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    banner: options.label ? { js: `/* ${options.label} */` } : {},
    define: {
      // For the script that Emscripten writes: a classic worker has no import.meta.
      'import.meta.url': 'self.location.href',
      ...Object.fromEntries(
        Object.entries({ __STEPS__: options.steps, ...defines }).map(([name, value]) => [
          name,
          JSON.stringify(value),
        ]),
      ),
    },
    ...more,
  });
  return result.outputFiles;
}

/** The Vietnamese texts, for what is seen before a script runs. */
async function texts() {
  const [file] = await bundle('page/text/vi.ts', {}, { format: 'esm', minify: false });
  return (await import(`data:text/javascript,${encodeURIComponent(file.text)}`)).vi;
}

/** Another module of the same code: a section with the label behind it. */
function labelled(module) {
  const name = Buffer.from(options.label);
  return name.length === 0
    ? module
    : Buffer.concat([module, Buffer.from([0, name.length + 1, name.length]), name]);
}

/** A module whole and in parts; null where this build has none of that kind. */
async function placeModule(kind, name) {
  const file = join(options.module, name);
  if (!existsSync(`${file}.wasm`)) return null;
  const wasm = hashed(`${kind}.wasm`, labelled(await readFile(`${file}.wasm`)));
  const whole = made.get(wasm);
  const partBytes = Math.ceil(whole.length / moduleParts);
  const parts = [];
  for (let at = 0; at < whole.length; at += partBytes) {
    parts.push(hashed(`part${parts.length}.bin`, whole.subarray(at, at + partBytes)));
  }
  return {
    wasm,
    parts,
    glue: `${file}.mjs`,
    file: {
      url: `/${wasm}`,
      bytes: whole.length,
      lineBytes: lineBytes(wasm),
      parts: parts.map((part) => `/${part}`),
      partBytes,
    },
  };
}

/** One script starts either module: that of readers may want and give nothing else. */
function checkFit(officer, reader) {
  const [whole, part] = [officer, reader].map(({ wasm }) => new WebAssembly.Module(made.get(wasm)));
  for (const list of ['imports', 'exports']) {
    const known = new Set(WebAssembly.Module[list](whole).map(({ name }) => name));
    const other = WebAssembly.Module[list](part).find(({ name }) => !known.has(name));
    if (other)
      throw new Error(`reader.wasm ${list} ${other.name}, and officer.mjs knows no such name`);
  }
}

async function makeSite() {
  const officer = await placeModule('officer', options['module-name']);
  const reader = await placeModule('reader', 'reader');
  if (reader !== null) checkFit(officer, reader);
  const modules = [officer, reader].filter((module) => module !== null);

  // Its name changes with its own bytes, not with the module's: an update leaves it where it is.
  const dictionaryFile = join(options.module, 'dictionary.bin');
  const dictionary = existsSync(dictionaryFile)
    ? hashed('dictionary.bin', await readFile(dictionaryFile))
    : null;

  const [workerFile] = await bundle(
    'core/worker.ts',
    {
      __MODULES__: { officer: officer.file, reader: reader?.file ?? null },
      __DICTIONARY__: dictionary && {
        url: `/${dictionary}`,
        bytes: made.get(dictionary).length,
        lineBytes: lineBytes(dictionary),
      },
    },
    // A classic worker: Firefox 100 has no others.
    {
      format: 'iife',
      alias: { 'khuyenhoc-module': officer.glue },
      // The script that Emscripten writes can run under node, too.
      external: ['fs', 'path', 'module'],
    },
  );
  const worker = hashed('worker.js', workerFile.contents);

  const [photosFile] = await bundle('core/photos.ts', {}, { format: 'iife' });
  const photos = hashed('photos.js', photosFile.contents);

  const appFiles = await bundle(
    options.page,
    {
      __WORKER_URL__: `/${worker}`,
      __PHOTOS_URL__: `/${photos}`,
      __DICTIONARY_URL__: dictionary && `/${dictionary}`,
    },
    {
      format: 'esm',
      splitting: true,
      entryNames: 'app-[hash]',
      chunkNames: 'screen-[hash]',
      plugins: [behindFirst(join(here, options.page))],
    },
  );
  for (const file of appFiles) {
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    made.set(name, Buffer.from(file.contents));
    inDocument.add(name);
  }
  const entry = [...made.keys()].find((name) => name.startsWith('app-'));
  const app = passesOnTo(made.get(entry).toString()) ?? entry;
  if (app !== entry) made.delete(entry);

  const [styleFile] = await bundle('page/style/page.css', {}, { banner: {} });
  const style = hashed('page.css', styleFile.contents);
  const icon = hashed('icon.svg', await readFile(join(here, 'page/icon.svg')));

  const vi = await texts();
  const imported = importedBy(made, app);
  early = new Set([app, ...imported]);
  const preload = [...imported].map((chunk) => `<link rel="modulepreload" href="/${chunk}" />`);
  const places = {
    STYLE: `/${style}`,
    ICON: `/${icon}`,
    APP: `/${app}`,
    PRELOAD: preload.join('\n    '),
  };
  // %WITHOUT_SCRIPT% is vi.withoutScript.
  const textOf = (name) => vi[name.toLowerCase().replace(/_(.)/g, (_, c) => c.toUpperCase())];
  const filled = (text) => text.replace(/%([A-Z_]+)%/g, (_, name) => places[name] ?? textOf(name));
  const template = async (name) => Buffer.from(filled(await readFile(join(here, name), 'utf8')));
  made.set('index.html', await template('page/index.html'));
  made.set('manifest.webmanifest', await template('page/manifest.json'));

  const parts = modules.flatMap((module) => module.parts);
  const kept = [...made].filter(([name]) => !parts.includes(name));
  const precache = kept.map(([name]) => {
    const module = modules.find(({ wasm }) => wasm === name);
    return {
      url: name === 'index.html' ? '/' : `/${name}`,
      ...(module ? { parts: module.file.parts, kind: name.split('-')[0] } : {}),
    };
  });
  const state = [...made].map(([name, bytes]) => `${name} ${digestOf(bytes)}`).join('\n');
  const [swFile] = await bundle(
    'sw/service_worker.ts',
    { __PRECACHE__: precache, __BUILD__: digestOf(state).slice(0, 10) },
    { format: 'iife' },
  );
  made.set('service_worker.js', Buffer.from(swFile.contents));
}

async function write() {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const assets = [];
  for (const [name, bytes] of made) {
    const { br, gz } = pack(name);
    await writeFile(join(out, name), bytes);
    await writeFile(join(out, `${name}.br`), br);
    await writeFile(join(out, `${name}.gz`), gz);
    assets.push({
      name,
      type: types[extname(name)],
      bytes: bytes.length,
      br: br.length,
      gz: gz.length,
      immutable: /-[0-9A-Z]{8,}\.\w+$/.test(name),
      in_document: inDocument.has(name),
      sha256: digestOf(bytes),
    });
  }
  // assets.json is what the server reads; it is written last, so that it stands for a whole build.
  await writeFile(join(out, 'assets.json'), `${JSON.stringify({ assets }, null, 2)}\n`);
  return assets;
}

await makeSite();
const assets = await write();
for (const { name, bytes, br } of assets) {
  console.log(`${name.padEnd(28)} ${String(bytes).padStart(9)} ${String(br).padStart(8)} br`);
}
const over = sumUp(assets, budgets, early);
for (const { what, br, limit, target } of over.rows) {
  const missed = target !== undefined && br > target ? `, target ${target} not met` : '';
  console.log(`${what}: ${br} of ${limit} bytes, brotli${missed}`);
}
if (over.failed.length > 0) console.error(`too large: ${over.failed.join(', ')}`);
if (over.failed.length > 0 && options.gate) process.exit(1);
