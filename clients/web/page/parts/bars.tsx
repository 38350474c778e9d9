// Bars as SVG: each says its figure in words, too, and opens.

interface Bar {
  label: string;
  value: number;
  shown: string;
  onOpen(): void;
}

const width = 100;

/** One bar below the other; the whole width is `of`. */
export function Bars({ bars, of }: { bars: Bar[]; of: number }) {
  const most = Math.max(1, of, ...bars.map(({ value }) => value));
  return (
    <ul class="bars">
      {bars.map(({ label, value, shown, onOpen }) => (
        <li key={label}>
          <button type="button" class="bar" onClick={onOpen}>
            <span class="bar-label">{label}</span>
            <svg
              viewBox={`0 0 ${width} 8`}
              preserveAspectRatio="none"
              aria-hidden="true"
              focusable="false"
            >
              <rect class="bar-value" width={(width * value) / most} height="8" />
            </svg>
            <span class="bar-shown">{shown}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
