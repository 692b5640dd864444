/** What a use case answers when the rules say no: expected, named by a code of the problem table, never thrown. */
export interface Refusal {
  readonly ok: false;
  readonly code: string;
  /** Facts that the reader needs to act; never personal data. */
  readonly detail?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

/** What a use case answers when it did what was asked. */
export interface Success<T> {
  readonly ok: true;
  readonly value: T;
}

export type Outcome<T> = Success<T> | Refusal;

export function done<T>(value: T): Success<T> {
  return { ok: true, value };
}

export function refuse(code: string, detail?: Refusal['detail']): Refusal {
  return detail === undefined ? { ok: false, code } : { ok: false, code, detail };
}
