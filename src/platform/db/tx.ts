import type { Instant } from '../../kernel/index.js';

/** A value that a statement takes: JSON goes in as text. */
export type SqlValue = string | number | boolean | null | Buffer | readonly string[] | readonly number[] | readonly (string | null)[] | readonly (number | null)[] | readonly boolean[] | readonly (Buffer | null)[];

/** An open transaction. Stores take it first, so none can be called outside one. */
export interface Tx {
  /** Runs one statement and gives its rows. A `name` keeps it prepared on the connection (hot paths). */
  query<Row>(sql: string, parameters?: readonly SqlValue[], name?: string): Promise<Row[]>;
}

/** A moment as a statement takes it for `timestamptz`. */
export function at(instant: Instant): string {
  return new Date(instant).toISOString();
}
