import type { Clock, Instant } from '../../kernel/index.js';
import { ask, jsonObject } from './http-call.js';

/** A token, or WeChat's code of why there is none; its word for being busy, -1, where no answer came. */
export type TokenAnswer = { readonly token: string } | { readonly code: number };

/** Used up to this part of its life, so that a token is renewed long before it ends. */
const USED_LIFE = 0.8;

/** After there was no token to be had, or only the one that WeChat refuses, nobody asks for another so long. */
const SILENCE_MS = 5_000;

/**
 * The access token of the mini-program, by `stable_token` in its normal mode: every process that asks within its life
 * gets the same one, so none kills another's. Of all who need it at once in this process one asks, and where asking does
 * not help, those who come one after another wait for a while.
 */
export class StableToken {
  private held: { readonly token: string; readonly until: Instant } | null = null;
  private asking: Promise<TokenAnswer> | null = null;
  /** What everybody is told until then, in place of asking. */
  private silence: { readonly answer: { readonly code: number }; readonly until: Instant } | null = null;

  constructor(private readonly at: { readonly apiUrl: string; readonly appId: string; readonly secret: string }, private readonly clock: Clock) {}

  /** The token to use now. */
  async current(): Promise<TokenAnswer> {
    const now = this.clock.now();
    if (this.silence !== null && now < this.silence.until) return this.silence.answer;
    if (this.held !== null && now < this.held.until) return { token: this.held.token };
    return this.renew();
  }

  /**
   * A token in place of one that WeChat refused; of many with the same refused one, the first asks for all. WeChat may
   * give the same one again: it is tried once more, and what comes after is told the refusal.
   * @param code of WeChat, that it refused it with
   */
  async instead(refused: string, code: number): Promise<TokenAnswer> {
    if (this.held?.token === refused) this.held = null;
    const again = await this.current();
    if ('token' in again && again.token === refused) this.quiet({ code });
    return again;
  }

  private renew(): Promise<TokenAnswer> {
    this.asking ??= this.fetchToken().finally(() => (this.asking = null));
    return this.asking;
  }

  private quiet(answer: { readonly code: number }): void {
    this.silence = { answer, until: this.clock.now() + SILENCE_MS };
  }

  private async fetchToken(): Promise<TokenAnswer> {
    const { apiUrl, appId, secret } = this.at;
    const answer = await ask(`${apiUrl}/cgi-bin/stable_token`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ grant_type: 'client_credential', appid: appId, secret, force_refresh: false }),
    });
    const body = answer === null ? null : jsonObject(answer.body);
    const { access_token: token, expires_in: seconds, errcode } = body ?? {};
    if (typeof token !== 'string' || typeof seconds !== 'number') {
      const none = { code: typeof errcode === 'number' ? errcode : -1 };
      this.quiet(none);
      return none;
    }
    this.held = { token, until: this.clock.now() + seconds * 1000 * USED_LIFE };
    return { token };
  }
}
