import type { Clock, Instant } from '../../kernel/index.js';
import { ask, jsonObject } from './http-call.js';

/** A token, or WeChat's code of why there is none; its word for being busy, -1, where no answer came. */
export type TokenAnswer = { readonly token: string } | { readonly code: number };

/** Used up to this part of its life, so that a token is renewed long before it ends. */
const USED_LIFE = 0.8;

/**
 * The access token of the mini-program, by `stable_token` in its normal mode: every process that asks within its life
 * gets the same one, so none kills another's. Of all who need it at once in this process one asks.
 */
export class StableToken {
  private held: { readonly token: string; readonly until: Instant } | null = null;
  private asking: Promise<TokenAnswer> | null = null;

  constructor(private readonly at: { readonly apiUrl: string; readonly appId: string; readonly secret: string }, private readonly clock: Clock) {}

  /** The token to use now. */
  async current(): Promise<TokenAnswer> {
    if (this.held !== null && this.clock.now() < this.held.until) return { token: this.held.token };
    return this.renew();
  }

  /** A token in place of one that WeChat refused; of many with the same refused one, the first asks for all. */
  async instead(refused: string): Promise<TokenAnswer> {
    if (this.held?.token === refused) this.held = null;
    return this.current();
  }

  private renew(): Promise<TokenAnswer> {
    this.asking ??= this.fetchToken().finally(() => (this.asking = null));
    return this.asking;
  }

  private async fetchToken(): Promise<TokenAnswer> {
    const { apiUrl, appId, secret } = this.at;
    const answer = await ask(`${apiUrl}/cgi-bin/stable_token`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ grant_type: 'client_credential', appid: appId, secret, force_refresh: false }),
    });
    const body = answer === null ? null : jsonObject(answer.body);
    const { access_token: token, expires_in: seconds, errcode } = body ?? {};
    if (typeof token !== 'string' || typeof seconds !== 'number') return { code: typeof errcode === 'number' ? errcode : -1 };
    this.held = { token, until: this.clock.now() + seconds * 1000 * USED_LIFE };
    return { token };
  }
}
