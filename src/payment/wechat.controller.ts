import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Clock } from '../kernel/index.js';
import { Allow, answer, at, CLOCK, CurrentActor, Transactor, type StaffActor } from '../platform/index.js';
import { readMerchants, type MerchantRow } from './merchant.store.js';
import { RefundOrder } from './refund-order.js';
import { SetMerchant } from './set-merchant.js';
import { TakeNotice } from './take-notice.js';
import { listUnsettled } from './wechat-order.store.js';
import { MerchantBody, MerchantDecisionBody, MerchantDto, MerchantList, NoticeParams, PayRefundBody, PayRefundDto, UnsettledList, WechatParams } from './wechat.dto.js';

const MOST_UNSETTLED = 500;
/** An order that is still open so long after its end is one that a person should see. */
const LATE_MS = 60 * 60_000;
const NOTHING = Buffer.alloc(0);

function merchantView({ merchantId, operatorId, subMchId, state, recordedAt }: MerchantRow): MerchantDto {
  return { merchantId, operatorId, subMchId, state, recordedAt: at(recordedAt) };
}

/** Payments by WeChat: who receives them, refunds on somebody's word, what hangs, and WeChat's own notices. */
@ApiTags('微信支付')
@Controller('v1')
export class WechatController {
  constructor(
    private readonly merchants: SetMerchant, private readonly refunds: RefundOrder, private readonly notices: TakeNotice,
    private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('wechat/merchants')
  @Allow('countyOfficer', 'cityOfficer', 'auditor')
  @ApiBearerAuth()
  @ApiOperation({ summary: '各运营单位的微信收款商户号及其变更' })
  @ApiOkResponse({ type: MerchantList })
  async list(@CurrentActor() actor: StaffActor): Promise<MerchantList> {
    return { items: (await this.transactor.run((tx) => readMerchants(tx, actor.cityCode))).map(merchantView) };
  }

  @Post('wechat/merchants')
  @HttpCode(200)
  @Allow('countyOfficer', 'cityOfficer')
  @ApiBearerAuth()
  @ApiOperation({ summary: '登记（或停用）一家运营单位的微信收款商户号；市级另一人复核后生效' })
  @ApiOkResponse({ type: MerchantDto })
  async record(@CurrentActor() actor: StaffActor, @Body() body: MerchantBody): Promise<MerchantDto> {
    return merchantView(answer(await this.merchants.record(actor, body)));
  }

  @Post('wechat/merchants/:id/decision')
  @HttpCode(200)
  @Allow('cityOfficer')
  @ApiBearerAuth()
  @ApiOperation({ summary: '市级复核微信收款商户号（登记人不得自核）' })
  @ApiOkResponse({ type: MerchantDto })
  async decide(@CurrentActor() actor: StaffActor, @Param() { id }: WechatParams, @Body() body: MerchantDecisionBody): Promise<MerchantDto> {
    return merchantView(answer(await this.merchants.decide(actor, id, body)));
  }

  @Post('wechat/orders/:id/refunds')
  @HttpCode(200)
  @Allow('canteenManager', 'countyOfficer', 'cityOfficer')
  @ApiBearerAuth()
  @ApiOperation({ summary: '把一笔微信付款（或其一部分）原路退回' })
  @ApiOkResponse({ type: PayRefundDto })
  async refund(@CurrentActor() actor: StaffActor, @Param() { id }: WechatParams, @Body() body: PayRefundBody): Promise<PayRefundDto> {
    return answer(await this.refunds.run(actor, id, body));
  }

  @Get('wechat/unsettled')
  @Allow('countyOfficer', 'cityOfficer', 'auditor')
  @ApiBearerAuth()
  @ApiOperation({ summary: '过期一小时仍不明的付款，和需要人工处理的退款' })
  @ApiOkResponse({ type: UnsettledList })
  async unsettled(@CurrentActor() actor: StaffActor): Promise<UnsettledList> {
    const rows = await this.transactor.run((tx) => listUnsettled(tx, actor.cityCode, this.clock.now() - LATE_MS, MOST_UNSETTLED));
    return { items: rows.map(({ since, ...row }) => ({ ...row, since: at(since) })) };
  }

  @Post('wechat/notify/:kind')
  @HttpCode(200)
  @Allow('public')
  @ApiOperation({ summary: '微信支付的通知：验签、留存、应答，随后再办' })
  @ApiOkResponse()
  async notify(@Param() { kind }: NoticeParams, @Req() request: FastifyRequest & { rawBody?: Buffer }): Promise<void> {
    answer(await this.notices.run(kind, request.headers, request.rawBody ?? NOTHING));
  }
}
