import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit } from '../access/index.js';
import { readPhone } from '../elder/domain/index.js';
import { CLOCK, FieldCipher, Transactor, WECHAT, type MiniActor, type Tx, type Wechat } from '../platform/index.js';
import { keepPhone, lockAccount, openidOf, phoneOf, type PhoneHow } from './account.store.js';
import { viewAccount, type AccountView } from './view-kin.js';

/** Keeps the telephone number of whoever is logged in: as WeChat tells it, or as it was typed, which proves nothing. */
@Injectable()
export class KeepPhone {
  constructor(
    private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(WECHAT) private readonly wechat: Wechat | null, @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Keeps the number that WeChat tells for the code of its phone button.
   * @returns `wechat-off`, `wechat-code-wrong`, `wechat-away`
   */
  async byWechat(actor: MiniActor, code: string): Promise<Outcome<AccountView>> {
    const { cityCode, accountId } = actor;
    if (this.wechat === null) return refuse('wechat-off');
    const openid = await this.transactor.run((tx) => openidOf(tx, this.cipher, cityCode, accountId));
    if (openid === undefined) return refuse('not-found');
    const told = await this.wechat.mini.phoneNumber(code, openid);
    return told.ok ? this.transactor.run((tx) => this.keep(tx, actor, told.value.phone, 'wechat')) : told;
  }

  /** Keeps a number that somebody typed, where nobody vouches for another. @returns `phone-wrong`, `phone-proven` */
  typed(actor: MiniActor, text: string): Promise<Outcome<AccountView>> {
    return this.transactor.run(async (tx) => {
      const phone = readPhone(text);
      if (phone === null) return refuse('phone-wrong');
      // What WeChat or staff write down in this moment stands.
      await lockAccount(tx, actor.cityCode, actor.accountId);
      const known = await phoneOf(tx, this.cipher, actor.cityCode, actor.accountId);
      return known?.verified === true ? refuse('phone-proven') : this.keep(tx, actor, phone, 'typed');
    });
  }

  private async keep(tx: Tx, actor: MiniActor, phone: string, how: PhoneHow): Promise<Outcome<AccountView>> {
    const { cityCode, accountId } = actor;
    await keepPhone(tx, this.cipher, cityCode, accountId, phone, how);
    await recordAudit(tx, this.clock, { cityCode, actor, action: 'mini-account.phone', objectKind: 'mini-account', objectId: accountId, after: { how } });
    return done(await viewAccount(tx, this.cipher, actor, today(this.clock)));
  }
}
