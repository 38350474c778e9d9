import type { Progress } from '../data';
import { text } from '../text/text';
import { Icon } from './icons';

/** How far something is: one sign and one word, the same everywhere. */
export function StatusChip({ status }: { status: Progress['status'] }) {
  return (
    <span class={`status ${status}`}>
      <Icon name={status} />
      {text.status[status]}
    </span>
  );
}
