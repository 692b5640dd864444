import { Module } from '@nestjs/common';
import { ApplyRoster } from './apply-roster.js';
import { AskApply } from './ask-apply.js';
import { AskCheck } from './ask-check.js';
import { CheckRoster } from './check-roster.js';
import { KeepFile } from './keep-file.js';
import { RosterController } from './roster.controller.js';
import { RosterJobs } from './roster.jobs.js';
import './roster.problems.js';

/** Real spreadsheets of civil affairs, read into the registry. */
@Module({ controllers: [RosterController], providers: [KeepFile, AskCheck, AskApply, CheckRoster, ApplyRoster, RosterJobs] })
export class RosterModule {}
