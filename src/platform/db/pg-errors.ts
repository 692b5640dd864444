/** The SQLSTATE of an error that PostgreSQL answered, if it is one. */
export function sqlState(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** Whether running the whole transaction again may succeed: serialization failure or deadlock. */
export function isRerunnable(error: unknown): boolean {
  const state = sqlState(error);
  return state === '40001' || state === '40P01';
}

/** Connections that break, in the words of the operating system. */
const BROKEN = ['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN', 'ENOTFOUND'];
/** The same in the words of the driver, whose errors have no code. */
const BROKEN_WORDS = /Connection terminated|timeout exceeded when trying to connect|is not queryable|Cannot use a pool after calling end/;
/** A transaction that stood still, or took too long, was ended and its connection with it. */
const ENDED = ['25P03', '25P04'];

/** Whether the database is away, starting, stopping or out of connections: the caller should come back. */
export function isUnavailable(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined && !BROKEN.includes(state)) return state.startsWith('08') || state.startsWith('57P') || state.startsWith('53') || ENDED.includes(state);
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'string' && BROKEN.includes(code)) return true;
  return typeof message === 'string' && BROKEN_WORDS.test(message);
}

/** Whether this work alone met a limit: it waited too long for a lock, or a statement took too long. Others may go on. */
export function isBusy(error: unknown): boolean {
  const state = sqlState(error);
  return state === '55P03' || state === '57014';
}

/** The violated constraint's name, for unique and foreign-key violations. */
export function violatedConstraint(error: unknown): string | undefined {
  const { constraint } = error as { constraint?: unknown };
  return typeof constraint === 'string' ? constraint : undefined;
}
