// Pages of the roster, fetched as a list needs them.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Fault } from '../../core/fault';
import { ask, revision } from '../asking';
import type { RosterRow } from '../data';

export interface Wanted {
  q: string;
  unit: string;
  cycle: string;
  /** '' for any. */
  step: string;
  status: string;
}

export interface RosterRows {
  /** null: not known yet. */
  count: number | null;
  row(index: number): RosterRow | null;
  need(first: number, behind: number): void;
  fault: Fault | null;
}

const pageSize = 50;

interface Book {
  count: number | null;
  rows: Map<number, RosterRow>;
}

export function useRoster({ q, unit, cycle, step, status }: Wanted): RosterRows {
  const [book, setBook] = useState<Book>({ count: null, rows: new Map() });
  const [fault, setFault] = useState<Fault | null>(null);
  const search = JSON.stringify([q, unit, cycle, step, status]);
  const key = `${search} ${revision.value}`;
  const current = useRef(key);
  current.current = key;
  const asked = useRef(new Set<number>());
  const seen = useRef({ first: 0, behind: pageSize });
  const shownFor = useRef(search);

  const fetchPage = async (number: number) => {
    if (asked.current.has(number)) return;
    asked.current.add(number);
    const given = (value: string) => (value === '' ? undefined : value);
    const outcome = await ask('roster', {
      q,
      unit: given(unit),
      cycle: given(cycle),
      state: given(step),
      status: given(status),
      skip: number * pageSize,
      rows: pageSize,
    });
    if (current.current !== key) return;
    setFault(outcome.ok ? null : outcome.fault);
    if (!outcome.ok) return;
    const { count, rows: found } = outcome.value;
    // Rows of another search go at once; those of the same one stay until they are fetched anew.
    const isOther = shownFor.current !== search;
    shownFor.current = search;
    setBook((before) => {
      const rows = new Map(isOther ? [] : before.rows);
      found.forEach((row, at) => rows.set(number * pageSize + at, row));
      return { count, rows };
    });
  };
  const need = useMemo(
    () => (first: number, behind: number) => {
      seen.current = { first, behind };
      for (let at = Math.floor(first / pageSize); at * pageSize < behind; at += 1) {
        void fetchPage(at);
      }
    },
    [key],
  );
  useEffect(() => {
    asked.current = new Set();
    if (shownFor.current !== search) seen.current = { first: 0, behind: pageSize };
    need(seen.current.first, Math.max(seen.current.behind, 1));
  }, [key]);
  return { count: book.count, row: (index) => book.rows.get(index) ?? null, need, fault };
}
