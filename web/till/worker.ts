/// <reference lib="webworker" />
/** The build puts the till's files here, and a mark that changes with any of them. */
declare const __TILL_FILES__: readonly string[];
declare const __TILL_MARK__: string;

const worker = self as unknown as ServiceWorkerGlobalScope;
const PAGE = '/till';
const CACHE = `till-${__TILL_MARK__}`;

worker.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([PAGE, ...__TILL_FILES__].map((file) => new Request(file, { cache: 'reload' })))));
});

worker.addEventListener('activate', (event) => {
  const old = caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith('till-') && name !== CACHE).map((name) => caches.delete(name))));
  event.waitUntil(old.then(() => worker.clients.claim()));
});

// A new version takes over only when the page says so: never in the middle of a shift.
worker.addEventListener('message', (event) => {
  if (event.data === 'take over') void worker.skipWaiting();
});

worker.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== worker.location.origin || event.request.method !== 'GET') return;
  const isPage = event.request.mode === 'navigate' && url.pathname === PAGE;
  // What the till asks the service for goes past the cache: it is either fresh or not there.
  if (!isPage && !__TILL_FILES__.includes(url.pathname)) return;
  event.respondWith(caches.open(CACHE).then((cache) => cache.match(isPage ? PAGE : url.pathname)).then((kept) => kept ?? fetch(event.request)));
});
