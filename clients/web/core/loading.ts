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
const typed = { headers: { 'Content-Type': 'application/wasm' } };

/** The module, compiled. Throws when the line breaks; the next try goes on where this one stopped. */
export async function loadCompiled(tell: Tell): Promise<WebAssembly.Module> {
  const { url } = __MODULE__;
  const kept = await caches.match(url);
  if (kept !== undefined) return WebAssembly.compileStreaming(kept);
  const cache = await caches.open(keptName);
  const begun = await cache.match(partUrl(0));
  return begun === undefined ? loadWhole(cache, tell) : loadParts(cache, tell);
}

const partUrl = (index: number): string => __MODULE__.parts[index] as string;

/** The browser unpacks: what is counted are unpacked bytes, told in bytes of the line. */
function teller(tell: Tell): (more: number) => void {
  const { bytes, lineBytes } = __MODULE__;
  let received = 0;
  return (more) => {
    received += more;
    tell({ received: Math.round((received * lineBytes) / bytes), total: lineBytes });
  };
}

async function fetched(url: string): Promise<ReadableStream<Bytes>> {
  const answer = await fetch(url);
  if (!answer.ok || answer.body === null) throw new Error(`${url}: ${answer.status}`);
  return answer.body as ReadableStream<Bytes>;
}

async function loadWhole(cache: Cache, tell: Tell): Promise<WebAssembly.Module> {
  const count = teller(tell);
  const whole = new Uint8Array(__MODULE__.bytes);
  const { partBytes } = __MODULE__;
  let size = 0;
  let keeping: Promise<unknown> = Promise.resolve();
  const body = await fetched(__MODULE__.url);
  const passing = new TransformStream<Bytes, Bytes>({
    transform(chunk, controller) {
      if (size + chunk.length > whole.length) throw new Error('the module is too long');
      whole.set(chunk, size);
      const before = Math.floor(size / partBytes);
      size += chunk.length;
      for (let index = before; index < Math.floor(size / partBytes); index += 1) {
        const part = whole.slice(index * partBytes, (index + 1) * partBytes);
        keeping = keeping.then(() => cache.put(partUrl(index), new Response(part)));
      }
      count(chunk.length);
      controller.enqueue(chunk);
    },
  });
  try {
    const compiled = await WebAssembly.compileStreaming(
      new Response(body.pipeThrough(passing), typed),
    );
    await keepWhole(whole);
    return compiled;
  } finally {
    await keeping;
  }
}

async function loadParts(cache: Cache, tell: Tell): Promise<WebAssembly.Module> {
  const count = teller(tell);
  const whole = new Uint8Array(__MODULE__.bytes);
  let size = 0;
  for (const url of __MODULE__.parts) {
    const part = await (await cache.match(url))?.arrayBuffer();
    const bytes = new Uint8Array(part ?? (await new Response(await fetched(url)).arrayBuffer()));
    if (part === undefined) await cache.put(url, new Response(bytes));
    if (size + bytes.length > whole.length) throw new Error('the parts are too long');
    whole.set(bytes, size);
    size += bytes.length;
    count(bytes.length);
  }
  if (size !== whole.length) throw new Error('the parts are too short');
  const compiled = await WebAssembly.compile(whole);
  await keepWhole(whole);
  return compiled;
}

/** For the service worker, which takes it from here, and for a start before that. */
async function keepWhole(whole: Bytes): Promise<void> {
  await caches.delete(keptName);
  const cache = await caches.open('khuyenhoc-module');
  for (const request of await cache.keys()) await cache.delete(request);
  await cache.put(__MODULE__.url, new Response(whole, typed));
}
