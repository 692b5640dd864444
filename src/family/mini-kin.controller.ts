import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow, answer, CurrentActor, ProblemException, type MiniActor } from '../platform/index.js';
import { BindKin } from './bind-kin.js';
import { BindSelf, type SelfForm } from './bind-self.js';
import { ChangeKin } from './change-kin.js';
import { CONSENT_NOTICE } from './domain/index.js';
import {
  BindingCodeDto, BindKinBody, BindSelfBody, BoundElderDto, BoundKinDto, ElderPathParams, KinChangedDto, KinCodeBody, KinConsentBody, KinDeedBody, RelativeParams, RelativesDto,
} from './family.dto.js';
import { MakeCode } from './make-code.js';
import { ViewRelatives, type RelativeView } from './view-relatives.js';

/** A relative as an answer carries one. */
export function shownRelative(one: RelativeView): RelativesDto['items'][number] {
  return { ...one, rights: [...one.rights] };
}

function proofOf({ cardNumber, name, bindingCode }: BindSelfBody): SelfForm['proof'] {
  if (bindingCode !== undefined && cardNumber === undefined && name === undefined) return { bindingCode };
  if (bindingCode === undefined && cardNumber !== undefined && name !== undefined) return { cardNumber, name };
  throw new ProblemException('bind-proof-wrong');
}

/** Elders and their relatives in the mini-program: who is bound to whom, and what is agreed to. */
@ApiTags('小程序')
@ApiBearerAuth()
@Controller('v1/mini')
export class MiniKinController {
  constructor(
    private readonly bindsSelf: BindSelf, private readonly bindsKin: BindKin, private readonly makes: MakeCode, private readonly changes: ChangeKin, private readonly views: ViewRelatives,
  ) {}

  @Post('bind-self')
  @HttpCode(200)
  @Allow('mini')
  @ApiOperation({ summary: '老人绑定自己：凭卡号和姓名，或社区给的绑定码' })
  @ApiOkResponse({ type: BoundElderDto })
  async bindSelf(@CurrentActor() actor: MiniActor, @Body() body: BindSelfBody, @Req() request: FastifyRequest): Promise<BoundElderDto> {
    return answer(await this.bindsSelf.run(actor, { id: body.id, proof: proofOf(body), address: request.ip }));
  }

  @Post('kin')
  @HttpCode(200)
  @Allow('mini')
  @ApiOperation({ summary: '家人绑定老人：凭老人给的绑定码；能看什么另由老人同意' })
  @ApiOkResponse({ type: BoundKinDto })
  async bindKin(@CurrentActor() actor: MiniActor, @Body() body: BindKinBody, @Req() request: FastifyRequest): Promise<BoundKinDto> {
    return answer(await this.bindsKin.run(actor, { ...body, phone: body.phone || null, address: request.ip }));
  }

  @Get('elders/:id/kin')
  @Allow('mini')
  @ApiOperation({ summary: '老人看自己的家人各能做什么，附授权告知书' })
  @ApiOkResponse({ type: RelativesDto })
  async relatives(@CurrentActor() actor: MiniActor, @Param() { id }: ElderPathParams): Promise<RelativesDto> {
    return { items: answer(await this.views.ofElder(actor, id)).map(shownRelative), notice: CONSENT_NOTICE };
  }

  @Post('elders/:id/binding-code')
  @HttpCode(200)
  @Allow('mini')
  @ApiOperation({ summary: '老人取一个给家人的绑定码，10 分钟内一次有效' })
  @ApiOkResponse({ type: BindingCodeDto })
  async code(@CurrentActor() actor: MiniActor, @Param() { id }: ElderPathParams, @Body() body: KinCodeBody): Promise<BindingCodeDto> {
    return answer(await this.makes.byElder(actor, id, { ...body, relation: body.relation ?? null, until: body.until ?? null }));
  }

  @Post('elders/:id/kin/:contactId/consent')
  @HttpCode(200)
  @Allow('mini')
  @ApiOperation({ summary: '老人同意一位家人看用餐、订餐或付款，到某一天' })
  @ApiOkResponse({ type: KinChangedDto })
  async consent(@CurrentActor() actor: MiniActor, @Param() { id, contactId }: RelativeParams, @Body() body: KinConsentBody): Promise<KinChangedDto> {
    return answer(await this.changes.consent(actor, id, contactId, body));
  }

  @Post('elders/:id/kin/:contactId/withdraw')
  @HttpCode(200)
  @Allow('mini')
  @ApiOperation({ summary: '老人收回一位家人的全部授权，并解除绑定，当场生效' })
  @ApiOkResponse({ type: KinChangedDto })
  async withdraw(@CurrentActor() actor: MiniActor, @Param() { id, contactId }: RelativeParams, @Body() body: KinDeedBody): Promise<KinChangedDto> {
    return answer(await this.changes.withdraw(actor, id, contactId, body.id));
  }

  @Post('elders/:id/leave')
  @HttpCode(200)
  @Allow('mini')
  @ApiOperation({ summary: '登录人自己解除与这位老人的绑定' })
  @ApiOkResponse({ type: BoundElderDto })
  async leave(@CurrentActor() actor: MiniActor, @Param() { id }: ElderPathParams, @Body() body: KinDeedBody): Promise<BoundElderDto> {
    return answer(await this.changes.leave(actor, id, body.id));
  }
}
