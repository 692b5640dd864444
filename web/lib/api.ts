import type { paths } from './api.gen.js';

/** Addresses that can be read with GET. */
type GetPath = { [P in keyof paths]: paths[P] extends { get: object } ? P : never }[keyof paths];
type Get<P extends GetPath> = paths[P] extends { get: infer Operation } ? Operation : never;
type Params<P extends GetPath> = Get<P> extends { parameters: infer Given } ? Given : never;
/** What a GET of an address answers. */
export type Answer<P extends GetPath> = Get<P> extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body : never;


type WriteMethod = 'post' | 'put' | 'delete';
/** Addresses that take a deed. */
type WritePath<M extends WriteMethod> = { [P in keyof paths]: paths[P] extends Record<M, object> ? P : never }[keyof paths];
type Write<M extends WriteMethod, P extends WritePath<M>> = paths[P] extends Record<M, infer Operation> ? Operation : never;
type BodyOf<O> = O extends { requestBody: { content: { 'application/json': infer Body } } } ? { body: Body } : { body?: undefined };
type PartOf<O> = O extends { parameters: { path: infer Path } } ? { path: Path } : { path?: undefined };
type Taken<O> = O extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body
  : O extends { responses: { 201: { content: { 'application/json': infer Body } } } } ? Body : unknown;

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

let token: string | null = null;
let hearEnd: () => void = () => undefined;

/**
 * From now on every request says whose it is; null: nobody's.
 * @param ended called once the service knows the bearer no more
 */
export function speakAs(bearer: string | null, ended: () => void = () => undefined): void {
  [token, hearEnd] = [bearer, ended];
}

function addressOf(address: string, path: object | undefined, query: object = {}): string {
  const parts = new Map(Object.entries(path ?? {}));
  const filled = address.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parts.get(name))));
  const given = Object.entries(query).filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]);
  return given.length === 0 ? filled : `${filled}?${new URLSearchParams(given).toString()}`;
}

async function fetched(path: string, init: RequestInit, type = 'application/json'): Promise<Response> {
  const headers = { accept: 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...(init.body === null || init.body === undefined ? {} : { 'content-type': type }) };
  const response = await fetch(path, { ...init, headers }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(0, 'away', AWAY);
  });
  if (response.status === 401 && token !== null) hearEnd();
  if (!response.ok) throw await problemOf(response);
  return response;
}

async function ask(path: string, init: RequestInit, type?: string): Promise<unknown> {
  return (await fetched(path, init, type)).json();
}

/**
 * Reads an address of the service.
 * @throws Problem with the service's own sentence, or one of ours when it cannot be reached
 */
export async function get<P extends GetPath>(address: P, options: PathOf<P> & QueryOf<P> & { signal?: AbortSignal }): Promise<Answer<P>> {
  return (await ask(addressOf(address, options.path as object | undefined, options.query as object | undefined), { signal: options.signal ?? null })) as Answer<P>;
}

/**
 * Sends a deed to the service. Sent again with the same id it does nothing new.
 * @throws Problem as `get` does
 */
export async function send<M extends WriteMethod, P extends WritePath<M>>(method: M, address: P, options: PartOf<Write<M, P>> & BodyOf<Write<M, P>>): Promise<Taken<Write<M, P>>> {
  const body = options.body === undefined ? null : JSON.stringify(options.body);
  return (await ask(addressOf(address, options.path as object | undefined), { method: method.toUpperCase(), body })) as Taken<Write<M, P>>;
}

/** Gets a paper as it is; with a body it is asked for, so that no number stands in an address. @throws Problem as `get` does */
export async function getPaper(address: string, body?: object): Promise<Blob> {
  return (await fetched(address, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) })).blob();
}

/** Sends a file as it is; what it is shows in its bytes. @throws Problem as `get` does */
export async function sendFile(address: string, file: Blob): Promise<unknown> {
  return ask(address, { method: 'PUT', body: file }, 'application/octet-stream');
}
