import type { Board, View } from './view.js';

const HELLO = 'hello';

/**
 * Shows other windows of this device what the selling one shows: once a frame, and only since one has asked. The whole
 * view is copied each time, journal and all, which a slow device feels at every sale.
 */
export function showToMirrors(board: Board, channel: BroadcastChannel): void {
  let isAsked = false;
  let isDue = false;
  const send = (): void => {
    isDue = false;
    channel.postMessage(board.view());
  };
  const soon = (): void => {
    if (!isAsked || isDue) return;
    isDue = true;
    setTimeout(send, 16);
  };
  board.watch(soon);
  channel.addEventListener('message', ({ data }) => {
    if (data !== HELLO) return;
    isAsked = true;
    soon();
  });
}

/** Shows here what the selling window shows. */
export function mirror(board: Board, channel: BroadcastChannel): void {
  board.show({ role: 'mirror', phase: 'opening' });
  channel.addEventListener('message', ({ data }) => typeof data === 'object' && board.show({ ...(data as View), role: 'mirror' }));
  channel.postMessage(HELLO);
}
