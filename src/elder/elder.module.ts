import { Module } from '@nestjs/common';
import { DiscloseElder } from './disclose-elder.js';
import { ElderController } from './elder.controller.js';
import './elder.problems.js';
import { IssueCard } from './issue-card.js';
import { MoveCard } from './move-card.js';
import { RecordCategory } from './record-category.js';
import { RecordDeath } from './record-death.js';
import { RecordHome } from './record-home.js';
import { RecordStay } from './record-stay.js';
import { RegisterBatch } from './register-batch.js';
import { RegisterElder } from './register-elder.js';

@Module({
  controllers: [ElderController],
  providers: [RegisterElder, RegisterBatch, RecordCategory, RecordStay, RecordHome, RecordDeath, IssueCard, MoveCard, DiscloseElder],
})
export class ElderModule {}
