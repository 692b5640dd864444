import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { insertSetting, insertSettingDecision, readSettings, type SettingRow } from './setting.store.js';

/** A city's wish to offer prepaid balances, or to end them by a last day. */
export interface SettingForm {
  readonly id: string;
  readonly bankName: string;
  readonly documentNumber: string;
  readonly documentTitle: string;
  readonly firstDay: CivilDate;
  readonly lastDay: CivilDate | null;
}

/** Whether elders may pay from balances that a bank holds: recorded by one officer of the city, in force once another confirms it. */
@Injectable()
export class SetPrepayment {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `prepaid-day-past`, `prepaid-days-crossed`, `id-taken` */
  record(actor: StaffActor, { id: settingId, ...form }: SettingForm): Promise<Outcome<SettingRow>> {
    const { cityCode, staffId } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id: settingId, kind: 'prepaid.record', body: { ...form, by: staffId } }, async (tx) => {
      if (form.firstDay < today(this.clock)) return refuse('prepaid-day-past');
      if (form.lastDay !== null && form.lastDay < form.firstDay) return refuse('prepaid-days-crossed');
      await insertSetting(tx, cityCode, { settingId, ...form, recordedAt: this.clock.now(), recordedBy: staffId });
      return this.tell(tx, actor, settingId, 'prepaid.record');
    });
  }

  /** @returns `not-found`, `maker-is-checker`, `prepaid-decided`, `id-taken` */
  decide(actor: StaffActor, settingId: string, { id, outcome }: { readonly id: string; readonly outcome: 'confirmed' | 'rejected' }): Promise<Outcome<SettingRow>> {
    const { cityCode, staffId } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'prepaid.decide', body: { settingId, outcome, by: staffId } }, async (tx) => {
      const setting = (await readSettings(tx, cityCode)).find((one) => one.settingId === settingId);
      if (setting === undefined) return refuse('not-found');
      if (setting.recordedBy === staffId) return refuse('maker-is-checker');
      if (!(await insertSettingDecision(tx, cityCode, settingId, { outcome, by: staffId, now: this.clock.now() }))) return refuse('prepaid-decided');
      return this.tell(tx, actor, settingId, `prepaid.${outcome}`);
    });
  }

  private async tell(tx: Tx, actor: StaffActor, settingId: string, action: string): Promise<Outcome<SettingRow>> {
    const setting = (await readSettings(tx, actor.cityCode)).find((one) => one.settingId === settingId);
    if (setting === undefined) return refuse('not-found');
    await recordAudit(tx, this.clock, { cityCode: actor.cityCode, actor, action, objectKind: 'prepaidSetting', objectId: settingId, after: setting });
    return done(setting);
  }
}
