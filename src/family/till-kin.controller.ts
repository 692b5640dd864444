import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { cardHandle } from '../elder/index.js';
import { Allow, answer, CurrentActor, FieldCipher, type TerminalActor } from '../platform/index.js';
import { ChangeKin } from './change-kin.js';
import { CONSENT_NOTICE } from './domain/index.js';
import { BindingCodeDto, KinWithdrawnDto, TillKinBody, TillKinCodeBody, TillKinDto, TillKinWithdrawBody } from './family.dto.js';
import { MakeCode } from './make-code.js';
import { ViewRelatives } from './view-relatives.js';

/** Relatives of an elder whose card lies on the till: for those without a telephone of their own. */
@ApiTags('收银机')
@Controller('v1/till/kin')
export class TillKinController {
  constructor(private readonly makes: MakeCode, private readonly changes: ChangeKin, private readonly views: ViewRelatives, private readonly cipher: FieldCipher) {}

  @Post()
  @HttpCode(200)
  @Allow('terminal')
  @ApiOperation({ summary: '刷卡看哪些家人有授权；只有称呼，没有姓名' })
  @ApiOkResponse({ type: TillKinDto })
  async list(@CurrentActor() actor: TerminalActor, @Body() { number }: TillKinBody): Promise<TillKinDto> {
    const { self, relatives } = answer(await this.views.atTill(actor, cardHandle(this.cipher, number)));
    return { self, relatives: relatives.map((one) => ({ ...one, rights: [...one.rights] })), notice: CONSENT_NOTICE };
  }

  @Post('withdraw')
  @HttpCode(200)
  @Allow('terminal')
  @ApiOperation({ summary: '刷卡收回一位家人的授权，或解除本人的微信，当场生效' })
  @ApiOkResponse({ type: KinWithdrawnDto })
  async withdraw(@CurrentActor() actor: TerminalActor, @Body() { id, number, contactId }: TillKinWithdrawBody): Promise<KinWithdrawnDto> {
    return answer(await this.changes.withdrawAtTill(actor, cardHandle(this.cipher, number), contactId === null ? { self: true } : { contactId }, id));
  }

  @Post('code')
  @HttpCode(200)
  @Allow('terminal')
  @ApiOperation({ summary: '刷卡取一个给家人的绑定码，10 分钟内一次有效' })
  @ApiOkResponse({ type: BindingCodeDto })
  async code(@CurrentActor() actor: TerminalActor, @Body() { number, ...body }: TillKinCodeBody): Promise<BindingCodeDto> {
    return answer(await this.makes.atTill(actor, cardHandle(this.cipher, number), { ...body, relation: body.relation ?? null, until: body.until ?? null }));
  }
}
