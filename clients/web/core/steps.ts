// Where an act is on its way. Tests kill the browser at each of these places in turn; builds for
// people hold nothing of this, since every caller asks __STEPS__ first.

/** Tells the test that an act has come to `name`, and waits until the test lets it go on. */
export async function step(name: string): Promise<void> {
  if (__STEPS__) await fetch(`/step/${name}`, { method: 'POST' }).catch(() => undefined);
}

/** The same within a transaction, which would end while something else is awaited. */
export function stepWithin(name: string): void {
  if (!__STEPS__) return;
  const request = new XMLHttpRequest();
  request.open('POST', `/step/${name}`, false);
  try {
    request.send();
  } catch {
    // Nobody looks on.
  }
}

/** Whether a call of the page records something: only the way of these is told. */
export const isWriting = (method: string, args: unknown[]): boolean =>
  method === 'act' && (args[2] as { dry?: boolean } | undefined)?.dry !== true;
