/** The headers of a terminal's request. */
export const TERMINAL_HEADERS = { session: 'x-terminal-session', time: 'x-terminal-time', mac: 'x-terminal-mac' } as const;

/**
 * What a terminal signs with its own key to open a session.
 * @param time milliseconds since 1970 by the terminal's clock; later than at its last session
 */
export function sessionMessage(terminalId: string, time: number): string {
  return `xingfu terminal session\n${terminalId}\n${time}`;
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
