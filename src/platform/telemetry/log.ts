import { pino, type Logger } from 'pino';

export type Log = Logger;

const ID_NUMBER = /(?<!\d)\d{17}[\dXx](?!\d)/g;
const PHONE = /(?<!\d)1[3-9]\d{9}(?!\d)/g;
const BANK_OR_CARD = /(?<!\d)\d{16,19}(?!\d)/g;

/** Blots out what looks like an identity, telephone, bank or card number in a line of log. */
export function blot(line: string): string {
  return line.replace(ID_NUMBER, '[id-number]').replace(BANK_OR_CARD, '[number]').replace(PHONE, '[phone]');
}

/**
 * The log of a process: JSON lines without bodies, queries or names; what slips in by its look is blotted out.
 * @param write where a line goes; standard error by default, so that commands keep standard output for results
 */
export function openLog(level: string, write: (line: string) => void = (line) => void process.stderr.write(line)): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write: (line: string) => write(blot(line)) });
}
