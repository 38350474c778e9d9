// Runs the rates natively and as WebAssembly in turn, three times each, and compares the best ones:
// compare_rates.mjs <build directory> <native program> <log>.  Fails when the module is slower than
// a share of the native build, folds to something else, or judges otherwise.
import {spawnSync} from 'node:child_process';

const [build, native, log] = process.argv.slice(2);
// Shares of the native rate; docs/wasm.md has what was measured.
const limits = {decode: 0.4, fold: 0.45, 'judge+fold': 0.45, 'all verified': 0.3};
const rounds = 3;
/** A shorter log is over before node has compiled the module well: it is measured and not judged. */
const judgedFrom = 50_000;

function run(words) {
  const ended = spawnSync(words[0], words.slice(1), {encoding: 'utf8'});
  if (ended.status !== 0) throw new Error(`${words[0]}: ${ended.stdout}${ended.stderr}`);
  const rates = Object.keys(limits).map((name) => {
    const found = ended.stdout.match(new RegExp(` ${name.replace('+', '\\+')} ([0-9.]+)`));
    return [name, Number(found[1])];
  });
  const [, events] = ended.stdout.match(/^([0-9]+) events/);
  const [, sum] = ended.stdout.match(/sum ([0-9a-f]+)/);
  return {rates: Object.fromEntries(rates), events, sum};
}

const builds = {
  native: [native, log],
  module: [process.execPath, '--no-experimental-fetch', `${build}/rates.js`, log],
};
const best = {native: {}, module: {}};
const sums = new Set();
let events;
for (let round = 0; round < rounds; ++round) {
  for (const [name, words] of Object.entries(builds)) {
    const one = run(words);
    sums.add(one.sum);
    events = one.events;
    for (const what of Object.keys(limits)) {
      best[name][what] = Math.max(best[name][what] ?? 0, one.rates[what]);
    }
  }
}

const columns = (...cells) => cells.map((cell, at) => at ? String(cell).padStart(10) : cell.padEnd(14)).join('');
console.log(`${events} events, million a second, the best of ${rounds}; sum ${[...sums].join(' and ')}`);
console.log(columns('', 'native', 'module', 'share', 'at least'));
const isJudged = Number(events) >= judgedFrom;
let failed = sums.size > 1;
for (const [what, limit] of Object.entries(limits)) {
  const share = best.module[what] / best.native[what];
  failed ||= isJudged && share < limit;
  console.log(columns(what, best.native[what], best.module[what], share.toFixed(2), limit));
}
if (!isJudged) console.log(`shares count from ${judgedFrom} events on`);
if (failed) console.error(sums.size > 1 ? 'the two fold to different states' : 'the module is too slow');
process.exit(failed ? 1 : 0);
