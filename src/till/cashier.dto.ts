import { IdField, ListOf, MomentField, Text, WholeField } from '../platform/index.js';

const BASE64 = /^[A-Za-z0-9+/=_-]+$/;

export class CashierBody {
  @IdField()
  id: string;

  @IdField({ doc: '终端' })
  terminalId: string;

  @Text({ max: 20, doc: '收银员姓名，显示在登录页' })
  name: string;

  @Text({ min: 6, max: 6, doc: '6 位数字' })
  pin: string;
}

export class CashierDto {
  @IdField()
  cashierId: string;

  @IdField()
  terminalId: string;

  @Text()
  name: string;
}

export class CashiersDto {
  @ListOf(() => CashierDto)
  items: CashierDto[];
}

export class CashierParams {
  @IdField()
  id: string;
}

export class RemoveCashierBody {
  @IdField()
  id: string;

  @Text({ max: 200 })
  reason: string;
}

export class CashierRemovedDto {
  @IdField()
  cashierId: string;
}

export class PinBody {
  @IdField()
  cashierId: string;

  @Text({ min: 6, max: 6 })
  pin: string;
}

export class CashierInDto {
  @IdField()
  cashierId: string;

  @Text()
  name: string;

  @Text({ pattern: BASE64, doc: 'base64' })
  salt: string;

  @WholeField({ doc: 'PBKDF2-SHA256 的迭代次数，得 32 字节密钥' })
  iterations: number;

  @Text({ pattern: BASE64, doc: 'base64；HMAC-SHA256(密钥, "xingfu pin verifier")，供断网时核对' })
  verifier: string;

  @MomentField({ doc: '此后须联网登录' })
  verifierUntil: string;
}
