import { Module } from '@nestjs/common';
import { DiscloseElder } from './disclose-elder.js';
import { DisputeCategory } from './dispute-category.js';
import { DisputeController } from './dispute.controller.js';
import { ElderController } from './elder.controller.js';
import './elder.problems.js';
import { IssueCard } from './issue-card.js';
import { MoveCard } from './move-card.js';
import { RecordAssessment } from './record-assessment.js';
import { RecordCategory } from './record-category.js';
import { RecordConsent } from './record-consent.js';
import { RecordContact } from './record-contact.js';
import { RecordDeath } from './record-death.js';
import { PhotoController } from './photo.controller.js';
import { RecordHome } from './record-home.js';
import { RecordPhoto } from './record-photo.js';
import { RecordStay } from './record-stay.js';
import { RegisterBatch } from './register-batch.js';
import { RegisterElder } from './register-elder.js';
import { RegistryController } from './registry.controller.js';
import { ReviseElder } from './revise-elder.js';

@Module({
  controllers: [ElderController, RegistryController, PhotoController, DisputeController],
  providers: [
    RegisterElder, RegisterBatch, RecordCategory, RecordStay, RecordHome, RecordDeath, RecordAssessment, RecordContact, RecordConsent, RecordPhoto,
    DisputeCategory, ReviseElder, IssueCard, MoveCard, DiscloseElder,
  ],
})
export class ElderModule {}
