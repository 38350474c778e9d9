import type { Bytes } from './bytes';
import { bad, detailOf, good, type Outcome } from './fault';

const contentType = 'application/vnd.khuyenhoc.cs1';
const timeout = 150_000; // The server takes a slow body for 120 s.

/** Frames by HTTP, where no socket gets through. */
export class Post {
  constructor(private readonly url: string) {}

  /** Faults: no_line; portal: a network on the way wants a login, and nothing was sent through. */
  async exchange(bytes: Bytes): Promise<Outcome<Bytes>> {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), timeout);
    try {
      const answer = await fetch(this.url, {
        method: 'POST',
        body: bytes,
        headers: { 'Content-Type': contentType },
        redirect: 'manual',
        cache: 'no-store',
        credentials: 'omit',
        signal: patience.signal,
      });
      const type = answer.headers.get('Content-Type') ?? '';
      const isLogin = answer.type === 'opaqueredirect' || answer.status === 511;
      if (isLogin || (answer.ok && type.startsWith('text/html'))) return bad('portal');
      if (!answer.ok || !type.startsWith(contentType)) {
        return bad('no_line', { detail: `${answer.status} ${type}` });
      }
      return good(new Uint8Array(await answer.arrayBuffer()));
    } catch (thrown) {
      return bad('no_line', { detail: detailOf(thrown) });
    } finally {
      clearTimeout(timer);
    }
  }
}
