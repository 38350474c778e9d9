// Prints what the pure layers weigh: table.mjs <build directory>.
// Bytes of each program as a page would load it: brotli at quality 11.
import {readFileSync} from 'node:fs';
import {brotliCompressSync, constants} from 'node:zlib';

const build = process.argv[2];
const packed = (bytes) => brotliCompressSync(bytes, {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 22,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  },
}).length;
const columns = (...cells) => cells.map((cell, at) => at ? String(cell).padStart(12) : cell.padEnd(10)).join('');

console.log(columns('dictionary', '', packed(readFileSync(`${build}/dictionary.bin`))));
console.log(columns('program', 'wasm', 'brotli', 'glue brotli'));
for (const program of ['officer', 'reader']) {
  const wasm = readFileSync(`${build}/${program}.wasm`);
  const glue = readFileSync(`${build}/${program}.mjs`);
  console.log(columns(program, wasm.length, packed(wasm), packed(glue)));
}
