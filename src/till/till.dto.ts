import { ApiProperty } from '@nestjs/swagger';
import { CivilDateField, DecimalField, FenField, IdField, ListOf, MomentField, Nested, OneOf, Text, WholeField, YesNo } from '../platform/index.js';

const MOST_MS = 9_000_000_000_000;

/** A till that asks for what changed. */
export class RosterQuery {
  @WholeField({ optional: true, min: 0, max: MOST_MS, doc: '已有的版本；不填取全部' })
  since?: number;

  @WholeField({ optional: true, min: 1, doc: '已有数据所属的密钥代数；与终端现用的不同时取全部' })
  generation?: number;

  @Text({ optional: true, max: 400, doc: '上一页返回的 next' })
  cursor?: string;
}

/** A person on a roster, in short names since there are many. */
export class TillRowDto {
  @Text({ doc: '卡在本终端的代号' })
  h: string;

  @Text({ doc: '姓' })
  n: string;

  @OneOf(['f', 'm'], { name: 'Title', doc: '称呼：女、男' })
  t: 'f' | 'm';

  @WholeField({ optional: true, doc: '1：近期在此用餐' })
  r?: number;

  @OneOf(['lost', 'frozen'], { optional: true, name: 'CardHeld', doc: '挂失或冻结，按原价' })
  x?: 'lost' | 'frozen';

  @ApiProperty({ type: 'array', items: { type: 'array', items: { type: 'string' } }, description: '起始日（空为名册当日）、办法版本键、答案' })
  s: string[][];

  @ApiProperty({ type: 'array', items: { type: 'array', items: {} }, description: '计数：规则、周期、次数、分' })
  u: unknown[][];
}

/** A page of a roster; `x-till-signature` is the server's Ed25519 signature over its bytes. */
export class RosterPageDto {
  @WholeField()
  format: number;

  @IdField()
  siteId: string;

  @IdField()
  terminalId: string;

  @WholeField({ doc: '代号所属的密钥代数' })
  generation: number;

  @WholeField({ doc: '名册版本，下次以 since 带上' })
  version: number;

  @WholeField({ nullable: true, doc: '相对哪个版本；null 为全部' })
  since: number | null;

  @WholeField({ max: MOST_MS, doc: '生成时间，1970 年以来的毫秒数' })
  asOf: number;

  @WholeField({ max: MOST_MS, doc: '此前离线补贴有保障' })
  guaranteedUntil: number;

  @WholeField({ max: MOST_MS, doc: '此后只按原价，名册应删除' })
  expiresAt: number;

  @CivilDateField()
  coversTo: string;

  @WholeField({ max: Number.MAX_SAFE_INTEGER, doc: '本终端此号及以前的流水已计入' })
  countedTo: number;

  @ApiProperty({ type: [String] })
  versionKeys: string[];

  @ApiProperty({ type: () => TillRowDto, isArray: true })
  rows: TillRowDto[];

  @ApiProperty({ type: [String] })
  gone: string[];

  @Text({ nullable: true })
  next: string | null;
}

export class LostCardPageDto {
  @WholeField()
  format: number;

  @IdField()
  terminalId: string;

  @WholeField()
  generation: number;

  @WholeField({ nullable: true, max: MOST_MS })
  since: number | null;

  @WholeField({ max: MOST_MS, doc: '下次以 since 带上' })
  version: number;

  @ApiProperty({ type: [String], description: '挂失、冻结、换发、注销的卡' })
  lost: string[];

  @ApiProperty({ type: [String], description: '已恢复的卡' })
  cleared: string[];

  @Text({ nullable: true })
  next: string | null;
}

export class TillLimitsDto {
  @FenField({ doc: '离线时单笔补贴上限' })
  tapFen: number;

  @FenField({ doc: '离线时一位老人一天补贴上限' })
  elderDayFen: number;

  @FenField({ doc: '离线时一台终端一天补贴上限' })
  deviceDayFen: number;

