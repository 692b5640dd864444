import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '../kernel/index.js';
import { CLOCK, JobBoard } from '../platform/index.js';
import { SealDays, SealModule } from '../seal/index.js';
import { BatchController } from './batch.controller.js';
import { ClaimPacket } from './claim-packet.js';
import { CutClaim } from './cut-claim.js';
import { ImportReceipt } from './import-receipt.js';
import { MakeBatch } from './make-batch.js';
import { RebuildClaim } from './rebuild-claim.js';
import { ReturnBatch } from './return-batch.js';
import { ReturnClaim } from './return-claim.js';
import { SettleMonth } from './settle-month.js';
import { SettlementController } from './settlement.controller.js';
import { registerJobs } from './settlement.jobs.js';
import './settlement.problems.js';
import { StepBatch } from './step-batch.js';
import { TakeStep } from './take-step.js';

/** From a closed month to money that a receipt says was paid. */
@Module({
  imports: [SealModule],
  controllers: [SettlementController, BatchController],
  providers: [SettleMonth, TakeStep, ReturnClaim, CutClaim, RebuildClaim, MakeBatch, StepBatch, ReturnBatch, ImportReceipt, ClaimPacket],
})
export class SettlementModule implements OnModuleInit {
  constructor(private readonly board: JobBoard, private readonly seals: SealDays, @Inject(CLOCK) private readonly clock: Clock) {}

  onModuleInit(): void {
    registerJobs(this.board, { clock: this.clock, seals: this.seals });
  }
}
