import type { EntryAnswer } from '../journal/fate.js';
import { Away, Refused, type Link } from '../journal/link.js';

/** The way to the service as people's matters need it. */
export type Asking = Pick<Link, 'ask' | 'forgetSession' | 'picture'>;

const problemOf = ({ body }: EntryAnswer): { code?: string; title?: string } => (body ?? {}) as { code?: string; title?: string };

/** A service that says in so many words that it was asked too often has answered, and is not away. */
async function answered(link: Asking, method: 'GET' | 'POST', path: string, body: string | null, ms: number): Promise<EntryAnswer> {
  try {
    return await link.ask(method, path, body, ms);
  } catch (error) {
    if (error instanceof Away && error.answer?.status === 429 && problemOf(error.answer).code !== undefined) return error.answer;
    throw error;
  }
}

/**
 * Asks the service, with a new session where the old one has ended.
 * @param ms how long an answer is waited for
 * @throws Away, and Refused where it says no, also to somebody who asks too often
 */
export async function ask<T>(link: Asking, method: 'GET' | 'POST', path: string, given: object | null, ms: number): Promise<T> {
  const body = given === null ? null : JSON.stringify(given);
  let answer = await answered(link, method, path, body, ms);
  if (answer.status === 401 && problemOf(answer).code !== 'terminal-revoked') {
    link.forgetSession();
    answer = await answered(link, method, path, body, ms);
  }
  if (answer.status === 200) return answer.body as T;
  const { code = 'unknown', title = '服务没有正常答复，请稍候重试。' } = problemOf(answer);
  throw new Refused(code, title);
}
