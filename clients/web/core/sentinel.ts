// Browsers clear storage in part. One name of this installation lies in three stores; what is
// missing says what was cleared (docs/web.md, "Three stores").

import { bad, detailOf, good, type Outcome } from './fault';
import type { Store } from './store';

export type Place = 'database' | 'cache' | 'page';

/** What the page shows of it, until somebody has read it. */
export interface Installation {
  id: string;
  /** Counts how often this browser lost something. */
  incarnation: number;
  /** What was missing at this start. `database`: the work of this browser is gone. */
  lost: Place[];
}
export interface Kept {
  id: string;
  incarnation: number;
}

/** Pure: which installation this is, given what the three stores have. */
export function recognise(
  database: Kept | undefined,
  cache: string | undefined,
  page: string | undefined,
  draw: () => string,
): Installation {
  if (database === undefined) {
    const isNew = cache === undefined && page === undefined;
    return { id: draw(), incarnation: isNew ? 0 : 1, lost: isNew ? [] : ['database'] };
  }
  const lost: Place[] = [];
  if (cache !== database.id) lost.push('cache');
  if (page !== database.id) lost.push('page');
  if (lost.length === 0) return { ...database, lost };
  return { id: draw(), incarnation: database.incarnation + 1, lost };
}

const cacheName = 'khuyenhoc-installation';
const cacheUrl = '/installation';

async function inCache(): Promise<string | undefined> {
  if (globalThis.caches === undefined) return undefined;
  const cache = await caches.open(cacheName);
  return (await cache.match(cacheUrl))?.text();
}

/**
 * `page`: what the page found in its localStorage, where it writes the answer's id; null: the page
 * sleeps and cannot say.
 * Faults: storage_*.
 */
export async function recogniseHere(
  store: Pick<Store, 'read' | 'put'>,
  page: string | undefined | null,
): Promise<Outcome<Installation>> {
  const kept = await store.read<Kept>('meta', 'installation');
  if (!kept.ok) return kept;
  try {
    const cached = await inCache();
    const known = recognise(kept.value, cached, page === null ? kept.value?.id : page, drawId);
    const { id, incarnation } = known;
    if (id === kept.value?.id) return good(known);
    const written = await store.put('meta', 'installation', { id, incarnation });
    if (!written.ok) return written;
    if (globalThis.caches !== undefined) {
      await (await caches.open(cacheName)).put(cacheUrl, new Response(id));
    }
    return good(known);
  } catch (thrown) {
    return bad('storage_failed', { detail: detailOf(thrown) });
  }
}

/** randomUUID() is missing before Safari 15.4 and on plain HTTP. */
function drawId(): string {
  const drawn = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(drawn, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
