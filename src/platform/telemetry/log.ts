import { pino, type Logger } from 'pino';

export type Log = Logger;

/** Ids of requests and deeds, which stay; then identity numbers, bank or card numbers, and telephone numbers. */
const SPOTS = /(?<uuid>\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)|(?<!\d)(?:(?<person>\d{17}[\dXx])|(?<number>\d{16,19})|1[3-9]\d{9})(?!\d)/g;

/** Blots out what looks like an identity, telephone, bank or card number in a line of log. */
export function blot(line: string): string {
  return line.replace(SPOTS, (found, uuid?: string, person?: string, number?: string) => {
    if (uuid !== undefined) return found;
    if (person !== undefined) return '[id-number]';
    return number === undefined ? '[phone]' : '[number]';
  });
}

/**
 * The log of a process: JSON lines without bodies, queries or names; what slips in by its look is blotted out. A line that
 * cannot be written, as on a full disk, is lost: work goes on without it.
 * @param write where a line goes; standard error by default, so that commands keep standard output for results
 */
export function openLog(level: string, write: (line: string) => void = toStandardError): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write: (line: string) => write(blot(line)) });
}

let listening = false;

function toStandardError(line: string): void {
  // Without a listener a closed pipe would end the process; a full disk throws here and now.
  if (!listening) process.stderr.on('error', () => undefined);
  listening = true;
  try {
    process.stderr.write(line);
  } catch {
    // There is nowhere left to say it.
  }
}
