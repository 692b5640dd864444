import { get, Problem } from './api.js';

const real = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = real;
});

/** Answers the next request, and tells which address it asked for. */
function answerWith(status: number, body: string): { asked: string[] } {
  const asked: string[] = [];
  globalThis.fetch = ((address: string) => {
    asked.push(address);
    return Promise.resolve(new Response(body, { status }));
  }) as typeof fetch;
  return { asked };
}

describe('get', () => {
  it('fills the path and the query in, and leaves out what is not given', async () => {
    const { asked } = answerWith(200, '{"city":{}}');
    await get('/v1/public/{cityCode}/overview', { path: { cityCode: '37/15' }, query: { asOf: '2024-12-31' } });
    await get('/v1/public/{cityCode}/overview', { path: { cityCode: '371500' } });
    expect(asked).toEqual(['/v1/public/37%2F15/overview?asOf=2024-12-31', '/v1/public/371500/overview']);
  });

  it('throws the sentence of the service', async () => {
    answerWith(404, JSON.stringify({ code: 'city-not-served', title: '本系统没有这个城市的数据。' }));
    await expect(get('/v1/public/cities', {})).rejects.toMatchObject({ status: 404, code: 'city-not-served', sentence: '本系统没有这个城市的数据。' });
  });

  it('has a sentence of its own for an answer that is none and for no answer at all', async () => {
    answerWith(502, '<html>bad gateway</html>');
    await expect(get('/v1/public/cities', {})).rejects.toMatchObject({ code: 'unknown', sentence: expect.stringContaining('502') });
    globalThis.fetch = (() => Promise.reject(new TypeError('fetch failed'))) as typeof fetch;
    await expect(get('/v1/public/cities', {})).rejects.toBeInstanceOf(Problem);
    await expect(get('/v1/public/cities', {})).rejects.toMatchObject({ code: 'away' });
  });

  it('lets a page that was left stop the request without a problem', async () => {
    globalThis.fetch = (() => Promise.reject(new DOMException('left', 'AbortError'))) as typeof fetch;
    await expect(get('/v1/public/cities', {})).rejects.toMatchObject({ name: 'AbortError' });
  });
});
