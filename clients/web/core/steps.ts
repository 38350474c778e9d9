/**
 * Tells a test that the path of writing has come to `name`, and waits until the test lets it go on;
 * a test that kills the browser never does. Builds for people hold nothing of this.
 */
export async function step(name: string): Promise<void> {
  if (__STEPS__) await fetch(`/step/${name}`, { method: 'POST' }).catch(() => undefined);
}
