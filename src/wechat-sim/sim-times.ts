export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** A moment as WeChat Pay writes it: RFC 3339 with China's offset. */
export function rfc3339(at: number): string {
  return `${new Date(at + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}

/** A moment as a trade bill writes it, China's time. */
export function billTime(at: number): string {
  return rfc3339(at).slice(0, 19).replace('T', ' ');
}
