// The domain as WebAssembly: how it is started, and one call into it. It knows no rules.

import makeModule from 'khuyenhoc-module';
import {
  loadParts,
  type GivenDictionary,
  type Loaded,
  type Loading,
  type ModuleKind,
} from './loading';
import { bad, detailOf, good, type Outcome } from './fault';
import { type Bytes, textOf } from './bytes';

/** What a call gave. Nothing of it lies in the module's memory. */
export interface Reply {
  good: boolean;
  json: string;
  bytes: Bytes;
  rows: Bytes;
  /** What the browser has to sign before the call can be finished: see signing.ts. */
  unsigned?: string[];
}

export interface Domain {
  /** Throws when the module stopped in the middle: it is of no use any more. */
  call(name: string, input: Bytes): Reply;
}

/**
 * Loads the module and starts it. An interrupted load goes on where it stopped, `tries` times.
 * Faults: module_missing.
 */
export async function loadModule(
  kind: ModuleKind,
  given: GivenDictionary,
  tell: (loading: Loading) => void,
  pause: (ms: number) => Promise<void>,
  tries = 5,
): Promise<Outcome<Domain>> {
  let detail = '';
  for (let attempt = 0; attempt < tries; attempt += 1) {
    if (attempt > 0) await pause(1000 * attempt);
    try {
      return good(await start(await loadParts(kind, given, tell)));
    } catch (thrown) {
      detail = detailOf(thrown);
    }
  }
  return bad('module_missing', { detail });
}

function start({ compiled, dictionary }: Loaded): Promise<Domain> {
  return new Promise((resolve, reject) => {
    const making = makeModule({
      instantiateWasm(imports, ready) {
        const instantiated = WebAssembly.instantiate(compiled, imports);
        instantiated.then((instance) => ready(instance, compiled)).catch(reject);
        return {};
      },
    });
    making.then((module) => {
      if (dictionary !== undefined) {
        const taken = withBytes(module, dictionary, (at) =>
          module._kh_take_dictionary(at, dictionary.length),
        );
        if (taken !== 1) return reject(new Error('the dictionary is another one'));
      }
      resolve({ call: (name, input) => callModule(module, name, input) });
    }, reject);
  });
}

function callModule(module: EmscriptenModule, name: string, input: Bytes): Reply {
  const number = withBytes(module, utf8.encode(`${name}\0`), (at) => module._kh_find(at));
  if (number < 0) return { ...nothing, json: JSON.stringify({ error: { code: 'unsupported' } }) };
  const answer = withBytes(module, input, (at) => module._kh_call(number, at, input.length)) >>> 2;
  // Memory may have grown: its view is taken after the call.
  const words = new Uint32Array(module.HEAPU8.buffer);
  const part = (index: number): Bytes => {
    const begin = words[answer + index] as number;
    return module.HEAPU8.slice(begin, begin + (words[answer + index + 1] as number));
  };
  const status = words[answer];
  const reply: Reply = { good: status === 0, json: textOf(part(1)), bytes: part(3), rows: part(5) };
  if (status === 2) reply.unsigned = (JSON.parse(reply.json) as { to_sign: string[] }).to_sign;
  return reply;
}

/** Lays bytes into the module's memory for as long as `use` runs. */
function withBytes(module: EmscriptenModule, bytes: Bytes, use: (at: number) => number): number {
  const at = module._malloc(Math.max(bytes.length, 1));
  module.HEAPU8.set(bytes, at);
  const result = use(at);
  module._free(at);
  return result;
}

const utf8 = new TextEncoder();
const nothing: Reply = { good: false, json: '', bytes: new Uint8Array(0), rows: new Uint8Array(0) };
