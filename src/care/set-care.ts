import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit } from '../access/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { isTemplateField, type CareSettings } from './domain/index.js';
import { keepCareSettings, keepTemplate, readCareSettings, readTemplates, type TemplateRow } from './setting.store.js';

/** Sets what a city goes by: deadlines of complaints, how long notices stay, and WeChat's templates. */
@Injectable()
export class SetCare {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns what holds from now on, for complaints that come or change from now on */
  settings(actor: StaffActor, id: string, settings: CareSettings): Promise<Outcome<CareSettings>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'care.settings', body: { settings, by: actorName(actor) } }, async (tx) => {
      const before = await readCareSettings(tx, cityCode);
      await keepCareSettings(tx, cityCode, settings, actorName(actor), this.clock.now());
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'care.settings', objectKind: 'city', objectId: cityCode, before, after: settings });
      return done(settings);
    });
  }

  /** @returns `template-field-wrong` */
  template(actor: StaffActor, id: string, row: TemplateRow): Promise<Outcome<TemplateRow>> {
    const { cityCode } = actor;
    if (!Object.keys(row.fields).every(isTemplateField)) return Promise.resolve(refuse('template-field-wrong'));
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'care.template', body: { row, by: actorName(actor) } }, async (tx) => {
      const [before] = await readTemplates(tx, cityCode, row.kind);
      await keepTemplate(tx, cityCode, row, actorName(actor), this.clock.now());
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'care.template', objectKind: 'city', objectId: cityCode, ...(before === undefined ? {} : { before }), after: row });
      return done(row);
    });
  }
}
