import { Body, Controller, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, answer, at, CurrentActor, type StaffActor, type TerminalActor } from '../platform/index.js';
import { CodeElderParams, PrintBody, PrintedCodeDto, PrintedListDto, PrintedParams, RedeemBody, RedeemedDto, RevokeBody, RevokedDto } from './code.dto.js';
import { PrintedCodes } from './printed-codes.js';
import { RedeemCode } from './redeem-code.js';

/** Who gives elders cards also gives them codes on paper. */
const PRINTERS = ['communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer'] as const;

/** Codes at the counter, and those on paper. */
@ApiTags('用餐码')
@Controller('v1')
export class CodeController {
  constructor(private readonly redeems: RedeemCode, private readonly prints: PrintedCodes) {}

  @Post('till/codes')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Allow('terminal')
  @ApiOperation({ summary: '联网兑换一个用餐码；记账时才算用过' })
  @ApiOkResponse({ type: RedeemedDto })
  async redeem(@CurrentActor() actor: TerminalActor, @Body() { code, mealPeriod }: RedeemBody): Promise<object> {
    const redeemed = answer(await this.redeems.run(actor, code, mealPeriod));
    return { ...redeemed, noteUntil: at(redeemed.noteUntil) };
  }

  @Post('elders/:id/printed-codes')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Allow(...PRINTERS)
  @ApiOperation({ summary: '为没有手机的老人出一张纸质用餐码；先前的作废' })
  @ApiOkResponse({ type: PrintedCodeDto })
  async print(@CurrentActor() actor: StaffActor, @Param() { id }: CodeElderParams, @Body() body: PrintBody): Promise<PrintedCodeDto> {
    return answer(await this.prints.issue(actor, id, body.id));
  }

  @Get('elders/:id/printed-codes')
  @Header('cache-control', 'no-store')
  @Allow(...PRINTERS)
  @ApiOperation({ summary: '一位老人的纸质用餐码，不含码本身' })
  @ApiOkResponse({ type: PrintedListDto })
  async list(@CurrentActor() actor: StaffActor, @Param() { id }: CodeElderParams): Promise<PrintedListDto> {
    const codes = answer(await this.prints.list(actor, id));
    return { items: codes.map((code) => ({ ...code, issuedAt: at(code.issuedAt), revokedAt: code.revokedAt === null ? null : at(code.revokedAt) })) };
  }

  @Post('elders/:id/printed-codes/:codeId/revocation')
  @HttpCode(200)
  @Allow(...PRINTERS)
  @ApiOperation({ summary: '纸质用餐码丢失或不用了：立即作废' })
  @ApiOkResponse({ type: RevokedDto })
  async revoke(@CurrentActor() actor: StaffActor, @Param() { id, codeId }: PrintedParams, @Body() body: RevokeBody): Promise<RevokedDto> {
    return answer(await this.prints.revoke(actor, id, codeId, body));
  }
}
