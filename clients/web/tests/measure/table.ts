// What was measured, beside what it may be.

import { loadavg } from 'node:os';

interface Row {
  what: string;
  limit: string;
  found: string;
  keeps: boolean | undefined;
}

export class Table {
  private readonly rows: Row[] = [];

  /** `limit`: the most it may be; nothing: it is only told. */
  add(what: string, found: number, unit: string, limit?: number): void {
    const shown = (value: number): string =>
      `${value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : 0 })} ${unit}`;
    const row = {
      what,
      limit: limit === undefined ? '' : `≤ ${shown(limit)}`,
      found: shown(found),
      keeps: limit === undefined ? undefined : found <= limit,
    };
    this.rows.push(row);
    console.log(`   ${what}: ${row.found}`);
  }

  print(): void {
    const day = new Date().toISOString().slice(0, 16).replace('T', ' ');
    const load = loadavg().map((each) => each.toFixed(1));
    console.log(`\n${day} UTC, load ${load.join(' ')}`);
    console.log('| what | found | limit | |\n|---|---|---|---|');
    for (const { what, limit, found, keeps } of this.rows) {
      const mark = keeps === undefined ? '' : keeps ? 'kept' : 'BROKEN';
      console.log(`| ${what} | ${found} | ${limit} | ${mark} |`);
    }
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** What 19 of 20 are not above. */
export function mostly(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? 0;
}
