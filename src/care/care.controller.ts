import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ageOn, civilDate, today, type Clock } from '../kernel/index.js';
import { SitePlaces } from '../access/index.js';
import { openSurname } from '../elder/index.js';
import { Allow, answer, at, CLOCK, CurrentActor, FieldCipher, fromCursor, toPage, Transactor, type StaffActor } from '../platform/index.js';
import {
  CareParams, CareSettingsBody, CareSettingsDto, CareTemplateBody, CareTemplateDto, CareTemplatesDto, FollowUpContactDto, FollowUpNoteBody, FollowUpPage, FollowUpsQuery, FollowUpStandingDto,
  NoticeKindParams, SiteRatingDto, type FollowUpDto, type TemplateFieldDto,
} from './care.dto.js';
import { FollowElder } from './follow-elder.js';
import { listFollowUps, type ListedFollowUp } from './follow-up.store.js';
import { siteRatingDto } from './mini-care.controller.js';
import { RateMeal } from './rate-meal.js';
import { SetCare } from './set-care.js';
import { readCareSettings, readTemplates, type TemplateRow } from './setting.store.js';

const PAGE = 50;
const WORKERS = ['communityWorker', 'townshipOfficer', 'countyOfficer'] as const;

function templateDto({ kind, templateId, page, fields }: TemplateRow): CareTemplateDto {
  return { kind, templateId, page, fields: Object.entries(fields).map(([field, part]) => ({ field, part })) as TemplateFieldDto[] };
}

/** Welfare calls, ratings and settings, for staff. */
@ApiTags('关怀')
@ApiBearerAuth()
@Controller('v1')
export class CareController {
  constructor(
    private readonly follows: FollowElder, private readonly rates: RateMeal, private readonly sets: SetCare, private readonly places: SitePlaces,
    private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('follow-ups')
  @Header('cache-control', 'no-store')
  @Allow(...WORKERS)
  @ApiOperation({ summary: '订了餐没有来的老人，需要问候的' })
  @ApiOkResponse({ type: FollowUpPage })
  async followUps(@CurrentActor() { cityCode, divisionCode }: StaffActor, @Query() { state = 'open', cursor, limit = PAGE }: FollowUpsQuery): Promise<FollowUpPage> {
    const [mealDate, followUpId] = fromCursor(cursor, 2) ?? [];
    const after = mealDate === undefined || followUpId === undefined ? null : { mealDate: civilDate(String(mealDate)), followUpId: String(followUpId) };
    const states = state === 'open' ? ['open', 'visit'] as const : ['closed'] as const;
    const page = toPage(await this.transactor.read((tx) => listFollowUps(tx, this.cipher, { cityCode, divisionCode, states, after, limit })), limit, (row) => [row.mealDate, row.followUpId]);
    return { items: page.items.map((row) => this.followUpDto(cityCode, row)), nextCursor: page.nextCursor };
  }

  @Post('follow-ups/:id/notes')
  @HttpCode(200)
  @Allow(...WORKERS)
  @ApiOperation({ summary: '登记问候的结果' })
  @ApiOkResponse({ type: FollowUpStandingDto })
  async note(@CurrentActor() actor: StaffActor, @Param() { id }: CareParams, @Body() body: FollowUpNoteBody): Promise<FollowUpStandingDto> {
    const { state, unanswered } = answer(await this.follows.note(actor, id, body.id, body.outcome, body.note ?? null));
    return { state, unanswered };
  }

  @Post('follow-ups/:id/contact')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Allow(...WORKERS)
  @ApiOperation({ summary: '查看要问候的老人的姓名和电话，留痕' })
  @ApiOkResponse({ type: FollowUpContactDto })
  async contact(@CurrentActor() actor: StaffActor, @Param() { id }: CareParams): Promise<FollowUpContactDto> {
    const { name, phone, emergency } = answer(await this.follows.contact(actor, id));
    return { name, phone, emergency: emergency.map((one) => ({ ...one })) };
  }

  @Get('ratings/sites/:id')
  @Allow('canteenManager', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor')
  @ApiOperation({ summary: '一个助餐点近 90 天的评价' })
  @ApiOkResponse({ type: SiteRatingDto })
  async rating(@CurrentActor() actor: StaffActor, @Param() { id }: CareParams): Promise<SiteRatingDto> {
    answer(await this.transactor.read((tx) => this.places.openTo(tx, actor, id)));
    return siteRatingDto(answer(await this.rates.ofSite(actor.cityCode, id)));
  }

  @Get('care/settings')
  @Allow('canteenManager', 'communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor')
  @ApiOperation({ summary: '投诉的期限、通知保留的天数等' })
  @ApiOkResponse({ type: CareSettingsDto })
  settings(@CurrentActor() { cityCode }: StaffActor): Promise<CareSettingsDto> {
    return this.transactor.read((tx) => readCareSettings(tx, cityCode));
  }

  @Put('care/settings')
  @Allow('cityOfficer')
  @ApiOperation({ summary: '设定全市投诉的期限、通知保留的天数等' })
  @ApiOkResponse({ type: CareSettingsDto })
  async set(@CurrentActor() actor: StaffActor, @Body() { id, ...settings }: CareSettingsBody): Promise<CareSettingsDto> {
    const { answerDays, replyDays, noticeDays, ratingLeast } = answer(await this.sets.settings(actor, id, settings));
    return { answerDays, replyDays, noticeDays, ratingLeast };
  }

  @Get('care/templates')
  @Allow('cityOfficer', 'systemAdministrator')
  @ApiOperation({ summary: '订阅消息的模板' })
  @ApiOkResponse({ type: CareTemplatesDto })
  async templates(@CurrentActor() { cityCode }: StaffActor): Promise<CareTemplatesDto> {
    return { items: (await this.transactor.read((tx) => readTemplates(tx, cityCode))).map(templateDto) };
  }

  @Put('care/templates/:kind')
  @Allow('cityOfficer', 'systemAdministrator')
  @ApiOperation({ summary: '设定一种订阅消息用哪个模板、各字段填什么' })
  @ApiOkResponse({ type: CareTemplateDto })
  async setTemplate(@CurrentActor() actor: StaffActor, @Param() { kind }: NoticeKindParams, @Body() { id, templateId, page = null, fields }: CareTemplateBody): Promise<CareTemplateDto> {
    return templateDto(answer(await this.sets.template(actor, id, { kind, templateId, page, fields: Object.fromEntries(fields.map(({ field, part }) => [field, part])) })));
  }

  private followUpDto(cityCode: string, row: ListedFollowUp): FollowUpDto {
    const { followUpId, sex, born, communityName, siteName, mealDate, mealPeriod, state, unanswered, lastKind, lastNote, lastAt } = row;
    return {
      followUpId, name: `${openSurname(this.cipher, cityCode, row)}${sex === 'female' ? '女士' : '先生'}`, age: ageOn(born, today(this.clock)), communityName, siteName, mealDate, mealPeriod, state, unanswered,
      lastStep: lastKind, lastNote, lastAt: at(lastAt),
    };
  }
}
