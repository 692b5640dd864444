import { Module, type OnModuleInit } from '@nestjs/common';
import { SitePlaces } from '../access/index.js';
import { AddPaper } from './add-paper.js';
import { ChangeOperator } from './change-operator.js';
import { ChangePayee } from './change-payee.js';
import { PartyController } from './party.controller.js';
import { PlanSite } from './plan-site.js';
import { PublicSiteController } from './public-site.controller.js';
import { ReadSite } from './read-site.js';
import { RecordEvent } from './record-event.js';
import { RecordInspection } from './record-inspection.js';
import { RegisterOperator } from './register-operator.js';
import { RegisterPayee } from './register-payee.js';
import { SetHours } from './set-hours.js';
import { SetPhone } from './set-phone.js';
import { SiteController } from './site.controller.js';
import './site.problems.js';
import { siteDivision } from './sites-on.store.js';

/** Operators, payees and sites. */
@Module({
  controllers: [SiteController, PartyController, PublicSiteController],
  providers: [PlanSite, ReadSite, RecordEvent, ChangeOperator, ChangePayee, AddPaper, RecordInspection, SetHours, SetPhone, RegisterOperator, RegisterPayee],
})
export class SiteModule implements OnModuleInit {
  constructor(private readonly places: SitePlaces) {}

  onModuleInit(): void {
    this.places.answeredBy(siteDivision);
  }
}
