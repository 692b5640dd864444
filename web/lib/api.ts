import type { paths } from './api.gen.js';

/** Addresses that can be read with GET. */
type GetPath = { [P in keyof paths]: paths[P] extends { get: object } ? P : never }[keyof paths];
type Get<P extends GetPath> = paths[P] extends { get: infer Operation } ? Operation : never;
type Params<P extends GetPath> = Get<P> extends { parameters: infer Given } ? Given : never;
/** What a GET of an address answers. */
export type Answer<P extends GetPath> = Get<P> extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body : never;

type PathOf<P extends GetPath> = Params<P> extends { path: infer Path } ? { path: Path } : { path?: undefined };
type QueryOf<P extends GetPath> = Params<P> extends { query?: infer Query } ? { query?: Query | undefined } : { query?: undefined };

/** A refusal of the service: `sentence` is Chinese and says what to do next. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(readonly status: number, readonly code: string, readonly sentence: string) {
    super(`${status} ${code}`);
  }
}

const AWAY = '连接不上服务，请检查网络后重试。';

async function problemOf(response: Response): Promise<Problem> {
  const body: { code?: string; title?: string } = await response.json().catch(() => ({}));
  return new Problem(response.status, body.code ?? 'unknown', body.title ?? `服务没有正常答复（${response.status}），请稍候重试。`);
}

/**
 * Reads an address of the service.
 * @throws Problem with the service's own sentence, or one of ours when it cannot be reached
 */
export async function get<P extends GetPath>(address: P, options: PathOf<P> & QueryOf<P> & { signal?: AbortSignal }): Promise<Answer<P>> {
  const parts = new Map(Object.entries(options.path ?? {}));
  const path = address.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parts.get(name))));
  const given = Object.entries(options.query ?? {}).filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]);
  const query = new URLSearchParams(given).toString();
  const response = await fetch(query === '' ? path : `${path}?${query}`, { headers: { accept: 'application/json' }, signal: options.signal ?? null })
    .catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw new Problem(0, 'away', AWAY);
    });
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as Answer<P>;
}
