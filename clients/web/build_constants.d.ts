// What build.mjs writes into the code.

/** A module of the domain: where it lies, its bytes unpacked and on the line (brotli), and the same
 *  in parts of `partBytes` unpacked. */
declare interface ModuleFile {
  url: string;
  bytes: number;
  lineBytes: number;
  parts: string[];
  partBytes: number;
}
/** That of a device whose people only read has no acts; null: this build has none of its own. */
declare const __MODULES__: { officer: ModuleFile; reader: ModuleFile | null };
/** What the module unpacks blocks with; null: it has it inside. */
declare const __DICTIONARY__: { url: string; bytes: number; lineBytes: number } | null;
/** Where the dictionary lies, for the page; null: there is none. */
declare const __DICTIONARY_URL__: string | null;
/** Where the worker of this build lies. */
declare const __WORKER_URL__: string;
/** Where the worker lies that makes photos small. */
declare const __PHOTOS_URL__: string;
/** The build: a short digest of everything in it. */
declare const __BUILD__: string;
/** What the service worker keeps for a start without a line; the page itself is `/`. The large one
 *  lies in parts, too, one of each kind. */
declare const __PRECACHE__: { url: string; parts?: string[]; kind?: string }[];
/** Whether the steps of writing stop for a test that kills the browser (core/steps.ts). */
declare const __STEPS__: boolean;
