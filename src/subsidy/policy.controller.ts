import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { invariant, today, type Clock } from '../kernel/index.js';
import { Allow, answer, at, CLOCK, CurrentActor, ProblemException, type StaffActor } from '../platform/index.js';
import { DraftPolicy } from './draft-policy.js';
import {
  PolicyChecksView, PolicyCityParams, PolicyDraftBody, PolicyDraftDetail, PolicyDraftPage, PolicyDraftParams, PolicyDraftsQuery, PolicyDraftView, PolicySignBody,
  PolicyWithdrawBody, PublicPolicyList,
} from './policy.dto.js';
import type { DraftHead } from './policy.store.js';
import { ReadPolicies } from './read-policies.js';
import { scanExtension } from './scan.js';
import { SignPolicy } from './sign-policy.js';
import './subsidy.problems.js';

const READERS = ['cityOfficer', 'countyOfficer', 'financeReviewer', 'financeApprover', 'auditor'] as const;
const CHECKERS = ['cityOfficer', 'countyOfficer', 'financeReviewer', 'financeApprover'] as const;

function shown(head: DraftHead): PolicyDraftView {
  const { draftId, pack, packName, issuer, version, from, to, backdated, sample, divisionCode, documentNumber, documentTitle, scanSha256, contentSha256, drafterId, state } = head;
  return {
    draftId, pack, packName, issuer, version, from, to, backdated, sample, divisionCode, documentNumber, documentTitle, scanSha256, contentSha256, drafterId, state,
    draftedAt: at(head.draftedAt),
  };
}

/** Versions of a city's rules, from the draft to the second signature. No administrator has a part in it. */
@ApiTags('政策发布')
@ApiBearerAuth()
@Controller('v1/policies/drafts')
export class PolicyController {
  constructor(private readonly drafting: DraftPolicy, private readonly signing: SignPolicy, private readonly reading: ReadPolicies) {}

  @Post()
  @Allow('cityOfficer', 'countyOfficer')
  async draft(@CurrentActor() actor: StaffActor, @Body() body: PolicyDraftBody): Promise<PolicyDraftView> {
    const { id, documentNumber, documentTitle, scan, texts = null, shipped = null } = body;
    if ((texts === null) === (shipped === null)) throw new ProblemException('fields-wrong', undefined, [{ field: 'texts', message: 'texts 与 shipped 两者只写一个' }]);
    const adopted = shipped === null ? null : { ...shipped, backdated: shipped.backdated ?? null };
    const given = texts === null ? adopted : { packYaml: texts.packYaml, versionYaml: texts.version, caseYamls: texts.cases };
    invariant(given !== null, 'one of the two was given');
    return shown(answer(await this.drafting.run(actor, { id, texts: given, documentNumber, documentTitle, scan })));
  }

  @Get()
  @Allow(...READERS)
  @ApiOkResponse({ type: PolicyDraftPage })
  async list(@CurrentActor() actor: StaffActor, @Query() query: PolicyDraftsQuery): Promise<PolicyDraftPage> {
    const { items, nextCursor } = await this.reading.list(actor, query.cursor, query.limit);
    return { items: items.map(shown), nextCursor };
  }

  @Get(':id')
  @Allow(...READERS)
  @ApiOkResponse({ type: PolicyDraftDetail })
  async one(@CurrentActor() actor: StaffActor, @Param() { id }: PolicyDraftParams): Promise<PolicyDraftDetail> {
    const { draft, signatures } = answer(await this.reading.one(actor, id));
    const texts = { packYaml: draft.packYaml, version: draft.versionYaml, cases: [...draft.caseYamls] };
    return { ...shown(draft), texts, signatures: signatures.map((signature) => ({ ...signature, signedAt: at(signature.signedAt) })) };
  }

  /** The scan is handed out as a file to be kept, never shown in the page: it was made elsewhere. */
  @Get(':id/scan')
  @Allow(...READERS)
  @Header('x-content-type-options', 'nosniff')
  @Header('content-security-policy', "default-src 'none'; sandbox")
  @ApiProduces('application/pdf', 'image/jpeg', 'image/png')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async scan(@CurrentActor() actor: StaffActor, @Param() { id }: PolicyDraftParams): Promise<StreamableFile> {
    const scan = answer(await this.reading.scan(actor, id));
    invariant(scan !== undefined, 'a draft has its scan');
    return new StreamableFile(scan.content, { type: scan.mediaType, disposition: `attachment; filename="${id}.${scanExtension(scan.mediaType)}"` });
  }

  @Post(':id/checks')
  @HttpCode(200)
  @Allow(...CHECKERS)
  @ApiOkResponse({ type: PolicyChecksView })
  async checks(@CurrentActor() actor: StaffActor, @Param() { id }: PolicyDraftParams): Promise<PolicyChecksView> {
    const { ready, cases, failed, findings } = answer(await this.reading.checks(actor, id));
    return { ready, cases, failed, findings: findings.map((one) => ({ ...one, example: one.example === null ? null : JSON.stringify(one.example) })) };
  }

  @Post(':id/submit')
  @HttpCode(200)
  @Allow('cityOfficer', 'countyOfficer')
  @ApiOkResponse({ type: PolicyDraftView })
  async submit(@CurrentActor() actor: StaffActor, @Param() { id: draftId }: PolicyDraftParams, @Body() body: PolicySignBody): Promise<PolicyDraftView> {
    return shown(answer(await this.signing.submit(actor, { ...body, draftId })));
  }

  @Post(':id/countersign')
  @HttpCode(200)
  @Allow('financeApprover')
  @ApiOkResponse({ type: PolicyDraftView })
  async countersign(@CurrentActor() actor: StaffActor, @Param() { id: draftId }: PolicyDraftParams, @Body() body: PolicySignBody): Promise<PolicyDraftView> {
    return shown(answer(await this.signing.countersign(actor, { ...body, draftId })));
  }

  @Post(':id/withdraw')
  @HttpCode(200)
  @Allow('cityOfficer', 'countyOfficer', 'financeApprover')
  @ApiOkResponse({ type: PolicyDraftView })
  async withdraw(@CurrentActor() actor: StaffActor, @Param() { id: draftId }: PolicyDraftParams, @Body() body: PolicyWithdrawBody): Promise<PolicyDraftView> {
    return shown(answer(await this.signing.withdraw(actor, { ...body, draftId })));
  }
}

/** Which rules hold in a city, for anybody. */
@ApiTags('公开信息')
@Controller('v1/public')
export class PublicPolicyController {
  constructor(private readonly reading: ReadPolicies, @Inject(CLOCK) private readonly clock: Clock) {}

  @Get(':cityCode/policies')
  @Allow('public')
  @ApiOkResponse({ type: PublicPolicyList })
  async list(@Param() { cityCode }: PolicyCityParams): Promise<PublicPolicyList> {
    const day = today(this.clock);
    const versions = await this.reading.published(cityCode);
    return {
      items: versions.map(({ pack, packName, issuer, divisionCode, version, from, lastDay, documentNumber, documentTitle, scanSha256, sample, backdated, publishedAt }) => ({
        pack, name: packName, issuer, divisionCode, version, from, to: lastDay, inForce: from <= day && (lastDay === null || day <= lastDay),
        documentNumber, documentTitle, documentSha256: scanSha256, sample, backdated, publishedAt: at(publishedAt),
      })),
    };
  }
}
