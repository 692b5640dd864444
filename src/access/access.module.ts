import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import './access.problems.js';
import { ActorGuard } from './actor.guard.js';
import { AuditController } from './audit.controller.js';
import { ChangeStaff } from './change-staff.js';
import { CreateStaff } from './create-staff.js';
import { EnrolTerminal } from './enrol-terminal.js';
import { LogIn } from './log-in.js';
import { MiniSessions } from './mini-sessions.js';
import { OpenTerminalSession } from './open-terminal-session.js';
import { OwnAccount } from './own-account.js';
import { Passwords } from './passwords.js';
import { RevokeTerminal } from './revoke-terminal.js';
import { RotateTerminalKey } from './rotate-terminal-key.js';
import { SitePlaces } from './scope.js';
import { SessionController, StaffController } from './staff.controller.js';
import { StaffSessions } from './staff-sessions.js';
import { TerminalController } from './terminal.controller.js';
import { TerminalSessions } from './terminal-sessions.js';
import { Tries } from './tries.js';

/** Who may do what. Its guard stands before every route of every room. */
@Global()
@Module({
  controllers: [SessionController, StaffController, TerminalController, AuditController],
  providers: [
    { provide: APP_GUARD, useClass: ActorGuard },
    StaffSessions, TerminalSessions, MiniSessions, Tries, Passwords, SitePlaces, LogIn, OwnAccount, CreateStaff, ChangeStaff, EnrolTerminal, OpenTerminalSession, RevokeTerminal, RotateTerminalKey,
  ],
  exports: [SitePlaces, CreateStaff, MiniSessions, Tries],
})
export class AccessModule {}
