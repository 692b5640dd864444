import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Put, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { civilDate, fen, today, type Clock } from '../kernel/index.js';
import { cardHandle } from '../elder/index.js';
import { Allow, answer, at, CLOCK, CurrentActor, FieldCipher, fromCursor, PageQuery, ProblemException, toPage, Transactor, type StaffActor } from '../platform/index.js';
import type { AskedRow } from './check-row.js';
import { EnterBatch } from './enter-batch.js';
import { BatchAnswerDto, SlipBatchBody, SlipPhotoDto, SlipPhotoQuery, type SlipRowDto } from './entry.dto.js';
import { KeepPhoto } from './keep-photo.js';
import { readLimits } from './limit.store.js';
import { listPaperSites } from './paper-site.store.js';
import { PrintSheet } from './print-sheet.js';
import { PutOnPaper } from './put-on-paper.js';
import { SetSlipLimits } from './set-limits.js';
import { PrintedSheetDto, SlipLimitsBody, SlipLimitsDto, SlipParams, SlipPrintAnswer, SlipPrintBody, SlipSiteAnswer, SlipSitePage, SlipStepBody } from './slip.dto.js';

const PAGE = 50;
/** Who brings paper in: the town and the village's worker, never the canteen itself. */
const ENTERERS = ['communityWorker', 'townshipOfficer', 'countyOfficer'] as const;

