// Drawings of 24 by 24. They say nothing that a text beside them does not say.

const paths = {
  home: 'M4 11 12 4l8 7M6 10v10h12V10M10 20v-6h4v6',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M16 4.5a3.3 3.3 0 0 1 0 6.5M18 14.5c2 .8 3.2 2.6 3.5 5.5',
  register: 'M12 5v14M5 12h14',
  items: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01',
  board: 'M4 20V10M10 20V4M16 20v-7M21 20H3',
  device_only: 'M8 3h8v18H8zM11 18h2',
  received: 'M12 3v11M8 10l4 4 4-4M4 20h16',
  official: 'M4 12.5 9.5 18 20 6.5',
  waiting: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 7v5l3.5 2',
  refused: 'M6 6l12 12M18 6 6 18',
  unproved: 'M9 9a3 3 0 1 1 4 3c-.8.400-1 1-1 2M12 18h.01',
  sync: 'M4 12a8 8 0 0 1 14-5l2 2M20 4v5h-5M20 12a8 8 0 0 1-14 5l-2-2M4 20v-5h5',
  settings:
    'M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M5.6 18.4l2.1-2.1M16.3 7.7l2.1-2.1',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM15.5 15.5 20 20',
  paper: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6',
  camera: 'M4 8h3l2-3h6l2 3h3v11H4zM12 10a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7Z',
  score: 'M4 4h16v16H4zM8 12l3 3 5-6',
  next: 'M9 5l7 7-7 7',
  back: 'M15 5l-7 7 7 7',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  warning: 'M12 4 2.5 20h19zM12 10v4M12 17h.01',
  file: 'M12 3v10M8 9l4 4 4-4M5 16v4h14v-4',
};
export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
