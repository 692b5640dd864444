import type { Board } from './view.js';

/** Where a device stands, by its browser. */
export interface Place {
  readonly longitude: number;
  readonly latitude: number;
}

/** Nobody waits for a place longer than this, nor for the answer to the question whether it may be asked for. */
const PATIENCE_MS = 8_000;

/** Some ten metres: enough to see that a till stands in another street. */
const rounded = (degrees: number): number => Math.round(degrees * 10_000) / 10_000;

/**
 * Where this device stands. A hint for those who watch over terminals, and nothing hangs on it.
 * @param asks whether the browser may ask the cashier; without, it is told only what was allowed before
 * @returns null where the device does not know it, may not tell, or takes too long
 */
export async function whereabouts(asks: boolean): Promise<Place | null> {
  if (!('geolocation' in navigator)) return null;
  const allowed = await navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state, () => 'prompt');
  if (allowed === 'denied' || (allowed === 'prompt' && !asks)) return null;
  return new Promise((done) => {
    setTimeout(() => done(null), PATIENCE_MS);
    const found = ({ coords }: GeolocationPosition): void => done({ longitude: rounded(coords.longitude), latitude: rounded(coords.latitude) });
    navigator.geolocation.getCurrentPosition(found, () => done(null), { timeout: PATIENCE_MS, maximumAge: 3_600_000 });
  });
}

/**
 * At the opening of a shift the cashier is asked, through the browser, whether the bureau may know where this till stands.
 * @param report tells the service of the till anew; where it fails, the next report says the same
 */
export function tellPlaceAtOpening(board: Board, report: () => Promise<void>): void {
  let before = board.view().phase;
  board.watch(() => {
    const { phase } = board.view();
    const opens = before === 'opening' && phase === 'selling';
    before = phase;
    if (opens) void whereabouts(true).then((place) => (place === null ? undefined : report())).catch(() => undefined);
  });
}
