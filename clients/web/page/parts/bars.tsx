// Bars as SVG, made of the same rows as the table beside them.

interface Bar {
  label: string;
  value: number;
  of: number;
  shown: string;
}

const width = 100;

/** One bar below the other; the whole width is the largest `of`. For eyes only: a table stands by. */
export function Bars({ bars }: { bars: Bar[] }) {
  const most = Math.max(1, ...bars.map((bar) => bar.of));
  return (
    <div class="bars" aria-hidden="true">
      {bars.map((bar) => (
        <div key={bar.label} class="bar">
          <span class="bar-label">{bar.label}</span>
          <svg viewBox={`0 0 ${width} 8`} preserveAspectRatio="none" focusable="false">
            <rect class="bar-of" width={(width * bar.of) / most} height="8" />
            <rect class="bar-value" width={(width * bar.value) / most} height="8" />
          </svg>
          <span class="bar-shown">{bar.shown}</span>
        </div>
      ))}
    </div>
  );
}
