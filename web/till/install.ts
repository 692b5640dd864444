import type { Till } from './till.js';

/** Has the page kept for starting without a network. A newer one waits until a shift ends with nothing unsent. */
export function install(till: Till): void {
  if (!('serviceWorker' in navigator)) return;
  navigator.serviceWorker.register('/till-sw.js', { scope: '/till' }).then((registration) => {
    const look = (): void => {
      if (registration.waiting !== null && navigator.serviceWorker.controller !== null) till.board.show({ updateReady: true });
    };
    look();
    registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
    till.update = () => {
      navigator.serviceWorker.addEventListener('controllerchange', () => window.location.reload(), { once: true });
      registration.waiting?.postMessage('take over');
    };
  }).catch(() => undefined);
}
