import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { today, type Clock } from '../kernel/index.js';
import { kinOf } from '../family/index.js';
import { Allow, answer, at, CLOCK, CurrentActor, derivedId, FieldCipher, fromCursor, PageQuery, toPage, Transactor, type MiniActor, type Tx } from '../platform/index.js';
import { AskableTemplatesDto, CareParams, MealRatingDto, InboxPage, NoticePermitsBody, NoticesReadBody, RatingBody, SiteRatingDto, UnreadDto } from './care.dto.js';
import { complaintDto, standingDto, stepDto } from './complaint.controller.js';
import { ComplaintMadeDto, ComplaintStandingDto, ComplaintWordBody, MiniComplaintBody, MiniComplaintsQuery, OwnComplaintsDto, OwnWholeComplaintDto } from './complaint.dto.js';
import type { RatingSummary } from './domain/index.js';
import { MakeComplaint } from './make-complaint.js';
import { countUnread, insertPermits, listNotices, markRead, type ElderSeen } from './notice.store.js';
import { RateMeal, type RatingView } from './rate-meal.js';
import { readTemplates } from './setting.store.js';
import { StepComplaint } from './step-complaint.js';
import { ViewComplaints } from './view-complaints.js';

const PAGE = 30;

function ratingDto({ rating, mayRate }: RatingView): MealRatingDto {
  return { rating: rating === null ? null : { stars: rating.stars, words: [...rating.words], dishes: [...rating.dishes], ratedAt: at(rating.ratedAt) }, mayRate };
}

/** What a site's ratings say, for the answer. */
export function siteRatingDto({ count, tenths, words }: RatingSummary): SiteRatingDto {
  return { count, tenths, words: words.map((one) => ({ ...one })) };
}

