import pg from 'pg';
import { invariant } from '../../kernel/index.js';

const OID = { int8: 20, date: 1082, timestamptz: 1184, numeric: 1700 } as const;

function safeInteger(text: string): number {
  const value = Number(text);
  invariant(Number.isSafeInteger(value), `a bigint beyond what a number holds: ${text}`);
  return value;
}

/**
 * How column types arrive in TypeScript, for every connection of the process: `bigint` as a safe integer
 * (PostgreSQL sends a string, and quietly losing digits of money is the trap), `date` as its text (a birth date
 * never passes through `Date`), `timestamptz` as milliseconds since 1970, `numeric` refused unless it is whole.
 */
export function setColumnTypes(): void {
  pg.types.setTypeParser(OID.int8, safeInteger);
  pg.types.setTypeParser(OID.numeric, safeInteger);
  pg.types.setTypeParser(OID.date, (text: string) => text);
  pg.types.setTypeParser(OID.timestamptz, (text: string) => Date.parse(text.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00')));
}
