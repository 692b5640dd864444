import { Redis } from 'ioredis';
import { WrongSetting } from '../config/index.js';

const MOST_MS = 5_000;

/**
 * Asks Redis once. BullMQ waits for ever for a Redis that is away, which is right while the service runs and wrong
 * when it starts with an address that is none.
 * @throws WrongSetting with one line that names `REDIS_URL`
 */
export async function reachRedis(url: string): Promise<void> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0, connectTimeout: MOST_MS, commandTimeout: MOST_MS });
  let last: { code?: string; message?: string } = {};
  client.on('error', (error: Error) => (last = error));
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    // The first word of an answer is Redis's own code, such as NOAUTH or WRONGPASS.
    const { code, message } = last.message === undefined ? (error as typeof last) : last;
    throw new WrongSetting(`REDIS_URL cannot be reached or refuses the log-in (${code ?? message?.split(' ', 1)[0] ?? 'unknown'}): check host, port and password`);
  } finally {
    client.disconnect();
  }
}