/** What elders and their relatives say of meals, and what they are told. */
@ApiTags('小程序')
@ApiBearerAuth()
@Controller('v1/mini')
export class MiniCareController {
  constructor(
    private readonly rates: RateMeal, private readonly makes: MakeComplaint, private readonly steps: StepComplaint, private readonly views: ViewComplaints,
    private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('meals/:id/rating')
  @Allow('mini')
  @ApiOperation({ summary: '自己对一餐的评价' })
  @ApiOkResponse({ type: MealRatingDto })
  async rating(@CurrentActor() actor: MiniActor, @Param() { id }: CareParams): Promise<MealRatingDto> {
    return ratingDto(answer(await this.rates.show(actor, id)));
  }

  @Post('meals/:id/rating')
  @HttpCode(200)
  @Allow('mini')
  @ApiOperation({ summary: '评价吃过的一餐；一天内可以改' })
  @ApiOkResponse({ type: MealRatingDto })
  async rate(@CurrentActor() actor: MiniActor, @Param() { id }: CareParams, @Body() body: RatingBody): Promise<MealRatingDto> {
    return ratingDto(answer(await this.rates.run(actor, id, { id: body.id, stars: body.stars, words: body.words ?? [], dishes: body.dishes ?? [] })));
  }

  @Get('sites/:id/rating')
  @Allow('mini')
  @ApiOperation({ summary: '一个助餐点的评价；不够条数不公布' })
  @ApiOkResponse({ type: SiteRatingDto })
  async siteRating(@CurrentActor() { cityCode }: MiniActor, @Param() { id }: CareParams): Promise<SiteRatingDto> {
    return siteRatingDto(answer(await this.rates.ofSite(cityCode, id)));
  }

  @Post('complaints')
  @HttpCode(200)
  @Allow('mini')
  @ApiOperation({ summary: '投诉' })
  @ApiOkResponse({ type: ComplaintMadeDto })
  async complain(@CurrentActor() actor: MiniActor, @Body() { elderId, id, siteId, category, text, tapId }: MiniComplaintBody): Promise<ComplaintMadeDto> {
    const made = answer(await this.makes.byAccount(actor, elderId, { id, siteId, category, text, tapId: tapId ?? null }));
    return { ...made, dueAt: at(made.dueAt) };
  }

  @Get('complaints')
  @Header('cache-control', 'no-store')
  @Allow('mini')
  @ApiOperation({ summary: '自己提过的投诉' })
  @ApiOkResponse({ type: OwnComplaintsDto })
  async complaints(@CurrentActor() actor: MiniActor, @Query() { elderId }: MiniComplaintsQuery): Promise<OwnComplaintsDto> {
    return { items: answer(await this.views.own(actor, elderId)).map(complaintDto) };
  }

  @Get('complaints/:id')
  @Header('cache-control', 'no-store')
  @Allow('mini')
  @ApiOperation({ summary: '一条投诉和答复' })
  @ApiOkResponse({ type: OwnWholeComplaintDto })
  async complaint(@CurrentActor() actor: MiniActor, @Param() { id }: CareParams): Promise<OwnWholeComplaintDto> {
    const { complaint, steps } = answer(await this.views.ownOne(actor, id));
    return { complaint: complaintDto(complaint), steps: steps.map(stepDto) };
  }

  @Post('complaints/:id/settle')
  @HttpCode(200)
  @Allow('mini')
  @ApiOperation({ summary: '对答复说满意' })
  @ApiOkResponse({ type: ComplaintStandingDto })
  async settle(@CurrentActor() actor: MiniActor, @Param() { id }: CareParams, @Body() body: ComplaintWordBody): Promise<ComplaintStandingDto> {
    return standingDto(answer(await this.steps.reply(actor, id, body.id, true, body.text ?? '满意')));
  }

  @Post('complaints/:id/object')
  @HttpCode(200)
  @Allow('mini')
  @ApiOperation({ summary: '对答复说不满意，只能一次；由上一级再答复' })
  @ApiOkResponse({ type: ComplaintStandingDto })
  async object(@CurrentActor() actor: MiniActor, @Param() { id }: CareParams, @Body() body: ComplaintWordBody): Promise<ComplaintStandingDto> {
    return standingDto(answer(await this.steps.reply(actor, id, body.id, false, body.text ?? '不满意')));
  }

  @Get('notices')
  @Header('cache-control', 'no-store')
  @Allow('mini')
  @ApiOperation({ summary: '通知；老人收回同意后，用餐的通知不再显示' })
  @ApiOkResponse({ type: InboxPage })
  async notices(@CurrentActor() actor: MiniActor, @Query() { cursor, limit = PAGE }: PageQuery): Promise<InboxPage> {
    const { cityCode, accountId } = actor;
    const [after = null] = fromCursor(cursor, 1) ?? [];
    return this.transactor.read(async (tx) => {
      const elders = await this.eldersSeen(tx, actor);
      const page = toPage(await listNotices(tx, this.cipher, cityCode, accountId, elders, after === null ? null : Number(after), limit), limit, (row) => [row.seq]);
      return {
        items: page.items.map(({ noticeId, kind, said, elderId, madeAt, readAt }) => ({ noticeId, kind, text: said.text, elderId, madeAt: at(madeAt), read: readAt !== null })),
        nextCursor: page.nextCursor, unread: await countUnread(tx, cityCode, accountId, elders),
      };
    });
  }

  @Post('notices/read')
  @HttpCode(200)
  @Allow('mini')
  @ApiOperation({ summary: '标为看过' })
  @ApiOkResponse({ type: UnreadDto })
  async read(@CurrentActor() actor: MiniActor, @Body() { noticeIds }: NoticesReadBody): Promise<UnreadDto> {
    const { cityCode, accountId } = actor;
    return this.transactor.run(async (tx) => {
      await markRead(tx, cityCode, accountId, noticeIds, this.clock.now());
      return { unread: await countUnread(tx, cityCode, accountId, await this.eldersSeen(tx, actor)) };
    });
  }

  @Get('notices/templates')
  @Allow('mini')
  @ApiOperation({ summary: '可以请用户允许的订阅消息' })
  @ApiOkResponse({ type: AskableTemplatesDto })
  async templates(@CurrentActor() { cityCode }: MiniActor): Promise<AskableTemplatesDto> {
    return { items: (await this.transactor.read((tx) => readTemplates(tx, cityCode))).map(({ kind, templateId }) => ({ kind, templateId })) };
  }

  @Post('notices/permits')
  @HttpCode(200)
  @Allow('mini')
  @ApiOperation({ summary: '记下微信里点了允许的订阅消息，一次一条' })
  @ApiOkResponse({ type: AskableTemplatesDto })
  async permit(@CurrentActor() actor: MiniActor, @Body() { id, kinds }: NoticePermitsBody): Promise<AskableTemplatesDto> {
    const { cityCode, accountId } = actor;
    return this.transactor.run(async (tx) => {
      await insertPermits(tx, cityCode, accountId, [...new Set(kinds)].map((kind) => ({ permitId: derivedId('permit', accountId, id, kind), kind })), this.clock.now());
      return { items: (await readTemplates(tx, cityCode)).filter(({ kind }) => kinds.includes(kind)).map(({ kind, templateId }) => ({ kind, templateId })) };
    });
  }

  /** The elders to whom the account is bound, and what it may do for them today. */
  private async eldersSeen(tx: Tx, actor: MiniActor): Promise<ElderSeen[]> {
    return (await kinOf(tx, this.cipher, actor, today(this.clock))).map(({ elderId, rights }) => ({ elderId, rights }));
  }
}
