import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

let isArriving = false;

/** Another screen comes: whoever listens hears its title, as soon as it is there. */
export function arrive(): void {
  isArriving = true;
  scrollTo({ top: 0 });
}

export function Title({ children }: { children: ComponentChildren }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!isArriving) return;
    isArriving = false;
    title.current?.focus({ preventScroll: true });
  });
  return (
    <h1 ref={title} tabIndex={-1}>
      {children}
    </h1>
  );
}
