/** The headers of a terminal's request. */
export const TERMINAL_HEADERS = { session: 'x-terminal-session', time: 'x-terminal-time', mac: 'x-terminal-mac' } as const;

/**
 * What a terminal signs with its own key to open a session.
 * @param time milliseconds since 1970 by the terminal's clock; later than at its last session
 */
export function sessionMessage(terminalId: string, time: number): string {
  return `xingfu terminal session\n${terminalId}\n${time}`;
}

const DAY_MS = 24 * 3_600_000;
/** A terminal changes its key after so long. */
export const KEY_LIFE_MS = 90 * DAY_MS;
/** How long the key before goes on opening sessions: a till that was cut off in the middle of the change is not locked out. */
export const OVERLAP_MS = 7 * DAY_MS;

/**
 * What a terminal signs with a new key to have it taken in place of the old one.
 * @param generation that of the new key
 */
export function keyMessage(terminalId: string, generation: number): string {
  return `xingfu terminal key\n${terminalId}\n${generation}`;
}

/**
 * What a terminal puts a MAC on with every request.
 * @param path with its query, as sent
 * @param time milliseconds since 1970 by the terminal's clock
 * @param bodyHash SHA-256 of the raw body in lower-case hexadecimal; of nothing where there is no body
 */
export function requestMessage(method: string, path: string, time: number, bodyHash: string): string {
  return `${method.toUpperCase()}\n${path}\n${time}\n${bodyHash}`;
}

/** How long a terminal's session lasts: 12 hours from its opening. */
export const TERMINAL_SESSION_LIFE_MS = 12 * 3_600_000;
