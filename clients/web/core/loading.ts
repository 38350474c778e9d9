// How the module's bytes arrive. A browser starts an interrupted packed load from nothing, so the
// module lies at the server twice: whole, and in parts. It is loaded whole; what has come is kept
// part by part; after an interruption only the parts that are missing are asked for.

import type { Bytes } from './bytes';

export interface Loading {
  /** In bytes of the line. */
  received: number;
  total: number;
}
type Tell = (loading: Loading) => void;

const keptName = 'khuyenhoc-loading';
const wholeName = 'khuyenhoc-module';
const typed = { headers: { 'Content-Type': 'application/wasm' } };

/** What a module is started with. */
export interface Loaded {
  compiled: WebAssembly.Module;
  /** It changes far more seldom than the module, so that an update of it does not bring it along. */
  dictionary: Bytes | undefined;
}

export type ModuleKind = keyof typeof __MODULES__;

/** What the page has loaded of it, so that the line is not idle while the worker's script comes. */
export type GivenDictionary = () => Promise<ArrayBuffer | undefined>;

/** Throws when the line breaks; the next try goes on where this one stopped. */
export async function loadParts(
  kind: ModuleKind,
  given: GivenDictionary,
  tell: Tell,
): Promise<Loaded> {
  const file = await fileFor(kind);
  const count = teller(file, tell);
  const compiling = loadCompiled(file, count);
  // A page that is frozen gives nothing.
  const late = compiling.then(nothing, nothing);
  const loads = [compiling, loadDictionary(() => Promise.race([given(), late]), count)] as const;
  await Promise.allSettled(loads);
  const [compiled, dictionary] = await Promise.all(loads);
  return { compiled, dictionary };
}

/** A reader with the larger module here needs no other one. */
async function fileFor(kind: ModuleKind): Promise<ModuleFile> {
  const { officer, reader } = __MODULES__;
  if (kind === 'officer' || reader === null) return officer;
  return (await caches.match(officer.url)) === undefined ? reader : officer;
}

type File = Pick<ModuleFile, 'url' | 'bytes' | 'lineBytes'>;
/** `quiet`: it was here before, which is nothing to tell. */
type Count = (file: File, more: number, quiet?: boolean) => void;

/** The browser unpacks: what is counted are unpacked bytes, told in bytes of the line. */
function teller(file: ModuleFile, tell: Tell): Count {
  let received = 0;
  const total = file.lineBytes + (__DICTIONARY__?.lineBytes ?? 0);
  return ({ bytes, lineBytes }, more, quiet = false) => {
    received += (more * lineBytes) / bytes;
    if (!quiet) tell({ received: Math.round(received), total });
  };
}

async function loadCompiled(file: ModuleFile, count: Count): Promise<WebAssembly.Module> {
  const kept = await caches.match(file.url);
  if (kept !== undefined) return WebAssembly.compileStreaming(kept);
  const cache = await caches.open(keptName);
  const begun = await cache.match(file.parts[0] as string);
  return begun === undefined ? loadWhole(file, cache, count) : joinParts(file, cache, count);
}

const nothing = (): undefined => undefined;

async function loadDictionary(given: GivenDictionary, count: Count): Promise<Bytes | undefined> {
  const file = __DICTIONARY__;
  if (file === null) return undefined;
  const kept = await caches.match(file.url);
  const body = kept ?? new Response((await given()) ?? (await fetched(file.url)));
  const bytes = await body.arrayBuffer();
  if (kept === undefined) await (await caches.open(wholeName)).put(file.url, new Response(bytes));
  count(file, bytes.byteLength, kept !== undefined);
  return new Uint8Array(bytes);
}

async function fetched(url: string): Promise<ReadableStream<Bytes>> {
  const answer = await fetch(url);
  if (!answer.ok || answer.body === null) throw new Error(`${url}: ${answer.status}`);
  return answer.body as ReadableStream<Bytes>;
}

async function loadWhole(
  file: ModuleFile,
  cache: Cache,
  count: Count,
): Promise<WebAssembly.Module> {
  const whole = new Uint8Array(file.bytes);
  const { partBytes } = file;
  let size = 0;
  let keeping: Promise<unknown> = Promise.resolve();
  const body = await fetched(file.url);
  const passing = new TransformStream<Bytes, Bytes>({
    transform(chunk, controller) {
      if (size + chunk.length > whole.length) throw new Error('the module is too long');
      whole.set(chunk, size);
      const before = Math.floor(size / partBytes);
      size += chunk.length;
      for (let index = before; index < Math.floor(size / partBytes); index += 1) {
        const part = whole.slice(index * partBytes, (index + 1) * partBytes);
        keeping = keeping.then(() => cache.put(file.parts[index] as string, new Response(part)));
      }
      count(file, chunk.length);
      controller.enqueue(chunk);
    },
  });
  try {
    const compiled = await WebAssembly.compileStreaming(
      new Response(body.pipeThrough(passing), typed),
    );
    await keepWhole(file, whole);
    return compiled;
  } finally {
    await keeping;
  }
}

async function joinParts(
  file: ModuleFile,
  cache: Cache,
  count: Count,
): Promise<WebAssembly.Module> {
  const whole = new Uint8Array(file.bytes);
  let size = 0;
  for (const url of file.parts) {
    const part = await (await cache.match(url))?.arrayBuffer();
    const bytes = new Uint8Array(part ?? (await new Response(await fetched(url)).arrayBuffer()));
    if (part === undefined) await cache.put(url, new Response(bytes));
    if (size + bytes.length > whole.length) throw new Error('the parts are too long');
    whole.set(bytes, size);
    size += bytes.length;
    count(file, bytes.length);
  }
  if (size !== whole.length) throw new Error('the parts are too short');
  const compiled = await WebAssembly.compile(whole);
  await keepWhole(file, whole);
  return compiled;
}

/** For the service worker, which takes it from here, and for a start before that. */
async function keepWhole(file: ModuleFile, whole: Bytes): Promise<void> {
  await caches.delete(keptName);
  const cache = await caches.open(wholeName);
  for (const request of await cache.keys()) {
    if (new URL(request.url).pathname !== __DICTIONARY__?.url) await cache.delete(request);
  }
  await cache.put(file.url, new Response(whole, typed));
}
