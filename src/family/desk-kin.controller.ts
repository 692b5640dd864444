import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, answer, CurrentActor, type StaffActor } from '../platform/index.js';
import { ChangeKin, type Withdrawn } from './change-kin.js';
import { BindingCodeDto, BoundAccountsDto, ElderPathParams, KinWithdrawBody, KinWithdrawnDto, PhoneRecordedDto, StaffCodeBody, StaffPhoneBody } from './family.dto.js';
import { MakeCode } from './make-code.js';
import { shownRelative } from './mini-kin.controller.js';
import { RecordPhone } from './record-phone.js';
import { ViewRelatives } from './view-relatives.js';

/** Who helps elders at a desk. */
const DESK = ['communityWorker', 'townshipOfficer', 'countyOfficer'] as const;

function whom(contactId: string | null): Withdrawn {
  return contactId === null ? { self: true } : { contactId };
}

/** Elders' accounts and relatives, for those who help at a desk. */
@ApiTags('老人')
@ApiBearerAuth()
@Controller('v1/elders')
export class DeskKinController {
  constructor(private readonly makes: MakeCode, private readonly changes: ChangeKin, private readonly views: ViewRelatives, private readonly records: RecordPhone) {}

  @Post(':id/binding-code')
  @HttpCode(200)
  @Allow(...DESK)
  @ApiOperation({ summary: '给老人或家人一个绑定码，30 分钟内一次有效' })
  @ApiOkResponse({ type: BindingCodeDto })
  async code(@CurrentActor() actor: StaffActor, @Param() { id }: ElderPathParams, @Body() body: StaffCodeBody): Promise<BindingCodeDto> {
    return answer(await this.makes.byStaff(actor, id, { ...body, contactId: body.contactId ?? null }));
  }

  @Get(':id/accounts')
  @Allow(...DESK)
  @ApiOperation({ summary: '老人和家人谁绑定了微信，各能做什么' })
  @ApiOkResponse({ type: BoundAccountsDto })
  async accounts(@CurrentActor() actor: StaffActor, @Param() { id }: ElderPathParams): Promise<BoundAccountsDto> {
    const { self, relatives } = answer(await this.views.forStaff(actor, id));
    return { self, relatives: relatives.map(shownRelative) };
  }

  @Post(':id/accounts/withdraw')
  @HttpCode(200)
  @Allow(...DESK)
  @ApiOperation({ summary: '应老人要求收回一位家人的授权，或解除老人本人的微信' })
  @ApiOkResponse({ type: KinWithdrawnDto })
  async withdraw(@CurrentActor() actor: StaffActor, @Param() { id }: ElderPathParams, @Body() body: KinWithdrawBody): Promise<KinWithdrawnDto> {
    return answer(await this.changes.withdrawByStaff(actor, id, whom(body.contactId), body.id));
  }

  @Post(':id/accounts/phone')
  @HttpCode(200)
  @Allow(...DESK)
  @ApiOperation({ summary: '登记已绑定微信的手机号（微信没有给出时）' })
  @ApiOkResponse({ type: PhoneRecordedDto })
  async phone(@CurrentActor() actor: StaffActor, @Param() { id }: ElderPathParams, @Body() { id: deed, contactId, phone }: StaffPhoneBody): Promise<PhoneRecordedDto> {
    return answer(await this.records.run(actor, id, whom(contactId), { id: deed, phone }));
  }
}
