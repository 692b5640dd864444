import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { cardHandle } from '../elder/index.js';
import { Allow, answer, at, CurrentActor, FieldCipher, fromCursor, ProblemException, toPage, type StaffActor } from '../platform/index.js';
import { CareParams } from './care.dto.js';
import { CallerComplaintBody, ComplaintMadeDto, ComplaintPage, ComplaintPhoneDto, ComplaintReplyBody, ComplaintsQuery, ComplaintStandingDto, ComplaintTextBody, WholeComplaintDto, type ComplaintDto, type ComplaintStepDto, type StaffComplaintDto } from './complaint.dto.js';
import type { ComplaintStepRow, ListedComplaint } from './complaint.store.js';
import type { ComplaintStanding } from './domain/index.js';
import { MakeComplaint, type CallerSaid } from './make-complaint.js';
import { StepComplaint } from './step-complaint.js';
import { ViewComplaints } from './view-complaints.js';

const PAGE = 50;
const HEARERS = ['canteenManager', 'communityWorker', 'townshipOfficer', 'countyOfficer'] as const;
/** Who speaks with the people that complained. The canteen does not: it is not to learn who they are, nor to say for them that all is well. */
const CALLERS_BACK = ['communityWorker', 'townshipOfficer', 'countyOfficer'] as const;

/** A complaint without anything about who complained. */
export function complaintDto({ complaintId, number, siteId, siteName, category, level, state, objected, late, dueAt, madeAt }: ListedComplaint): ComplaintDto {
  return { complaintId, number, siteId, siteName, category, level, state, objected, late, dueAt: at(dueAt), madeAt: at(madeAt) };
}

export function stepDto({ kind, level, text, recordedAt }: ComplaintStepRow): ComplaintStepDto {
  return { kind, level, text, madeAt: at(recordedAt) };
}

export function standingDto({ level, state, objected, dueAt }: ComplaintStanding): ComplaintStandingDto {
  return { level, state, objected, dueAt: at(dueAt) };
}

function staffDto(row: ListedComplaint): StaffComplaintDto {
  return { ...complaintDto(row), channel: row.channel, told: row.told, hasPhone: row.phoneSealed !== null };
}

/** Complaints as those see them who take them down and answer them. */
@ApiTags('投诉')
@ApiBearerAuth()
@Controller('v1/complaints')
export class ComplaintController {
  constructor(private readonly makes: MakeComplaint, private readonly steps: StepComplaint, private readonly views: ViewComplaints, private readonly cipher: FieldCipher) {}

  @Post()
  @HttpCode(200)
  @Allow(...HEARERS)
  @ApiOperation({ summary: '为来电或到场的人登记一条投诉' })
  @ApiOkResponse({ type: ComplaintMadeDto })
  async make(@CurrentActor() actor: StaffActor, @Body() body: CallerComplaintBody): Promise<ComplaintMadeDto> {
    const { id, siteId, category, text, tapId = null, channel, phone = null } = body;
    const made = answer(await this.makes.byStaff(actor, { who: this.whoOf(body), phone, channel }, { id, siteId, category, text, tapId }));
    return { ...made, dueAt: at(made.dueAt) };
  }

  @Get()
  @Allow(...HEARERS, 'cityOfficer', 'auditor')
  @ApiOperation({ summary: '管辖范围内的投诉' })
  @ApiOkResponse({ type: ComplaintPage })
  async list(@CurrentActor() actor: StaffActor, @Query() { state = 'open', cursor, limit = PAGE }: ComplaintsQuery): Promise<ComplaintPage> {
    const [after = null] = fromCursor(cursor, 1) ?? [];
    const page = toPage(await this.views.list(actor, state, after === null ? null : Number(after), limit), limit, (row) => [row.number]);
    return { items: page.items.map(staffDto), nextCursor: page.nextCursor };
  }

  @Get(':id')
  @Header('cache-control', 'no-store')
  @Allow(...HEARERS, 'cityOfficer', 'auditor')
  @ApiOperation({ summary: '一条投诉的全过程' })
  @ApiOkResponse({ type: WholeComplaintDto })
  async one(@CurrentActor() actor: StaffActor, @Param() { id }: CareParams): Promise<WholeComplaintDto> {
    const { complaint, steps, mayAnswer } = answer(await this.views.one(actor, id));
    return { complaint: staffDto(complaint), steps: steps.map(stepDto), mayAnswer };
  }

  @Post(':id/answer')
  @HttpCode(200)
  @Allow('canteenManager', 'townshipOfficer', 'countyOfficer')
  @ApiOperation({ summary: '答复一条投诉' })
  @ApiOkResponse({ type: ComplaintStandingDto })
  async answer(@CurrentActor() actor: StaffActor, @Param() { id }: CareParams, @Body() body: ComplaintTextBody): Promise<ComplaintStandingDto> {
    return standingDto(answer(await this.steps.answer(actor, id, body.id, body.text)));
  }

  @Post(':id/told')
  @HttpCode(200)
  @Allow(...CALLERS_BACK)
  @ApiOperation({ summary: '登记已把答复告诉来电的人' })
  @ApiOkResponse({ type: ComplaintStandingDto })
  async told(@CurrentActor() actor: StaffActor, @Param() { id }: CareParams, @Body() body: ComplaintTextBody): Promise<ComplaintStandingDto> {
    return standingDto(answer(await this.steps.told(actor, id, body.id, body.text)));
  }

  @Post(':id/reply')
  @HttpCode(200)
  @Allow(...CALLERS_BACK)
  @ApiOperation({ summary: '代来电的人登记满意或不满意' })
  @ApiOkResponse({ type: ComplaintStandingDto })
  async reply(@CurrentActor() actor: StaffActor, @Param() { id }: CareParams, @Body() body: ComplaintReplyBody): Promise<ComplaintStandingDto> {
    return standingDto(answer(await this.steps.replyFor(actor, id, body.id, body.satisfied, body.text ?? (body.satisfied ? '满意' : '不满意'))));
  }

  @Post(':id/phone')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Allow(...CALLERS_BACK)
  @ApiOperation({ summary: '查看回电的电话，留痕' })
  @ApiOkResponse({ type: ComplaintPhoneDto })
  async phone(@CurrentActor() actor: StaffActor, @Param() { id }: CareParams): Promise<ComplaintPhoneDto> {
    return answer(await this.steps.phone(actor, id));
  }

  /** A card's number stays at the door: from here on there is its digest alone. */
  private whoOf({ card, elderId }: CallerComplaintBody): CallerSaid['who'] {
    if (card !== undefined && elderId !== undefined) throw new ProblemException('complaint-who-wrong');
    if (card !== undefined) return { handle: cardHandle(this.cipher, card) };
    return elderId === undefined ? null : { elderId };
  }
}
