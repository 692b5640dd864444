import type { CivilDate } from '../kernel/index.js';
import { RELATIONS, type Relation } from '../elder/index.js';
import { CivilDateField, IdField, ListOf, MomentField, Nested, OneOf, Text, WordsOf, YesNo } from '../platform/index.js';
import { CODE_PURPOSES, KIN_RIGHTS, type CodePurpose, type KinRight } from './domain/index.js';

export class BindSelfBody {
  @IdField()
  id: string;

  @Text({ optional: true, max: 40, doc: '卡号，和姓名一起填' })
  cardNumber?: string;

  @Text({ optional: true, max: 60 })
  name?: string;

  @Text({ optional: true, max: 20, doc: '社区工作人员给的绑定码，8 位数字' })
  bindingCode?: string;
}

export class BoundElderDto {
  @IdField()
  elderId: string;
}

export class BindKinBody {
  @IdField()
  id: string;

  @Text({ max: 20, doc: '老人给的绑定码，8 位数字', example: '1234 5678' })
  bindingCode: string;

  @Text({ max: 60, doc: '家人自己的姓名' })
  name: string;

  @OneOf(RELATIONS, { name: 'Relation', doc: '是老人的什么人' })
  relation: Relation;

  @Text({ optional: true, min: 0, max: 30, doc: '手机号；已授权微信手机号的不用填' })
  phone?: string;
}

export class BoundKinDto extends BoundElderDto {
  @IdField()
  contactId: string;
}

export class KinCodeBody {
  @IdField()
  id: string;

  @OneOf(RELATIONS, { optional: true, nullable: true, doc: '给哪种家人；空为由家人自己填' })
  relation?: Relation | null;

  @WordsOf(KIN_RIGHTS, { doc: '家人输入后即可做什么；空为先绑定，以后再同意' })
  scopes: KinRight[];

  @CivilDateField({ optional: true, nullable: true, doc: '同意到哪一天（最多三年）；scopes 为空时不填' })
  until?: CivilDate | null;
}

export class BindingCodeDto {
  @Text({ doc: '8 位数字，一次有效' })
  code: string;

  @MomentField()
  expiresAt: string;
}

export class KinConsentBody {
  @IdField()
  id: string;

  @WordsOf(KIN_RIGHTS, { min: 1, doc: '同意哪几项；每次写全，不与以前的相加' })
  scopes: KinRight[];

  @CivilDateField({ doc: '最后一天（最多三年）' })
  until: CivilDate;
}

export class KinDeedBody {
  @IdField()
  id: string;
}

export class KinChangedDto {
  @IdField()
  contactId: string;
}

export class RelativeParams {
  @IdField()
  id: string;

  @IdField()
  contactId: string;
}

export class ElderPathParams {
  @IdField()
  id: string;
}

export class RelativeRightsDto {
  @IdField()
  contactId: string;

  @OneOf(RELATIONS)
  relation: Relation;

  @WordsOf(KIN_RIGHTS)
  rights: KinRight[];

  @CivilDateField({ nullable: true })
  until: CivilDate | null;
}

export class TillRelativeDto extends RelativeRightsDto {
  @Text({ nullable: true, doc: '同一称呼有几位时，用来分清的话', example: '尾号 5678' })
  mark: string | null;
}

export class RelativeDto extends RelativeRightsDto {
  @Text({ doc: '只见姓；老人自己看、有几位同姓时，多到分得清为止' })
  name: string;

  @Text({ doc: '中间打星' })
  phone: string;

  @YesNo({ doc: '是否已绑定微信' })
  bound: boolean;
}

export class ConsentNoticeDto {
  @Text()
  version: string;

  @Text({ max: 1000, doc: '同意前请老人读，或念给老人听' })
  text: string;
}

export class RelativesDto {
  @ListOf(() => RelativeDto)
  items: RelativeDto[];

  @Nested(() => ConsentNoticeDto)
  notice: ConsentNoticeDto;
}

export class BoundAccountsDto {
  @YesNo({ doc: '老人本人是否绑定了微信' })
  self: boolean;

  @ListOf(() => RelativeDto)
  relatives: RelativeDto[];
}

export class StaffCodeBody {
  @IdField()
  id: string;

  @OneOf(CODE_PURPOSES, { name: 'CodePurpose', doc: '给老人本人（self）或家人（kin）' })
  purpose: CodePurpose;

  @IdField({ optional: true, nullable: true, doc: '给哪一位已登记的联系人' })
  contactId?: string | null;
}

export class StaffPhoneBody {
  @IdField()
  id: string;

  @IdField({ nullable: true, doc: '哪位家人的微信；空为老人本人的' })
  contactId: string | null;

  @Text({ max: 30 })
  phone: string;
}

export class KinWithdrawBody {
  @IdField()
  id: string;

  @IdField({ nullable: true, doc: '收回哪位家人的；空为解除老人本人的微信' })
  contactId: string | null;
}

export class KinWithdrawnDto {
  @YesNo()
  withdrawn: boolean;
}

export class PhoneRecordedDto {
  @YesNo()
  recorded: boolean;
}

export class TillKinBody {
  @Text({ max: 40, doc: '卡号' })
  number: string;
}

export class TillKinCodeBody extends KinCodeBody {
  @Text({ max: 40, doc: '卡号' })
  number: string;
}

export class TillKinWithdrawBody extends KinWithdrawBody {
  @Text({ max: 40, doc: '卡号' })
  number: string;
}

export class TillKinDto {
  @YesNo({ doc: '老人本人是否绑定了微信' })
  self: boolean;

  @ListOf(() => TillRelativeDto)
  relatives: TillRelativeDto[];

  @Nested(() => ConsentNoticeDto)
  notice: ConsentNoticeDto;
}
