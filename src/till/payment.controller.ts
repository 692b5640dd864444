import { Body, Controller, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, answer, CurrentActor, IdField, OneOf, Text, type TerminalActor } from '../platform/index.js';
import { PayAtTill, type TillPayment } from './pay-at-till.js';

class PaymentParams {
  @IdField({ doc: '用餐编号' })
  id: string;
}

class TillPaymentBody {
  @IdField({ doc: '这次收款的编号；同号只扣一次' })
  id: string;

  @Text({ min: 18, max: 18, pattern: /^1[0-5]\d{16}$/, message: '应为微信付款码的 18 位数字', doc: '微信付款码，只用一次，不保存' })
  authCode: string;
}

class TillPaymentDto {
  @OneOf(['paid', 'open', 'failed'], { name: 'TillPaymentState', doc: 'paid：已付；open：等待老人输入密码或核对中，不要再收；failed：没付成，没有扣款' })
  state: 'paid' | 'open' | 'failed';

  @Text({ max: 200 })
  sentence: string;
}

/** Own shares by WeChat's payment code, after their sale was recorded. */
@ApiTags('收银机')
@Controller('v1/till/taps')
export class TillPaymentController {
  constructor(private readonly pays: PayAtTill) {}

  @Post(':id/payment')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Allow('terminal')
  @ApiOperation({ summary: '用老人的微信付款码收一笔已记账用餐的个人支付；从不重复扣款' })
  @ApiOkResponse({ type: TillPaymentDto })
  async charge(@CurrentActor() actor: TerminalActor, @Param() { id }: PaymentParams, @Body() body: TillPaymentBody): Promise<TillPayment> {
    return answer(await this.pays.charge(actor, id, body));
  }

  @Get(':id/payment')
  @Header('cache-control', 'no-store')
  @Allow('terminal')
  @ApiOperation({ summary: '一笔用餐的微信付款到了哪一步' })
  @ApiOkResponse({ type: TillPaymentDto })
  async state(@CurrentActor() actor: TerminalActor, @Param() { id }: PaymentParams): Promise<TillPayment> {
    return answer(await this.pays.state(actor, id));
  }
}
