import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { siteInScope } from '../access/index.js';
import { Allow, answer, at, CurrentActor, fromCursor, PageQuery, ProblemException, toPage, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { divisionsOf, fundersOf } from '../region/index.js';
import { linesOfNotice } from './line.store.js';
import { MakeNotice } from './make-notice.js';
import { listNotices, readNotice, type NoticeRow } from './notice.store.js';
import { noticeLetter } from './notice-letter.js';
import { DeedBody, NoticeAnswerView, NoticeBody, NoticePage, NoticeStateView, NoticeView, RepaidBody, WithdrawBody } from './notice.dto.js';
import { IdParams } from './recovery.dto.js';
import { sharesOf, SignNotice } from './sign-notice.js';

const PAGE = 50;
const LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'";
const READERS = ['canteenManager', 'countyOfficer', 'cityOfficer', 'financeReviewer', 'financeApprover', 'auditor'] as const;

function toView({ noticeId, noticeNumber, kind, siteId, siteName, budgetYear, fen, state, madeAt, signedAt, repaidOn }: NoticeRow): NoticeView {
  return { noticeId, noticeNumber, kind, siteId, siteName, budgetYear, fen, state, madeAt: at(madeAt), signedAt: signedAt === null ? null : at(signedAt), repaidOn };
}

/** Notices by which sites are asked for what was paid for nothing. */
@ApiTags('追缴通知')
@ApiBearerAuth()
@Controller('v1/recovery-notices')
export class NoticeController {
  constructor(private readonly transactor: Transactor, private readonly makeNotice: MakeNotice, private readonly signNotice: SignNotice) {}

  @Post()
  @HttpCode(200)
  @Allow('countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: NoticeAnswerView })
  async make(@Body() body: NoticeBody, @CurrentActor() actor: StaffActor): Promise<NoticeAnswerView> {
    const { noticeId, noticeNumber, lines, fen } = answer(await this.makeNotice.run(actor, body));
    return { noticeId, noticeNumber, lines, fen };
  }

  @Get()
  @Allow(...READERS)
  @ApiOkResponse({ type: NoticePage })
  async list(@Query() query: PageQuery, @CurrentActor() actor: StaffActor): Promise<NoticePage> {
    const [after = null] = (fromCursor(query.cursor, 1) ?? []) as string[];
    const limit = query.limit ?? PAGE;
    const rows = await this.transactor.run((tx) => listNotices(tx, actor.cityCode, actor.divisionCode, actor.siteId, after, limit));
    const page = toPage(rows, limit, (row) => [row.noticeNumber]);
    return { items: page.items.map(toView), nextCursor: page.nextCursor };
  }

  @Get(':id')
  @Allow(...READERS)
  @ApiOkResponse({ type: NoticeView })
  async show(@Param() { id }: IdParams, @CurrentActor() actor: StaffActor): Promise<NoticeView> {
    return this.transactor.run(async (tx) => toView(await this.seen(tx, actor, id)));
  }

  @Get(':id/letter')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', LETTER_POLICY)
  @Header('cache-control', 'no-store')
  @Allow(...READERS)
  @ApiProduces('text/html')
  @ApiOkResponse({ type: String, description: '通知书，打印用' })
  async letter(@Param() { id }: IdParams, @CurrentActor() actor: StaffActor): Promise<string> {
    return this.transactor.run(async (tx) => {
      const notice = await this.seen(tx, actor, id);
      const lines = await linesOfNotice(tx, actor.cityCode, id);
      const shares = sharesOf(lines);
      const [county] = await divisionsOf(tx, actor.cityCode, [notice.countyCode]);
      const funders = await fundersOf(tx, actor.cityCode, shares.map((share) => share.funderCode));
      return noticeLetter({ notice, lines, shares, countyName: county?.name ?? notice.countyCode, funders: new Map([...funders].map(([code, funder]) => [code, funder.name])) });
    });
  }

  @Post(':id/sign')
  @HttpCode(200)
  @Allow('financeApprover')
  @ApiOkResponse({ type: NoticeStateView })
  async sign(@Param() params: IdParams, @Body() { id }: DeedBody, @CurrentActor() actor: StaffActor): Promise<NoticeStateView> {
    const { noticeId, state } = answer(await this.signNotice.sign(actor, params.id, id));
    return { noticeId, state };
  }

  @Post(':id/withdraw')
  @HttpCode(200)
  @Allow('countyOfficer', 'cityOfficer', 'financeApprover')
  @ApiOkResponse({ type: NoticeStateView })
  async withdraw(@Param() params: IdParams, @Body() { id, reason }: WithdrawBody, @CurrentActor() actor: StaffActor): Promise<NoticeStateView> {
    const { noticeId, state } = answer(await this.signNotice.withdraw(actor, params.id, id, reason));
    return { noticeId, state };
  }

  @Post(':id/repaid')
  @HttpCode(200)
  @Allow('financeReviewer', 'financeApprover')
  @ApiOkResponse({ type: NoticeStateView })
  async repaid(@Param() params: IdParams, @Body() body: RepaidBody, @CurrentActor() actor: StaffActor): Promise<NoticeStateView> {
    const { noticeId, state } = answer(await this.signNotice.repaid(actor, params.id, body));
    return { noticeId, state };
  }

  private async seen(tx: Tx, actor: StaffActor, noticeId: string): Promise<NoticeRow> {
    const notice = await readNotice(tx, actor.cityCode, noticeId);
    if (!notice) throw new ProblemException('not-found');
    if (!(await siteInScope(tx, actor, notice.siteId, notice.divisionCode))) throw new ProblemException('outside-scope');
    return notice;
  }
}
