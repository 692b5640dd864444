import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, uuidV7, type Clock, type Outcome } from '../kernel/index.js';
import { MiniSessions, recordAudit, Tries, type MiniTokens } from '../access/index.js';
import { CLOCK, FieldCipher, sha256, Transactor, WECHAT, type MiniActor, type Tx, type Wechat } from '../platform/index.js';
import { pathOf } from '../region/index.js';
import { keepAccount } from './account.store.js';
import { viewAccount, type AccountView } from './view-kin.js';

/** A log-in as it is asked for; who it is, WeChat alone says. */
export interface LogInForm {
  readonly cityCode: string;
  /** Of `wx.login`: one use, five minutes. */
  readonly code: string;
  readonly address: string;
}

/** Logs people in by WeChat, and keeps what WeChat tells of them. */
@Injectable()
export class LogInByWechat {
  constructor(
    private readonly transactor: Transactor, private readonly cipher: FieldCipher, private readonly sessions: MiniSessions, private readonly tries: Tries,
    @Inject(WECHAT) private readonly wechat: Wechat | null, @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * @returns `wechat-off`, `city-unknown`, `wechat-code-wrong`, `wechat-user-blocked`, `wechat-away`
   * @throws ProblemException `mini-log-in-throttled`
   */
  async run({ cityCode, code, address }: LogInForm): Promise<Outcome<MiniTokens & AccountView>> {
    if (this.wechat === null) return refuse('wechat-off');
    const tried = await this.tries.admit([{ kind: 'mini-log-in', subject: sha256(code), address }], 'mini-log-in-throttled');
    if ((await this.transactor.read((tx) => pathOf(tx, cityCode, cityCode))).length === 0) return refuse('mini-city-unknown');
    const session = await this.wechat.mini.codeToSession(code);
    if (session.ok || session.code !== 'wechat-code-wrong') await this.tries.succeeded(tried);
    if (!session.ok) return session;
    const { openid } = session.value;
    return this.transactor.run(async (tx) => {
      const now = this.clock.now();
      const accountId = await keepAccount(tx, this.cipher, cityCode, { accountId: uuidV7(now, randomBytes(10)), openid }, now);
      const tokens = await this.sessions.open(tx, cityCode, accountId);
      const view = await this.view(tx, { cityCode, accountId });
      await recordAudit(tx, this.clock, { cityCode, actor: `mini:${accountId}`, action: 'mini-session.open', objectKind: 'mini-account', objectId: accountId });
      return done({ ...tokens, ...view });
    });
  }

  /** Who is logged in, and for whom. */
  me(actor: Pick<MiniActor, 'cityCode' | 'accountId'>): Promise<AccountView> {
    return this.transactor.run((tx) => this.view(tx, actor));
  }

  private view(tx: Tx, actor: Pick<MiniActor, 'cityCode' | 'accountId'>): Promise<AccountView> {
    return viewAccount(tx, this.cipher, actor, today(this.clock));
  }
}
