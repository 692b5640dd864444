/** An answer as it came: no answer at all is null. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** WeChat answers within a second as a rule; a payment code may take it five. */
const MOST_MS = 10_000;
/** More than any answer but a bill is; a bill of a city's month day stays far below. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Asks a service of WeChat. @returns null where no whole answer came in time: what was asked may be done all the same */
export async function ask(url: string, init: { method: 'GET' | 'POST'; headers?: Record<string, string>; body?: string }, mostMs = MOST_MS): Promise<HttpAnswer | null> {
  try {
    const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(mostMs) });
    if (Number(response.headers.get('content-length') ?? 0) > MOST_BYTES) return null;
    return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
  } catch {
    return null;
  }
}

/** The JSON object in a body, whatever its content type says; null where it is none. */
export function jsonObject(body: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
