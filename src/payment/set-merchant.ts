import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, doDeed, Transactor, WECHAT, type StaffActor, type Tx, type Wechat } from '../platform/index.js';
import { operatorsOf } from '../site/index.js';
import { holderOf, insertMerchant, insertMerchantDecision, lockMerchants, readMerchants, type MerchantRow } from './merchant.store.js';

export interface MerchantForm {
  readonly id: string;
  readonly operatorId: string;
  /** Null ends payments by WeChat to this operator. */
  readonly subMchId: string | null;
}

/**
 * Whom the eaters of an operator pay by WeChat: recorded by one officer, in force once another confirms it. Nobody's money
 * passes through another's hands: no two operators have one sub-merchant, and the service provider's own number is none.
 */
@Injectable()
export class SetMerchant {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock, @Inject(WECHAT) private readonly wechat: Wechat | null) {}

  /** @returns `not-found`, `merchant-taken`, `merchant-provider`, `id-taken` */
  record(actor: StaffActor, { id: merchantId, operatorId, subMchId }: MerchantForm): Promise<Outcome<MerchantRow>> {
    const { cityCode, staffId } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id: merchantId, kind: 'merchant.record', body: { operatorId, subMchId, by: staffId } }, async (tx) => {
      if (!(await operatorsOf(tx, cityCode, [operatorId])).has(operatorId)) return refuse('not-found');
      const free = await this.mayReceive(tx, cityCode, operatorId, subMchId);
      if (!free.ok) return free;
      await insertMerchant(tx, cityCode, { merchantId, operatorId, subMchId, recordedAt: this.clock.now(), recordedBy: staffId });
      return this.tell(tx, actor, merchantId, 'merchant.record');
    });
  }

  /** @returns `not-found`, `maker-is-checker`, `merchant-decided`, `merchant-taken`, `merchant-provider`, `id-taken` */
  decide(actor: StaffActor, merchantId: string, { id, outcome }: { readonly id: string; readonly outcome: 'confirmed' | 'rejected' }): Promise<Outcome<MerchantRow>> {
    const { cityCode, staffId } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'merchant.decide', body: { merchantId, outcome, by: staffId } }, async (tx) => {
      const merchant = (await readMerchants(tx, cityCode)).find((one) => one.merchantId === merchantId);
      if (merchant === undefined) return refuse('not-found');
      if (merchant.recordedBy === staffId) return refuse('maker-is-checker');
      const free = outcome === 'confirmed' && merchant.state === 'recorded' ? await this.mayReceive(tx, cityCode, merchant.operatorId, merchant.subMchId) : done(null);
      if (!free.ok) return free;
      if (!(await insertMerchantDecision(tx, cityCode, merchantId, { outcome, by: staffId, now: this.clock.now() }))) return refuse('merchant-decided');
      return this.tell(tx, actor, merchantId, `merchant.${outcome}`);
    });
  }

  /** Whether an operator may be paid by a number; until the end of the transaction no other comes to have it. */
  private async mayReceive(tx: Tx, cityCode: string, operatorId: string, subMchId: string | null): Promise<Outcome<null>> {
    if (subMchId === null) return done(null);
    if (subMchId === this.wechat?.pay.spMchId) return refuse('merchant-provider');
    await lockMerchants(tx, cityCode);
    const holder = await holderOf(tx, cityCode, subMchId);
    return holder === null || holder === operatorId ? done(null) : refuse('merchant-taken');
  }

  private async tell(tx: Tx, actor: StaffActor, merchantId: string, action: string): Promise<Outcome<MerchantRow>> {
    const merchant = (await readMerchants(tx, actor.cityCode)).find((one) => one.merchantId === merchantId);
    if (merchant === undefined) return refuse('not-found');
    await recordAudit(tx, this.clock, { cityCode: actor.cityCode, actor, action, objectKind: 'operator', objectId: merchant.operatorId, after: { merchantId, subMchId: merchant.subMchId, state: merchant.state } });
    return done(merchant);
  }
}
