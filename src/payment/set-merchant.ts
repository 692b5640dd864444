import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { operatorsOf } from '../site/index.js';
import { insertMerchant, insertMerchantDecision, readMerchants, type MerchantRow } from './merchant.store.js';

export interface MerchantForm {
  readonly id: string;
  readonly operatorId: string;
  /** Null ends payments by WeChat to this operator. */
  readonly subMchId: string | null;
}

/** Whom the eaters of an operator pay by WeChat: recorded by one officer, in force once another confirms it. */
@Injectable()
export class SetMerchant {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `id-taken` */
  record(actor: StaffActor, { id: merchantId, operatorId, subMchId }: MerchantForm): Promise<Outcome<MerchantRow>> {
    const { cityCode, staffId } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id: merchantId, kind: 'merchant.record', body: { operatorId, subMchId, by: staffId } }, async (tx) => {
      if (!(await operatorsOf(tx, cityCode, [operatorId])).has(operatorId)) return refuse('not-found');
      await insertMerchant(tx, cityCode, { merchantId, operatorId, subMchId, recordedAt: this.clock.now(), recordedBy: staffId });
      return this.tell(tx, actor, merchantId, 'merchant.record');
    });
  }

  /** @returns `not-found`, `maker-is-checker`, `merchant-decided`, `id-taken` */
  decide(actor: StaffActor, merchantId: string, { id, outcome }: { readonly id: string; readonly outcome: 'confirmed' | 'rejected' }): Promise<Outcome<MerchantRow>> {
    const { cityCode, staffId } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'merchant.decide', body: { merchantId, outcome, by: staffId } }, async (tx) => {
      const merchant = (await readMerchants(tx, cityCode)).find((one) => one.merchantId === merchantId);
      if (merchant === undefined) return refuse('not-found');
      if (merchant.recordedBy === staffId) return refuse('maker-is-checker');
      if (!(await insertMerchantDecision(tx, cityCode, merchantId, { outcome, by: staffId, now: this.clock.now() }))) return refuse('merchant-decided');
      return this.tell(tx, actor, merchantId, `merchant.${outcome}`);
    });
  }

  private async tell(tx: Tx, actor: StaffActor, merchantId: string, action: string): Promise<Outcome<MerchantRow>> {
    const merchant = (await readMerchants(tx, actor.cityCode)).find((one) => one.merchantId === merchantId);
    if (merchant === undefined) return refuse('not-found');
    await recordAudit(tx, this.clock, { cityCode: actor.cityCode, actor, action, objectKind: 'operator', objectId: merchant.operatorId, after: { merchantId, subMchId: merchant.subMchId, state: merchant.state } });
    return done(merchant);
  }
}
