// A window of rows: of a long list only what is seen is there. Rows have one height, in rem, so that
// larger text makes larger rows.

import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface RowsProps {
  count: number;
  label: string;
  /** The row at that place; null while it is fetched. */
  row(index: number): ComponentChildren;
  /** These are about to be seen. */
  need?: (first: number, behind: number) => void;
}

const spare = 8;

export function Rows({ count, label, row, need }: RowsProps) {
  const list = useRef<HTMLUListElement>(null);
  const probe = useRef<HTMLLIElement>(null);
  const [height, setHeight] = useState(80);
  const [range, setRange] = useState({ first: 0, behind: 20 });
  const [pinned, setPinned] = useState<number | null>(null);

  const measure = () => {
    const measured = probe.current?.getBoundingClientRect().height ?? 0;
    if (measured > 0 && Math.abs(measured - height) > 0.5) setHeight(measured);
  };
  const look = () => {
    measure();
    const { current } = list;
    if (current === null) return;
    const above = Math.max(0, -current.getBoundingClientRect().top);
    const first = Math.max(0, Math.floor(above / height) - spare);
    const behind = Math.min(count, Math.ceil((above + innerHeight) / height) + spare);
    setRange((before) =>
      before.first === first && before.behind === behind ? before : { first, behind },
    );
  };
  useEffect(() => {
    look();
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    return () => {
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, [count, height]);
  useLayoutEffect(measure);
  const { first } = range;
  const behind = Math.min(range.behind, count);
  useEffect(() => {
    if (behind > first) need?.(first, behind);
  }, [first, behind, need]);

  const places = [];
  for (let index = first; index < behind; index += 1) places.push(index);
  // The row with the focus stays, however far one scrolls.
  if (pinned !== null && pinned < count && !places.includes(pinned)) places.push(pinned);
  return (
    <ul ref={list} class="rows" aria-label={label} style={{ height: `${count * height}px` }}>
      {places.map((index, at) => (
        <li
          key={index}
          ref={at === 0 ? probe : null}
          style={{ transform: `translateY(${index * height}px)` }}
          aria-setsize={count}
          aria-posinset={index + 1}
          onFocusCapture={() => setPinned(index)}
          onBlurCapture={() => setPinned(null)}
        >
          {row(index)}
        </li>
      ))}
    </ul>
  );
}