  @WholeField({ max: 100_000, doc: '离线时一台终端一天笔数上限' })
  deviceDayTaps: number;

  @WholeField({ max: 1_000, doc: '一台终端一天忘带卡查找次数上限' })
  enteredDayDevice: number;
}

export class TillBalanceDto {
  @FenField({ doc: '卡内余额；只在老人要求时给收银员看' })
  balanceFen: number;
}

export class CatalogueDto {
  @WholeField()
  format: number;

  @YesNo({ optional: true, doc: '今天可用卡内余额支付；没有开通时不出现' })
  prepayment?: boolean;

  @YesNo({ optional: true, doc: '可用微信付款码收个人支付；没有接通时不出现' })
  payCode?: boolean;

  @ApiProperty({ type: Object, description: '本助餐点' })
  site: object;

  @ApiProperty({ type: [Object], description: '今后三十天是否工作日' })
  days: object[];

  @ApiProperty({ type: [Object], description: '现行和将要执行的价目表' })
  priceLists: object[];

  @Nested(() => TillLimitsDto)
  limits: TillLimitsDto;

  @ApiProperty({ type: Object, description: '补贴办法，按版本键；不含对人的条件' })
  versions: object;
}

export class PointDto {
  @DecimalField({ min: -180, max: 180 })
  longitude: number;

  @DecimalField({ min: -90, max: 90 })
  latitude: number;
}

export class OpeningBody {
  @IdField()
  id: string;

  @Text({ max: 40, doc: '收银程序版本' })
  version: string;

  @WholeField({ max: MOST_MS, doc: '终端时钟，1970 年以来的毫秒数' })
  time: number;

  @WholeField({ max: 1_000_000, doc: '尚未上传的笔数' })
  unsent: number;

  @Nested(() => PointDto, { optional: true, doc: '设备位置，仅作提示' })
  place?: PointDto;
}

export class OpeningDto {
  @MomentField()
  serverTime: string;

  @IdField()
  terminalId: string;

  @Text()
  label: string;

  @IdField()
  siteId: string;

  @Text()
  siteName: string;

  @WholeField()
  generation: number;

  @MomentField({ doc: '终端密钥应在此前更换' })
  keyDueAt: string;

  @Text({ doc: 'base64；HMAC-SHA256(cardKey, 卡号) 的十六进制为卡的摘要' })
  cardKey: string;

  @Text({ doc: 'base64；HMAC-SHA256(rosterKey, 摘要) 的 base64url 前 22 位为代号' })
  rosterKey: string;

  @Text({ doc: 'base64url；名册、挂失名单、通行码的 Ed25519 公钥' })
  signatureKey: string;

  @Text({ doc: 'base64url；P-256 公钥，导出未上传的流水时密封用' })
  exportKey: string;

  @WholeField({ nullable: true, doc: '与助餐点的距离（米）' })
  metresAway: number | null;

  @YesNo({ doc: '距离过远' })
  far: boolean;
}

export class CardBody {
  @Text({ max: 40, doc: '卡号' })
  number: string;
}

export class SearchBody {
  @IdField()
  id: string;

  @Text({ max: 20, doc: '姓' })
  surname: string;

  @Text({ min: 4, max: 4, pattern: /^\d{4}$/, message: '应为手机号后四位', doc: '手机号后四位' })
  phoneTail: string;
}

export class CandidateDto {
  @Text()
  surname: string;

  @OneOf(['f', 'm'], { name: 'Title' })
  title: 'f' | 'm';

  @Text({ doc: '卡号后四位' })
  cardTail: string;

  @Text({ max: 400, doc: '记账时以 credential.note 带上' })
  note: string;

  @MomentField()
  noteUntil: string;

  @Nested(() => TillRowDto)
  row: TillRowDto;
}

export class FoundDto {
  @ListOf(() => CandidateDto)
  candidates: CandidateDto[];

  @YesNo({ doc: '还有其他人' })
  more: boolean;
}

export class LimitsBody extends TillLimitsDto {
  @IdField()
  id: string;
}
