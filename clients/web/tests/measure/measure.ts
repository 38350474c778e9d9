// How fast the page is: `tools/dev web measure [line] [start] [people]`. docs/web.md has the figures
// of a quiet machine.

import { missing } from '../screens/day';
import { measureLine } from './line';
import { measurePeople } from './people';
import { measureStart } from './start';
import { Table } from './table';

const all = { line: measureLine, start: measureStart, people: measurePeople };
const names = process.argv.slice(2);
const unknown = names.find((name) => !(name in all));
const trouble =
  unknown !== undefined
    ? `measure knows ${Object.keys(all).join(', ')}, not ${unknown}`
    : missing !== undefined
      ? `${missing} is not built`
      : undefined;
if (trouble !== undefined) {
  console.error(trouble);
  process.exit(2);
}
const table = new Table();
for (const [name, measure] of Object.entries(all)) {
  if (names.length > 0 && !names.includes(name)) continue;
  console.log(`== ${name}`);
  await measure(table);
}
table.print();
