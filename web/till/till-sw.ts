/// <reference lib="webworker" />
import { cleanupOutdatedCaches, precacheAndRoute } from 'workbox-precaching';

declare const self: ServiceWorkerGlobalScope & {
  /** The build puts the till's files here: addresses, with a revision where the name itself does not change with the content. */
  readonly __WB_MANIFEST: { url: string; revision: string | null }[];
};

// What the till asks the service for is not on the list and goes past the cache: it is either fresh or not there.
precacheAndRoute(self.__WB_MANIFEST, { ignoreURLParametersMatching: [/./], cleanURLs: false });
cleanupOutdatedCaches();

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

// A new version takes over only when the page says so: never in the middle of a shift.
self.addEventListener('message', (event) => {
  if ((event.data as { type?: string } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
});
