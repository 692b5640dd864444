import { chinaTime } from '../kernel/index.js';

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** A moment as a trade bill writes it, China's time. */
export function billTime(at: number): string {
  return chinaTime(at).slice(0, 19).replace('T', ' ');
}
