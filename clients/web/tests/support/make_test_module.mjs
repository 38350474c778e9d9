// Makes build/web/test_module from test_module.c by Emscripten, as the real module is made.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('test_module.c', import.meta.url));

/** The folder it lies in. */
export function makeTestModule() {
  const folder = fileURLToPath(new URL('../../../../build/web/test_module', import.meta.url));
  const made = `${folder}/test.wasm`;
  if (existsSync(made) && statSync(made).mtimeMs > statSync(source).mtimeMs) return folder;
  mkdirSync(folder, { recursive: true });
  const environment = { ...process.env, NODE_PATH: '/usr/share/nodejs' };
  delete environment.EM_CACHE;
  execFileSync(
    'emcc',
    [
      '-Os',
      source,
      '-o',
      `${folder}/test.mjs`,
      '--no-entry',
      '-sFILESYSTEM=0',
      '-sALLOW_MEMORY_GROWTH',
      '-sMODULARIZE',
      '-sEXPORT_ES6=1',
      '-sENVIRONMENT=worker,node',
      '-sEXPORTED_FUNCTIONS=_malloc,_free',
    ],
    { env: environment, stdio: 'inherit' },
  );
  return folder;
}
