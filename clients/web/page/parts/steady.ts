// Parts of a form that are drawn anew only when something that they show has changed: a key in one
// field costs as much as that field, however long the form is.

import { h, type Attributes, type FunctionComponent, type VNode } from 'preact';
import { useRef } from 'preact/hooks';

type Handler = (...args: unknown[]) => unknown;
type Props = Record<string, unknown>;

/** Lists and objects; a node of the page has no constructor, and is compared by itself. */
const isPlain = (value: unknown): value is Props =>
  typeof value === 'object' &&
  value !== null &&
  (value.constructor === Object || Array.isArray(value));

/** Whether two values show the same. Handlers do not show: the last ones are called. */
export function showsSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one === 'function') return typeof other === 'function';
  if (!isPlain(one) || !isPlain(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => name in other && showsSame(one[name], other[name]))
  );
}

/** `Part`, drawn anew when its props show something else. What it calls is always up to date. */
export function steady<P extends object>(Part: FunctionComponent<P>): FunctionComponent<P> {
  return (props) => {
    const latest = useRef<Props>({});
    const drawn = useRef<{ props: P; node: VNode } | null>(null);
    latest.current = props as Props;
    if (drawn.current === null || !showsSame(drawn.current.props, props)) {
      const calling = Object.entries(props).map(([name, value]) => [
        name,
        typeof value === 'function'
          ? (...args: unknown[]) => (latest.current[name] as Handler)(...args)
          : value,
      ]);
      const given = Object.fromEntries(calling) as P & Attributes;
      drawn.current = { props, node: h(Part, given) as VNode };
    }
    return drawn.current.node;
  };
}
