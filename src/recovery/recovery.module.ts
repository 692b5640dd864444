import { Module } from '@nestjs/common';
import { SubsidyModule } from '../subsidy/index.js';
import { CompareRegister } from './compare-register.js';
import { DecideLines } from './decide-lines.js';
import { DecideProposals } from './decide-proposals.js';
import { ListNeverEaten } from './list-never-eaten.js';
import { MakeNotice } from './make-notice.js';
import { NoticeController } from './notice.controller.js';
import { RecoveryController } from './recovery.controller.js';
import './recovery.problems.js';
import { SignNotice } from './sign-notice.js';

/** What registers say too late, what was paid until then, and who gives it back. */
@Module({
  imports: [SubsidyModule],
  controllers: [RecoveryController, NoticeController],
  providers: [CompareRegister, DecideProposals, DecideLines, MakeNotice, SignNotice, ListNeverEaten],
})
export class RecoveryModule {}
