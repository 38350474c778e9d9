// Plays a script of khuyenhoc-page-script in the officer's module and prints the digest of its
// answers: run_script.mjs <build directory> <script>. What a browser has to sign is signed by
// WebCrypto, with the seed beside the script, and must be what the script goes on with.
import {createHash, webcrypto} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import {pathToFileURL} from 'node:url';

const [build, scriptFile] = process.argv.slice(2);
let state = 1;
// What the script drew, too.
Object.defineProperty(globalThis, 'crypto', {
  value: {
    getRandomValues(bytes) {
      for (let at = 0; at < bytes.length; ++at) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        bytes[at] = state >>> 24;
      }
      return bytes;
    },
  },
});
// The module is made for a worker of a browser.
globalThis.importScripts = () => {};
globalThis.self = {location: {href: pathToFileURL(`${build}/`).href}};
const {default: load} = await import(pathToFileURL(`${build}/officer.mjs`));
const module = await load({wasmBinary: readFileSync(`${build}/officer.wasm`)});

const put = (bytes) => {
  const at = module._malloc(bytes.length + 1);
  module.HEAPU8.set(bytes, at);
  module.HEAPU8[at + bytes.length] = 0;
  return at;
};
const dictionary = readFileSync(`${build}/dictionary.bin`);
if (module._kh_take_dictionary(put(dictionary), dictionary.length) !== 1) throw new Error('another dictionary');
const numbers = new Map();
const find = (name) => {
  if (!numbers.has(name)) numbers.set(name, module._kh_find(put(new TextEncoder().encode(name))));
  return numbers.get(name);
};

const script = readFileSync(scriptFile);
const take = (at) => [script.subarray(at + 4, at + 4 + script.readUInt32LE(at)), at + 4 + script.readUInt32LE(at)];
const seedFile = `${scriptFile}.seed`;
const pkcs8 = '302e020100300506032b657004220420';
const key = existsSync(seedFile)
  ? await webcrypto.subtle.importKey('pkcs8', Buffer.concat([Buffer.from(pkcs8, 'hex'), readFileSync(seedFile)]),
      'Ed25519', false, ['sign'])
  : undefined;
let asked = [];
let holdsRuns = false;
let signed = 0;
const sign = async (request) => {
  const bytes = Buffer.from(request, 'hex');
  const signature = await webcrypto.subtle.sign('Ed25519', key, bytes.subarray(32));
  return Buffer.concat([Buffer.from(signature), bytes]);
};
let answers = Buffer.alloc(32);
let calls = 0;
const began = performance.now();
for (let at = 0; at < script.length; ++calls) {
  let name, input;
  [name, at] = take(at);
  [input, at] = take(at);
  for (const request of asked) {
    if (!input.includes(await sign(request))) throw new Error(`call ${calls}: WebCrypto signs otherwise`);
    ++signed;
  }
  const given = put(input);
  const reply = module._kh_call(find(name.toString()), given, input.length) >>> 2;
  module._free(given);
  const hash = createHash('sha256').update(answers);
  // As in the script: runs are packed otherwise in a browser.
  holdsRuns = String(name) === 'frames' || (String(name) === 'push' && holdsRuns);
  for (const part of holdsRuns ? [1, 5] : [1, 3, 5]) {
    const from = module.HEAPU32[reply + part];
    hash.update(module.HEAPU8.subarray(from, from + module.HEAPU32[reply + part + 1]));
  }
  answers = hash.digest();
  const from = module.HEAPU32[reply + 1];
  const json = module.HEAPU8.subarray(from, from + module.HEAPU32[reply + 2]);
  asked = module.HEAPU32[reply] === 2 ? JSON.parse(new TextDecoder().decode(json)).to_sign : [];
}
if (key !== undefined) console.log(`${signed} signed by WebCrypto`);
const seconds = (performance.now() - began) / 1000;
console.log(`${calls} calls, ${seconds.toFixed(2)} s, answers ${answers.toString('hex')}`);
