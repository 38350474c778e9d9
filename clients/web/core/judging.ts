import { good, type Outcome } from './fault';
import type { Json, Judged } from './workspace';

/** Judges in the name of one after another; `actors` is as in Workspace.judge(). */
export async function judgeInTurn(
  judge: (actor: string | undefined) => Promise<Outcome<Json>>,
  actors: readonly string[],
): Promise<Outcome<Judged>> {
  let first: Judged | undefined;
  for (const actor of actors.length > 0 ? actors : [undefined]) {
    const done = await judge(actor);
    if (!done.ok) return done;
    const judged = { answer: done.value, actor };
    if ((done.value as { refused?: Json }).refused === undefined) return good(judged);
    first ??= judged;
  }
  return good(first as Judged);
}
