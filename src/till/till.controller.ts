import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow, answer, at, CurrentActor, FieldCipher, sha256, type TerminalActor } from '../platform/index.js';
import { ServeCatalogue } from './catalogue.js';
import type { TillRow } from './domain/index.js';
import { LookUpCard } from './look-up-card.js';
import { ShowBalance } from './show-balance.js';
import { OpenTill } from './open-till.js';
import { SearchElder } from './search-elder.js';
import { ServeLostCards } from './serve-lost-cards.js';
import { ServeRoster } from './serve-roster.js';
import { SIGNATURE_HEADER, TillSigner } from './signing.js';
import { CardBody, CatalogueDto, TillBalanceDto, FoundDto, LostCardPageDto, OpeningBody, OpeningDto, RosterPageDto, RosterQuery, SearchBody, TillRowDto } from './till.dto.js';

/** What an enrolled terminal may ask for: everything here is for its own site and under handles of its own. */
@ApiTags('收银机')
@Controller('v1/till')
export class TillController {
  private readonly signer: TillSigner;

  constructor(
    private readonly rosters: ServeRoster, private readonly lostCards: ServeLostCards, private readonly catalogue: ServeCatalogue,
    private readonly opens: OpenTill, private readonly looksUp: LookUpCard, private readonly searches: SearchElder, private readonly balances: ShowBalance, cipher: FieldCipher,
  ) {
    this.signer = new TillSigner(cipher);
  }

  @Post('openings')
  @HttpCode(200)
  @Allow('terminal')
  @ApiOperation({ summary: '开机报到，取得名册密钥' })
  @ApiOkResponse({ type: OpeningDto })
  async open(@CurrentActor() actor: TerminalActor, @Body() body: OpeningBody): Promise<OpeningDto> {
    const opened = await this.opens.run(actor, { ...body, place: body.place ?? null });
    return { ...opened, serverTime: at(opened.serverTime), keyDueAt: at(opened.keyDueAt) };
  }

  @Get('roster')
  @Allow('terminal')
  @ApiOperation({ summary: '离线名册或其变化；逐页，服务器签名' })
  @ApiOkResponse({ type: RosterPageDto })
  async roster(@CurrentActor() actor: TerminalActor, @Query() query: RosterQuery, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.signed(await this.rosters.page(actor, query), request, reply);
  }

  @Get('lost-cards')
  @Allow('terminal')
  @ApiOperation({ summary: '挂失、冻结、换发、注销的卡，或其变化；服务器签名' })
  @ApiOkResponse({ type: LostCardPageDto })
  async lost(@CurrentActor() actor: TerminalActor, @Query() query: RosterQuery, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.signed(await this.lostCards.page(actor, query), request, reply);
  }

  @Get('catalogue')
  @Allow('terminal')
  @ApiOperation({ summary: '离线计算所需的补贴办法、价目表、工作日与限额；服务器签名' })
  @ApiOkResponse({ type: CatalogueDto })
  async all(@CurrentActor() actor: TerminalActor, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.signed(await this.catalogue.text(actor), request, reply);
  }

  @Post('cards')
  @HttpCode(200)
  @Allow('terminal')
  @ApiOperation({ summary: '联网查询名册以外的一张卡' })
  @ApiOkResponse({ type: TillRowDto })
  async card(@CurrentActor() actor: TerminalActor, @Body() { number }: CardBody): Promise<TillRow> {
    return answer(await this.looksUp.run(actor, number));
  }

  @Post('balances')
  @HttpCode(200)
  @Allow('terminal')
  @ApiOperation({ summary: '老人要求时查看其卡内余额（本市开通时）；限次' })
  @ApiOkResponse({ type: TillBalanceDto })
  async balance(@CurrentActor() actor: TerminalActor, @Body() { number }: CardBody): Promise<TillBalanceDto> {
    return answer(await this.balances.run(actor, number));
  }

  @Post('searches')
  @HttpCode(200)
  @Allow('terminal')
  @ApiOperation({ summary: '忘带卡：按姓和手机号后四位查找，限次，留痕' })
  @ApiOkResponse({ type: FoundDto })
  async search(@CurrentActor() actor: TerminalActor, @Body() body: SearchBody): Promise<object> {
    const { candidates, more } = answer(await this.searches.run(actor, body));
    return { candidates: candidates.map((one) => ({ ...one, noteUntil: at(one.noteUntil) })), more };
  }

  /** Sends a text with the server's signature over its bytes; a till that has these very bytes gets none. */
  private signed(text: string, request: FastifyRequest, reply: FastifyReply): string {
    const tag = `"${sha256(text).slice(0, 32)}"`;
    void reply.header('etag', tag).header('content-type', 'application/json; charset=utf-8').header(SIGNATURE_HEADER, this.signer.sign(text));
    if (request.headers['if-none-match'] !== tag) return text;
    void reply.status(304);
    return '';
  }
}
