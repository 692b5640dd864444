import { Controller, Get, Inject, Param, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Clock } from '../kernel/index.js';
import { Allow, CLOCK, ProblemException, RateLimit, Transactor } from '../platform/index.js';
import { readReceiptCode } from './domain/index.js';
import { readReceipts } from './receipt.store.js';
import { ReceiptParams, ReceiptsDto } from './watch.dto.js';

const MOST_A_MINUTE = 20;

/** Whether a receipt is what it says, for whoever holds it; it says nothing about who ate. */
@ApiTags('公开信息')
@Controller('v1/public')
export class ReceiptController {
  private readonly rate = new RateLimit(MOST_A_MINUTE, 60_000);

  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  @Get('receipts/:code')
  @Allow('public')
  @ApiOperation({ summary: '按校验码核对小票：日期、地点、个人支付、是否有效' })
  @ApiOkResponse({ type: ReceiptsDto })
  async read(@Param() { code }: ReceiptParams, @Req() request: FastifyRequest): Promise<ReceiptsDto> {
    const seconds = this.rate.wait(request.ip, this.clock.now());
    if (seconds > 0) throw new ProblemException('till-too-often', { seconds }, undefined, seconds);
    const wanted = readReceiptCode(code);
    if (wanted === null) throw new ProblemException('receipt-code-wrong');
    const items = await this.transactor.read((tx) => readReceipts(tx, wanted));
    if (items.length === 0) throw new ProblemException('receipt-unknown');
    return { items, sentence: items.length === 1 ? '查到这张小票。' : '有几张小票的校验码相同，请对照日期、地点和金额。' };
  }
}
