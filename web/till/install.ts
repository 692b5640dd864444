import { registerSW } from 'virtual:pwa-register';
import type { Till } from './till.js';
import { unsentOf } from './view.js';

/** How often a page that stays open for days looks for a newer one. */
const LOOK_MS = 3_600_000;

/** Has the page kept for starting without a network. A newer one waits until a shift ends with nothing unsent. */
export function install(till: Till): void {
  const takeOver = registerSW({
    onNeedRefresh: () => till.board.show({ updateReady: true }),
    onRegisteredSW: (_address, registration) => {
      if (registration !== undefined) setInterval(() => void registration.update().catch(() => undefined), LOOK_MS);
    },
  });
  till.update = () => {
    if (unsentOf(till.board.view()) > 0) return;
    // The plug-in itself does not load anew a page that was there before its first worker.
    navigator.serviceWorker.addEventListener('controllerchange', () => window.location.reload(), { once: true });
    void takeOver(false);
  };
}