/** Canteens without a device: put on paper, printed for, and entered by the town. */
@ApiTags('纸质单')
@ApiBearerAuth()
@Controller('v1/slips')
export class SlipController {
  constructor(
    private readonly transactor: Transactor, private readonly puts: PutOnPaper, private readonly sets: SetSlipLimits, private readonly prints: PrintSheet,
    private readonly photos: KeepPhoto, private readonly enters: EnterBatch, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('limits')
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor')
  @ApiOperation({ summary: '全市纸质单的期限与上限' })
  @ApiOkResponse({ type: SlipLimitsDto })
  limits(@CurrentActor() { cityCode }: StaffActor): Promise<SlipLimitsDto> {
    return this.transactor.read((tx) => readLimits(tx, cityCode));
  }

  @Put('limits')
  @Allow('cityOfficer')
  @ApiOperation({ summary: '设定全市纸质单的期限与上限' })
  @ApiOkResponse({ type: SlipLimitsDto })
  async setLimits(@CurrentActor() actor: StaffActor, @Body() { id, ...limits }: SlipLimitsBody): Promise<SlipLimitsDto> {
    return answer(await this.sets.run(actor, id, limits));
  }

  @Get('sites')
  @Allow(...ENTERERS, 'cityOfficer', 'auditor')
  @ApiOperation({ summary: '改用过纸质登记的助餐点' })
  @ApiOkResponse({ type: SlipSitePage })
  async sites(@CurrentActor() { cityCode, divisionCode }: StaffActor, @Query() query: PageQuery): Promise<SlipSitePage> {
    const limit = query.limit ?? PAGE;
    const [after = null] = fromCursor(query.cursor, 1) ?? [];
    const rows = await this.transactor.read((tx) => listPaperSites(tx, { cityCode, divisionCode, date: today(this.clock), after: after === null ? null : String(after), limit }));
    const page = toPage(rows, limit, (row) => [row.siteId]);
    return { items: page.items.map(({ siteId, siteNo, siteName, divisionCode: code, state }) => ({ siteId, siteNo, siteName, divisionCode: code, state })), nextCursor: page.nextCursor };
  }

  @Post('sites/:id/steps')
  @HttpCode(200)
  @Allow('townshipOfficer', 'countyOfficer')
  @ApiOperation({ summary: '助餐点改用或停用纸质登记' })
  @ApiOkResponse({ type: SlipSiteAnswer })
  async step(@CurrentActor() actor: StaffActor, @Param() { id }: SlipParams, @Body() body: SlipStepBody): Promise<SlipSiteAnswer> {
    return answer(await this.puts.run(actor, id, { ...body, onDate: civilDate(body.onDate) }));
  }

  @Post('sheets')
  @HttpCode(200)
  @Allow(...ENTERERS)
  @ApiOperation({ summary: '打印、加印或补打一天的名单和纸质单' })
  @ApiOkResponse({ type: SlipPrintAnswer })
  async print(@CurrentActor() actor: StaffActor, @Body() { id, siteId, mealDate, more }: SlipPrintBody): Promise<SlipPrintAnswer> {
    return answer(await this.prints.print(actor, { id, siteId, mealDate: civilDate(mealDate), wish: more === undefined ? { kind: 'again' } : { kind: 'more', slips: more } }));
  }

  @Get('sheets/:id')
  @Header('cache-control', 'no-store')
  @Allow(...ENTERERS)
  @ApiOperation({ summary: '一次打印的内容' })
  @ApiOkResponse({ type: PrintedSheetDto })
  async sheet(@CurrentActor() actor: StaffActor, @Param() { id }: SlipParams): Promise<PrintedSheetDto> {
    const sheet = answer(await this.prints.show(actor, id));
    return {
      ...sheet, printedAt: at(sheet.printedAt), items: sheet.items.map((item) => ({ ...item })), slips: sheet.slips.map((slip) => ({ ...slip })),
      lines: sheet.lines.map((line) => ({ ...line, ownFen: [...line.ownFen] })),
    };
  }

  /** Takes a photo in as it is, `application/octet-stream`; what it is shows in its bytes. */
  @Put('photos/:id')
  @Allow(...ENTERERS)
  @ApiOperation({ summary: '上传填好的纸质单的照片' })
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiOkResponse({ type: SlipPhotoDto })
  async photo(@CurrentActor() actor: StaffActor, @Param() { id }: SlipParams, @Query() { siteId, mealDate }: SlipPhotoQuery, @Req() request: FastifyRequest): Promise<SlipPhotoDto> {
    const stream = request.body as AsyncIterable<Buffer> | undefined;
    if (request.headers['content-type'] !== 'application/octet-stream' || stream === undefined) throw new ProblemException('media-type-wrong');
    const { photoId, kind, bytes, sha256 } = answer(await this.photos.run(actor, { photoId: id, siteId, mealDate: civilDate(mealDate) }, stream));
    return { photoId, kind, bytes, sha256 };
  }

  @Get('photos/:id')
  @Header('cache-control', 'no-store')
  @Header('cross-origin-resource-policy', 'same-origin')
  @Allow(...ENTERERS, 'cityOfficer', 'auditor')
  @ApiOperation({ summary: '查看纸质单的照片，留痕' })
  @ApiProduces('image/jpeg', 'image/png', 'image/webp')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async picture(@CurrentActor() actor: StaffActor, @Param() { id }: SlipParams): Promise<StreamableFile> {
    const { photo, picture } = answer(await this.photos.show(actor, id));
    return new StreamableFile(picture, { type: photo.kind, length: picture.length, disposition: `attachment; filename="slip-${photo.mealDate}.${photo.kind.slice('image/'.length)}"` });
  }

  @Post('batches')
  @HttpCode(200)
  @Allow(...ENTERERS)
  @ApiOperation({ summary: '补录一批纸质单，逐行答复' })
  @ApiOkResponse({ type: BatchAnswerDto })
  async enter(@CurrentActor() actor: StaffActor, @Body() { id, siteId, mealDate, photos, rows }: SlipBatchBody): Promise<BatchAnswerDto> {
    const asked = { id, siteId, mealDate: civilDate(mealDate), photoIds: [...new Set(photos.map(({ photoId }) => photoId))], rows: rows.map((row) => this.asked(row)) };
    return answer(await this.enters.run(actor, asked)) as unknown as BatchAnswerDto;
  }

  /** A card's number stays at the door: from here on there is its digest alone. */
  private asked({ code, meal }: SlipRowDto): AskedRow {
    if (meal === undefined) return { code, meal: null };
    const { handle = null, card, guest = false, mealPeriod, items, takenFen } = meal;
    return { code, meal: { handle, card: card === undefined ? null : cardHandle(this.cipher, card), guest, mealPeriod, items: items.map(({ itemCode, quantity }) => ({ itemCode, quantity })), takenFen: fen(takenFen) } };
  }
}
