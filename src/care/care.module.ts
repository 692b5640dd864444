import { Module } from '@nestjs/common';
import { BookingModule } from '../booking/index.js';
import { FamilyModule } from '../family/index.js';
import { CareController } from './care.controller.js';
import { CareJobs } from './care.jobs.js';
import './care.problems.js';
import { ComplaintController } from './complaint.controller.js';
import { FamilyNews } from './family-news.js';
import { FollowElder } from './follow-elder.js';
import { MakeComplaint } from './make-complaint.js';
import { MiniCareController } from './mini-care.controller.js';
import { RateMeal } from './rate-meal.js';
import { SendMessage } from './send-message.js';
import { SetCare } from './set-care.js';
import { StandingTold } from './standing-told.js';
import { StepComplaint } from './step-complaint.js';
import { Tell } from './tell.js';
import { ViewComplaints } from './view-complaints.js';

/** What people say of their meals, what families are told, and whom somebody looks after. */
@Module({
  imports: [FamilyModule, BookingModule],
  controllers: [MiniCareController, ComplaintController, CareController],
  providers: [Tell, SendMessage, RateMeal, MakeComplaint, StepComplaint, ViewComplaints, FollowElder, SetCare, StandingTold, FamilyNews, CareJobs],
})
export class CareModule {}
