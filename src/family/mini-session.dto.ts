import type { CivilDate } from '../kernel/index.js';
import { RELATIONS, type Relation } from '../elder/index.js';
import { CivilDateField, IdField, ListOf, Nested, OneOf, Text, WholeField, WordsOf, YesNo } from '../platform/index.js';
import { KIN_RIGHTS, type KinRight } from './domain/index.js';

export class MiniLogInBody {
  @Text({ pattern: /^\d{6}$/, message: '应为 6 位城市代码', example: '371500' })
  cityCode: string;

  @Text({ max: 200, doc: 'wx.login 得到的 code，一次有效' })
  code: string;
}

export class MiniRefreshBody {
  @Text({ max: 100, doc: '续期令牌；每个只能用一次，答复丢失时 10 秒内可原样再试' })
  refreshToken: string;
}

export class MiniPhoneBody {
  @Text({ optional: true, max: 200, doc: 'getPhoneNumber 按钮得到的 code（不是登录的 code）' })
  code?: string;

  @Text({ optional: true, max: 30, doc: '微信给不出手机号时自己填的' })
  phone?: string;
}

export class MiniAccountDto {
  @IdField()
  accountId: string;

  @Text({ nullable: true, doc: '手机号，中间打星', example: '138****5678' })
  phone: string | null;

  @YesNo({ doc: '微信或工作人员核对过；自己填的不算' })
  phoneProven: boolean;
}

export class MiniKinDto {
  @IdField()
  elderId: string;

  @Text({ doc: '本人为全名，家人只见姓' })
  name: string;

  @Text({ nullable: true, doc: '登录人怎么称呼老人，几位老人各不相同；本人为空', example: '妈妈' })
  called: string | null;

  @YesNo({ doc: '是否老人本人' })
  self: boolean;

  @OneOf(RELATIONS, { nullable: true, doc: '登录人是老人的什么人；本人为空' })
  relation: Relation | null;

  @WordsOf(KIN_RIGHTS, { doc: '今天可以做什么：看用餐、订餐、付款' })
  rights: KinRight[];

  @CivilDateField({ nullable: true, doc: '授权的最后一天；本人为空' })
  until: CivilDate | null;
}

export class MiniMeDto {
  @Nested(() => MiniAccountDto)
  account: MiniAccountDto;

  @ListOf(() => MiniKinDto)
  kin: MiniKinDto[];
}

export class MiniTokensDto {
  @Text({ doc: '访问令牌，以 Authorization: Bearer 携带' })
  accessToken: string;

  @WholeField({ doc: '访问令牌还有多少秒' })
  expiresIn: number;

  @Text({ doc: '续期令牌' })
  refreshToken: string;
}

export class MiniLogInAnswer extends MiniTokensDto {
  @Nested(() => MiniAccountDto)
  account: MiniAccountDto;

  @ListOf(() => MiniKinDto)
  kin: MiniKinDto[];
}

export class MiniLoggedOutDto {
  @YesNo()
  loggedOut: boolean;
}

export class MiniAuthorizeQuery {
  @OneOf(['log-in', 'phone'], { optional: true, doc: '登录，或授权手机号；默认登录' })
  what?: 'log-in' | 'phone';

  @Text({ optional: true, max: 64, pattern: /^[\w.-]+$/, doc: '原样带回' })
  state?: string;
}

export class MiniCashierQuery {
  @Text({ max: 128, pattern: /^[\w.-]+$/, message: '应为下单时给的预支付编号', doc: 'wx.requestPayment 参数 package 里的编号' })
  prepayId: string;
}
