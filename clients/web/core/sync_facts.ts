// What the module says of a connection, as far as the line cares (bindings/page_views.h, show_sync).

import type { Json } from './workspace';

export interface SyncFacts {
  state?: string;
  synced?: boolean;
  /** ms that the server wants to be left alone. */
  retry_after?: number;
  /** Files on their way: whether nothing of them can be sent or fetched now. */
  files?: { idle: boolean };
  /** Files that the module has to be given before it goes on with them. */
  wants?: string[];
}

export const factsOf = (told: Json): SyncFacts => (told ?? {}) as SyncFacts;

/** Nothing waits to be sent or received. */
export const isThrough = ({ synced, files }: SyncFacts): boolean =>
  synced === true && files?.idle !== false;

/** The same as long as nothing happened but to files. */
export function apartFromFiles(told: Json): string {
  const { files: _, wants: __, ...rest } = factsOf(told);
  return JSON.stringify(rest);
}
