import { Module, type DynamicModule } from '@nestjs/common';
import { AccessModule } from './access/index.js';
import { BookingModule } from './booking/index.js';
import { BudgetModule } from './budget/index.js';
import { CareModule } from './care/index.js';
import { ElderModule } from './elder/index.js';
import { EligibilityModule } from './eligibility/index.js';
import { FamilyModule } from './family/index.js';
import { LedgerModule } from './ledger/index.js';
import { MenuModule } from './menu/index.js';
import { MiniModule } from './mini/index.js';
import { PaymentModule } from './payment/index.js';
import { PlatformModule, type Parts } from './platform/index.js';
import { ProofModule } from './proof/index.js';
import { RecoveryModule } from './recovery/index.js';
import { RegionModule } from './region/index.js';
import { ReplayModule } from './replay/index.js';
import { ReviewModule } from './review/index.js';
import { RosterModule } from './roster/index.js';
import { SealModule } from './seal/index.js';
import { SettlementModule } from './settlement/index.js';
import { SiteModule } from './site/index.js';
import { TargetModule } from './target/index.js';
import { SlipModule } from './slip/index.js';
import { SubsidyModule } from './subsidy/index.js';
import { TapModule } from './tap/index.js';
import { TillModule } from './till/index.js';

/** Every room, in the order in which they may know each other. */
const ROOMS: NonNullable<DynamicModule['imports']> = [RegionModule, AccessModule, SiteModule, MenuModule, ElderModule, FamilyModule, RosterModule, SubsidyModule, EligibilityModule, LedgerModule, PaymentModule, BookingModule, TapModule, TillModule, SlipModule, MiniModule, CareModule, SealModule, SettlementModule, ReviewModule, TargetModule, BudgetModule, ReplayModule, RecoveryModule, ProofModule];

@Module({})
export class AppModule {
  static of(parts: Parts): DynamicModule {
    return { module: AppModule, imports: [PlatformModule.of(parts), ...ROOMS] };
  }
}
