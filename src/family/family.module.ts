import { Module } from '@nestjs/common';
import { BindKin } from './bind-kin.js';
import { BindSelf } from './bind-self.js';
import { ChangeKin } from './change-kin.js';
import { DeskKinController } from './desk-kin.controller.js';
import { FamilyEvents } from './family-events.js';
import './family.problems.js';
import { KeepPhone } from './keep-phone.js';
import { LogInByWechat } from './log-in.js';
import { MakeCode } from './make-code.js';
import { MiniKinController } from './mini-kin.controller.js';
import { MiniSessionController } from './mini-session.controller.js';
import { RecordPhone } from './record-phone.js';
import { TillKinController } from './till-kin.controller.js';
import { ViewRelatives } from './view-relatives.js';

/** Who an elder's own account is, who the relatives are, and what each may see and do. */
@Module({
  controllers: [MiniSessionController, MiniKinController, DeskKinController, TillKinController],
  providers: [LogInByWechat, KeepPhone, BindSelf, BindKin, MakeCode, ChangeKin, ViewRelatives, RecordPhone, FamilyEvents],
  exports: [FamilyEvents],
})
export class FamilyModule {}
