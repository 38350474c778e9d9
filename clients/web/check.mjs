// Checks what neither compiler nor formatter does: who imports whom, where texts, colours and
// addresses stand, sizes of files. Prints file:line: message and exits with 1 if a rule is broken.
//
//   node check.mjs [--self-test]    --self-test proves on bad samples that each rule fires

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const linesMax = 300;
const codeFolders = ['core', 'page', 'sw', 'tests'];
const dependencies = ['preact', '@preact/signals', 'idb', 'qr'];
const importing = /(?:\bfrom\s*|\bimport\s*\(?\s*)(['"])([^'"\n]+)\1/g;
/** What the page may use of core/, beside types. */
const pure = /^core\/(fault|guesses|steps|remote)$/;
const vietnamese = /[àáâãèéêìíòóôõùúýăđĩũơưạ-ỹ]/iu;

/** Every rule: a name, the files it is about, and what it finds as [offset, message]. */
const rules = [
  {
    name: 'imports',
    about: /^(core|page|sw)\/.*\.tsx?$/,
    *find(text, path) {
      for (const found of text.matchAll(importing)) {
        const from = found[2];
        const target = from.startsWith('.') ? join(path, '..', from) : from;
        const library = from.startsWith('.') ? undefined : from;
        if (library !== undefined) {
          const known = dependencies.some(
            (name) => library === name || library.startsWith(`${name}/`),
          );
          if (!known && library !== 'khuyenhoc-module')
            yield [found.index, `${library} is no dependency`];
        }
        const isPage = path.startsWith('page/');
        if (isPage && /^core\/(store|keys|domain|module|loading|session|link)$/.test(target)) {
          yield [found.index, `the page asks core/workspace, not ${target}`];
        }
        if (
          isPage &&
          target.startsWith('core/') &&
          !pure.test(target) &&
          !isTypeImport(text, found.index)
        ) {
          yield [found.index, `the page takes types from core/, no code: ${target}`];
        }
        if (isPage && target.startsWith('sw/')) yield [found.index, `the page does not know sw/`];
        if (path.startsWith('core/') && /^(page|sw)\//.test(target)) {
          yield [found.index, `core/ does not know ${target}`];
        }
        if (path.startsWith('core/') && /^(preact|qr)/.test(target)) {
          yield [found.index, `core/ shows nothing: ${target}`];
        }
        if (path.startsWith('sw/') && from !== undefined) {
          yield [found.index, 'the service worker stands alone'];
        }
      }
    },
  },
  {
    name: 'markup from text',
    about: /^(core|page|sw)\/.*\.tsx?$/,
    *find(text) {
      const words =
        /\b(innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|eval\(|new Function)/g;
      for (const found of text.matchAll(words))
        yield [found.index, `${found[1]} has no place here`];
    },
  },
  {
    name: 'texts',
    about: /^(core|sw|page)\/(?!text\/).*\.tsx?$/,
    *find(text) {
      for (const [offset, words] of literals(text)) {
        if (vietnamese.test(words))
          yield [offset, `what people read stands in page/text: ${words}`];
      }
    },
  },
  {
    name: 'colours',
    about: /^page\/(?!style\/tokens\.css$).*\.(css|tsx?)$/,
    *find(text) {
      const colour =
        /(?<![&\w])#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b(?![-\w/])|\b(?:rgba?|hsla?|oklch|lab)\(/gi;
      for (const found of text.matchAll(colour)) {
        yield [found.index, `colours stand in page/style/tokens.css: ${found[0]}`];
      }
    },
  },
  {
    name: 'addresses',
    about: /^(core|page|sw)\/(?!text\/).*\.(tsx?|css|html|json)$/,
    *find(text) {
      const address = /\b(?:https?|wss?):\/\/(?!www\.w3\.org\/)[\w.-]/g;
      for (const found of withoutComments(text).matchAll(address)) {
        yield [found.index, 'the page asks nobody but its own server'];
      }
    },
  },
  {
    name: 'size',
    about: /\.(tsx?|mjs|css)$/,
    *find(text) {
      const lines = text.split('\n').length - 1;
      if (lines > linesMax) yield [0, `${lines} lines, more than ${linesMax}: split it by concept`];
    },
  },
];

function isTypeImport(text, offset) {
  const statement = text.slice(text.lastIndexOf(';', offset) + 1, offset + 1);
  return /^\s*(?:\/\/[^\n]*\s*|\/\*.*?\*\/\s*)*(?:import|export)\s+type\b/s.test(statement);
}

function withoutComments(text) {
  return text.replace(/\/\*[\s\S]*?\*\/|(^|[^:'"])\/\/[^\n]*/g, (all) =>
    all.replace(/[^\n]/g, ' '),
  );
}

/** Strings, templates and the text between tags: [offset, words]. */
function* literals(text) {
  const code = withoutComments(text);
  for (const found of code.matchAll(/'[^'\n]*'|"[^"\n]*"|`[^`]*`|>[^<>{}=;()]+</g)) {
    yield [found.index, found[0]];
  }
}

function* filesOf(folder) {
  for (const name of readdirSync(folder)) {
    if (name === 'node_modules' || name === 'bindings') continue;
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* filesOf(path);
    else yield path;
  }
}

function check(path, text) {
  const faults = [];
  for (const { name, about, find } of rules) {
    if (!about.test(path)) continue;
    for (const [offset, message] of find(text, path)) {
      const line = text.slice(0, offset).split('\n').length;
      faults.push(`clients/web/${path}:${line}: ${name}: ${message}`);
    }
  }
  return faults;
}

function checkPackage() {
  const faults = [];
  const { dependencies: run, devDependencies: build } = JSON.parse(
    readFileSync(join(here, 'package.json'), 'utf8'),
  );
  for (const [name, version] of Object.entries({ ...run, ...build })) {
    if (!/^\d+\.\d+\.\d+$/.test(version)) faults.push(`package.json: ${name} has no exact version`);
  }
  for (const name of Object.keys(run)) {
    if (!dependencies.includes(name))
      faults.push(`package.json: ${name} is no dependency of the page`);
  }
  for (const lock of ['package-lock.json', 'tests/node20/package-lock.json']) {
    if (/"resolved"|:\/\//.test(lockWithoutFunding(lock))) faults.push(`${lock}: has an address`);
  }
  return faults;
}

/** Who asks for money is no address that anything is loaded from. */
function lockWithoutFunding(name) {
  const lock = JSON.parse(readFileSync(join(here, name), 'utf8'));
  for (const part of Object.values(lock.packages)) delete part.funding;
  return JSON.stringify(lock);
}

const samples = {
  'imports': [
    ['page/a.ts', "import { Store } from '../core/store';"],
    ['page/a.ts', "import { Backoff } from '../core/backoff';"],
    ['page/a.ts', "import x from 'left-pad';"],
    ['core/a.ts', "import { text } from '../page/text/text';"],
    ['sw/a.ts', "import { x } from './b';"],
  ],
  'markup from text': [['page/a.tsx', 'node.innerHTML = words;']],
  'texts': [
    ['page/a.tsx', 'const x = <p>Ghi lại</p>;'],
    ['core/a.ts', "const x = 'Đã lưu';"],
  ],
  'colours': [
    ['page/style/page.css', 'a { color: #fff; }'],
    ['page/a.tsx', "const c = 'rgb(1, 2, 3)';"],
  ],
  'addresses': [['page/a.ts', "fetch('https://elsewhere.example/x');"]],
  'size': [['core/a.ts', '\n'.repeat(linesMax + 1)]],
};
const sound = [
  ['page/a.ts', "import type { State } from '../core/workspace';\n// Đây là chú thích.\n"],
  ['page/text/vi.ts', "export const vi = { a: 'Đã lưu' };"],
  ['page/a.ts', "import { good } from '../core/fault';"],
  ['page/a.tsx', "const link = '#/enrol/abc'; // https://elsewhere.example"],
];

function selfTest() {
  const faults = [];
  for (const [name, bad] of Object.entries(samples)) {
    for (const [path, text] of bad) {
      if (!check(path, text).some((fault) => fault.includes(`: ${name}: `))) {
        faults.push(`the rule "${name}" does not fire on ${path}: ${text.slice(0, 60)}`);
      }
    }
  }
  for (const [path, text] of sound) faults.push(...check(path, text));
  return faults;
}

const faults = process.argv.includes('--self-test') ? selfTest() : checkPackage();
if (!process.argv.includes('--self-test')) {
  for (const folder of codeFolders) {
    for (const path of filesOf(join(here, folder))) {
      if (/\.(tsx?|mjs|css|html|json)$/.test(path)) {
        faults.push(...check(relative(here, path), readFileSync(path, 'utf8')));
      }
    }
  }
}
for (const fault of faults) console.log(fault);
console.log(`check.mjs: ${faults.length} failures`);
process.exit(faults.length === 0 ? 0 : 1);
