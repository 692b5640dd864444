import { CivilDateField, IdField, ListOf, MomentField, Nested, OneOf, Text, WholeField } from '../platform/index.js';
import { MEAL_PERIODS, type MealPeriod } from '../subsidy/domain/index.js';
import { TillRowDto } from './till.dto.js';

export class CodeElderParams {
  @IdField({ doc: '老人编号' })
  id: string;
}

export class ShownCodeDto {
  @Text({ max: 40, doc: '画成二维码的文字' })
  text: string;

  @Text({ max: 20, doc: '不能扫码时念给收银员的数字' })
  digits: string;

  @MomentField({ doc: '此后不能再用；最长 60 秒，只能用一次' })
  expiresAt: string;

  @WholeField({ doc: '过这么多秒再取下一个' })
  nextAfter: number;
}

export class OfflineSecretBody {
  @IdField({ doc: '这次操作的编号；没有收到答复时以同一编号再取' })
  id: string;
}

export class OfflineSecretDto {
  @Text({ max: 40, doc: '密钥，base64url；每次登录只给一次，只存在本机' })
  secret: string;

  @WholeField({ doc: '9 位，写在动态数字前面' })
  locator: number;

  @WholeField({ doc: '每个动态数字管这么多秒（RFC 6238，HMAC-SHA-1，6 位）' })
  stepSeconds: number;

  @MomentField({ doc: '服务器时间，用来校准手机的时钟' })
  serverTime: string;
}

export class PassBody {
  @IdField({ doc: '通行码的编号' })
  id: string;

  @IdField({ doc: '在哪个助餐点用' })
  siteId: string;
}

export class PassDto {
  @Text({ max: 8_000, doc: '画成二维码的文字，由服务器签名' })
  text: string;

  @MomentField({ doc: '此后不能再用；当天有效，只能用一餐' })
  expiresAt: string;
}

export class RedeemBody {
  @Text({ min: 4, max: 60, doc: '扫到或键入的用餐码' })
  code: string;

  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' })
  mealPeriod: MealPeriod;
}

export class RedeemedDto {
  @Text({ max: 400, doc: '记账时代替卡号的凭据，只在本终端有效' })
  note: string;

  @MomentField()
  noteUntil: string;

  @Nested(() => TillRowDto)
  row: TillRowDto;
}

export class PrintBody {
  @IdField({ doc: '新码的编号；同号再取得到同一张' })
  id: string;
}

export class PrintedCodeDto {
  @IdField()
  codeId: string;

  @Text({ max: 40, doc: '画成二维码的文字' })
  text: string;

  @Text({ max: 20, doc: '印在二维码下面的数字' })
  digits: string;

  @CivilDateField()
  goodUntil: string;
}

export class PrintedLineDto {
  @IdField()
  codeId: string;

  @MomentField()
  issuedAt: string;

  @CivilDateField()
  goodUntil: string;

  @MomentField({ nullable: true, doc: '作废时间；null 为有效' })
  revokedAt: string | null;

  @Text({ nullable: true, max: 200 })
  reason: string | null;
}

export class PrintedListDto {
  @ListOf(() => PrintedLineDto)
  items: PrintedLineDto[];
}

export class PrintedParams extends CodeElderParams {
  @IdField()
  codeId: string;
}

export class RevokeBody {
  @IdField()
  id: string;

  @Text({ max: 200, doc: '作废原因' })
  reason: string;
}

export class RevokedDto {
  @IdField()
  codeId: string;
}
