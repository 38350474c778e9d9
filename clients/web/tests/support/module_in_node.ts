// The real module under node, without a browser.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Bytes } from '../../core/bytes';

export interface ModuleInNode {
  call(name: string, input: Bytes): { json: string; rows: Bytes };
}

/** The module with its dictionary. `build`: where officer.mjs, officer.wasm and dictionary.bin lie. */
export async function loadInNode(build: string): Promise<EmscriptenModule> {
  // It is made for a worker.
  Object.assign(globalThis, {
    importScripts: () => undefined,
    self: { location: { href: pathToFileURL(`${build}/`).href } },
  });
  const script = (await import(pathToFileURL(join(build, 'officer.mjs')).href)) as {
    default(options: { wasmBinary: Uint8Array }): Promise<EmscriptenModule>;
  };
  const module = await script.default({ wasmBinary: readFileSync(join(build, 'officer.wasm')) });
  const dictionary = readFileSync(join(build, 'dictionary.bin'));
  const at = module._malloc(dictionary.length);
  module.HEAPU8.set(dictionary, at);
  if (module._kh_take_dictionary(at, dictionary.length) !== 1) throw new Error(build);
  return module;
}

/** `draw` fills what the module asks random bytes for. */
export async function startInNode(
  build: string,
  draw: (bytes: Uint8Array) => Uint8Array,
): Promise<ModuleInNode> {
  Object.defineProperty(globalThis, 'crypto', { value: { getRandomValues: draw } });
  const module = await loadInNode(build);
  const put = (bytes: Uint8Array): number => {
    const at = module._malloc(Math.max(bytes.length, 1));
    module.HEAPU8.set(bytes, at);
    return at;
  };
  return {
    call(name, input) {
      const number = module._kh_find(put(new TextEncoder().encode(`${name}\0`)));
      const answer = module._kh_call(number, put(input), input.length) >>> 2;
      const words = new Uint32Array(module.HEAPU8.buffer);
      const part = (index: number): Bytes => {
        const begin = words[answer + index] as number;
        return module.HEAPU8.slice(begin, begin + (words[answer + index + 1] as number));
      };
      return { json: new TextDecoder().decode(part(1)), rows: part(5) };
    },
  };
}
