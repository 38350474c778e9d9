// Keeps one whole build of the page for starts without a line. A newer build is fetched in the
// background; it takes over at the next start, or when every tab says that no form is open.

declare const self: ServiceWorkerGlobalScope;

const prefix = 'khuyenhoc-site-';
const cacheName = prefix + __BUILD__;
const known = new Set(__PRECACHE__.map((part) => part.url));
const tries = 5;
const answerTime = 1_000;

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  const path = url.pathname === '/index.html' ? '/' : url.pathname;
  if (known.has(path)) event.respondWith(kept(path, request));
});
self.addEventListener('message', (event) => {
  if (event.data?.kind === 'take_over') event.waitUntil(takeOver());
});

/** What another build has under the same hashed name is not fetched again. */
async function install(): Promise<void> {
  const cache = await caches.open(cacheName);
  const kinds = await kindsInUse();
  for (const { url, parts, kind } of __PRECACHE__) {
    if (await cache.match(url)) continue;
    if (kind && !kinds.includes(kind)) continue;
    const before = url === '/' ? undefined : await caches.match(url);
    await cache.put(url, before ?? (await (parts ? joined(cache, parts) : fetchWhole(url))));
    for (const part of parts ?? []) await cache.delete(part);
  }
}

/** Whoever only reads has another module than everybody else; the worker keeps the one it loaded. */
async function kindsInUse(): Promise<string[]> {
  const kept = await (await caches.open('khuyenhoc-module')).keys();
  const found = kept.flatMap(({ url }) => /\/(\w+)-\w+\.wasm$/.exec(url)?.[1] ?? []);
  return found.length > 0 ? found : ['officer'];
}

/** The module, part by part: an install that was cut goes on with the parts that are missing. */
async function joined(cache: Cache, urls: string[]): Promise<Response> {
  const parts: ArrayBuffer[] = [];
  for (const url of urls) {
    if (!(await cache.match(url))) await cache.put(url, await fetchWhole(url));
    parts.push(await (await cache.match(url))!.arrayBuffer());
  }
  return new Response(new Blob(parts), { headers: { 'Content-Type': 'application/wasm' } });
}

/** A load that was cut is tried again; a browser keeps no part of a packed file. */
async function fetchWhole(url: string): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await fetch(url, { cache: url === '/' ? 'no-cache' : 'default' });
      if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
      const body = await answer.arrayBuffer();
      const headers = new Headers(answer.headers);
      for (const ofTheLine of ['Content-Encoding', 'Content-Length']) headers.delete(ofTheLine);
      return new Response(body, { headers });
    } catch (failure) {
      if (attempt === tries) throw failure;
      await new Promise((resolve) => setTimeout(resolve, 1_000 * attempt));
    }
  }
}

/** The build before stays: a tab may still run it. */
async function activate(): Promise<void> {
  const builds = (await caches.keys()).filter((name) => name.startsWith(prefix));
  const older = builds.filter((name) => name !== cacheName).slice(0, -1);
  await Promise.all(older.map((name) => caches.delete(name)));
}

async function kept(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(path)) ?? (await caches.match(path)) ?? fetch(request);
}

async function takeOver(): Promise<void> {
  const tabs = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const answers = await Promise.all(tabs.map(mayTakeOver));
  if (answers.every(Boolean)) await self.skipWaiting();
}

/** A tab that does not answer, because it sleeps, may have a form open. */
function mayTakeOver(tab: Client): Promise<boolean> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data === true);
    setTimeout(() => resolve(false), answerTime);
    tab.postMessage({ kind: 'may_take_over' }, [port2]);
  });
}

export {};
