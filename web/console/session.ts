import { get, Problem, send, speakAs } from '../lib/api.js';
import type { components } from '../lib/api.gen.js';

export type Me = components['schemas']['MeAnswer'];
export type Role = Me['roles'][number];

/** The token alone lies in the browser, and only as long as its window lives. Nothing about anybody is kept. */
const PLACE = 'xingfu-console';

/** Logs in. @param ended called when the session has ended @throws Problem with the reason in words */
export async function logIn(account: string, password: string, ended: () => void): Promise<Me> {
  const { token, staff } = await send('post', '/v1/sessions', { body: { account, password } });
  sessionStorage.setItem(PLACE, token);
  speakAs(token, ended);
  return staff;
}

/** Who was logged in before this window was loaded again; null for nobody. */
export async function stillIn(ended: () => void): Promise<Me | null> {
  const token = sessionStorage.getItem(PLACE);
  if (token === null) return null;
  speakAs(token, ended);
  try {
    return await get('/v1/me', {});
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
    forget();
    return null;
  }
}

export async function logOut(): Promise<void> {
  await send('delete', '/v1/sessions/current', {}).catch(() => undefined);
  forget();
}

/** Ends the session on this side: it has ended on the other. */
export function forget(): void {
  sessionStorage.removeItem(PLACE);
  speakAs(null);
}

export function isOneOf(me: Me, ...roles: readonly Role[]): boolean {
  return me.roles.some((role) => roles.includes(role));
}
