import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { isId, today, type Clock } from '../kernel/index.js';
import { Allow, answer, at, CLOCK, CurrentActor, FieldCipher, ProblemException, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { factsAsKnown } from './facts-as-known.store.js';
import { consentVersions } from './consent.store.js';
import { contactsMasked } from './contact.store.js';
import { latestConsents } from './domain/index.js';
import { EntryAnswer } from './elder-view.dto.js';
import { readElder, type SealedElderRow } from './elder.store.js';
import { mayReach } from './reach-elder.js';
import { RecordAssessment } from './record-assessment.js';
import { RecordConsent } from './record-consent.js';
import { RecordContact } from './record-contact.js';
import { RecordHome } from './record-home.js';
import { ConsentAnswer, ConsentList, ContactAnswer, ContactList, FactsView, RevisionAnswer, RevisionDecidedView, RevisionList } from './registry-view.dto.js';
import { DecideRevisionBody, FactsQuery, ProposeRevisionBody, RecordAssessmentBody, RecordConsentBody, RecordContactBody, RecordHomeBody } from './registry.dto.js';
import { ReviseElder } from './revise-elder.js';
import { revisionsOf } from './revision.store.js';
import { openMasked } from './sealed-elder.js';
import { toFactsLine } from './view-facts.js';

function idOf(text: string): string {
  if (!isId(text)) throw new ProblemException('not-found');
  return text;
}

/** What keeps an elder's record true: homes, assessments, contacts, consents, revisions, and what was known when. */
@ApiTags('老人与助餐卡')
@ApiBearerAuth()
@Controller('v1')
export class RegistryController {
  constructor(
    private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock,
    private readonly recordHome: RecordHome, private readonly recordAssessment: RecordAssessment,
    private readonly recordContact: RecordContact, private readonly recordConsent: RecordConsent, private readonly reviseElder: ReviseElder,
  ) {}

  @Post('elders/:id/homes')
  @HttpCode(200)
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: EntryAnswer })
  async home(@Param('id') id: string, @Body() body: RecordHomeBody, @CurrentActor() actor: StaffActor): Promise<EntryAnswer> {
    return answer(await this.recordHome.run(actor, idOf(id), body));
  }

  @Post('elders/:id/assessments')
  @HttpCode(200)
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: EntryAnswer })
  async assessment(@Param('id') id: string, @Body() body: RecordAssessmentBody, @CurrentActor() actor: StaffActor): Promise<EntryAnswer> {
    return answer(await this.recordAssessment.run(actor, idOf(id), body));
  }

  @Post('elders/:id/contacts')
  @HttpCode(200)
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: ContactAnswer })
  async contact(@Param('id') id: string, @Body() body: RecordContactBody, @CurrentActor() actor: StaffActor): Promise<ContactAnswer> {
    const { entryId, contactId } = answer(await this.recordContact.run(actor, idOf(id), body));
    return { entryId, contactId };
  }

  @Get('elders/:id/contacts')
  @Header('cache-control', 'no-store')
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: ContactList })
  async contacts(@Param('id') id: string, @CurrentActor() actor: StaffActor): Promise<ContactList> {
    return this.transactor.run(async (tx) => {
      await this.open(tx, actor, id);
      return { items: await contactsMasked(tx, this.cipher, actor.cityCode, id) };
    });
  }

  @Post('elders/:id/consents')
  @HttpCode(200)
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: ConsentAnswer })
  async consent(@Param('id') id: string, @Body() body: RecordConsentBody, @CurrentActor() actor: StaffActor): Promise<ConsentAnswer> {
    const { consentId, version } = answer(await this.recordConsent.run(actor, idOf(id), body));
    return { consentId, version };
  }

  @Get('elders/:id/consents')
  @Header('cache-control', 'no-store')
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor')
  @ApiOkResponse({ type: ConsentList })
  async consents(@Param('id') id: string, @CurrentActor() actor: StaffActor): Promise<ConsentList> {
    return this.transactor.run(async (tx) => {
      await this.open(tx, actor, id);
      const versions = await consentVersions(tx, actor.cityCode, id);
      const latest = new Set(latestConsents(versions));
      const now = today(this.clock);
      return {
        items: versions.map((state) => ({
          ...state, scopes: [...state.scopes], inForce: latest.has(state) && !state.withdrawn && now <= state.until, recordedAt: at(state.recordedAt),
        })),
      };
    });
  }

  @Post('elders/:id/revisions')
  @HttpCode(200)
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: RevisionAnswer })
  async revise(@Param('id') id: string, @Body() body: ProposeRevisionBody, @CurrentActor() actor: StaffActor): Promise<RevisionAnswer> {
    return answer(await this.reviseElder.propose(actor, idOf(id), body));
  }

  @Get('elders/:id/revisions')
  @Header('cache-control', 'no-store')
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor')
  @ApiOkResponse({ type: RevisionList })
  async revisions(@Param('id') id: string, @CurrentActor() actor: StaffActor): Promise<RevisionList> {
    return this.transactor.run(async (tx) => {
      await this.open(tx, actor, id);
      const rows = await revisionsOf(tx, actor.cityCode, id);
      return {
        items: rows.map((row) => {
          const { name, identityNumber } = openMasked(this.cipher, actor.cityCode, { ...row, phoneSealed: null });
          const { revisionId, reason, evidence, decision, decisionReason } = row;
          return { revisionId, name, identityNumber, reason, evidence, proposedAt: at(row.proposedAt), decision, decisionReason, decidedAt: row.decidedAt === null ? null : at(row.decidedAt) };
        }),
      };
    });
  }

  @Post('revisions/:revisionId/decision')
  @HttpCode(200)
  @Allow('countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: RevisionDecidedView })
  async decideRevision(@Param('revisionId') revisionId: string, @Body() body: DecideRevisionBody, @CurrentActor() actor: StaffActor): Promise<RevisionDecidedView> {
    const decided = answer(await this.reviseElder.decide(actor, idOf(revisionId), body));
    return { revisionId: decided.revisionId, decision: decided.decision };
  }

  /** What was known at a moment of an elder on a day: both default to now. */
  @Get('elders/:id/facts')
  @Header('cache-control', 'no-store')
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor')
  @ApiOkResponse({ type: FactsView })
  async facts(@Param('id') id: string, @Query() query: FactsQuery, @CurrentActor() actor: StaffActor): Promise<FactsView> {
    const now = this.clock.now();
    const knownAt = query.knownAt === undefined ? now : Date.parse(query.knownAt);
    if (knownAt > now) throw new ProblemException('moment-in-future');
    return this.transactor.run(async (tx) => {
      await this.open(tx, actor, id);
      const record = (await factsAsKnown(tx, actor.cityCode, [id], knownAt)).get(id);
      if (record === undefined) throw new ProblemException('not-known-then');
      return toFactsLine(record, query.on ?? today(this.clock), knownAt);
    });
  }

  private async open(tx: Tx, actor: StaffActor, id: string): Promise<SealedElderRow> {
    const elder = await readElder(tx, actor.cityCode, idOf(id));
    if (!elder) throw new ProblemException('not-found');
    if (!(await mayReach(tx, actor, elder))) throw new ProblemException('outside-scope');
    return elder;
  }
}
