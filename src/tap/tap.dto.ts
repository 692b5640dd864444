import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, Equals, IsArray, IsObject, IsOptional } from 'class-validator';
import { CivilDateField, CivilMonthField, FenField, IdField, ListOf, MomentField, Nested, OneOf, Text, Texts, WholeField } from '../platform/index.js';
import { EATERS, type Eater } from '../menu/domain/index.js';
import { MEAL_PERIODS, type MealPeriod } from '../subsidy/domain/index.js';
import { ADJUSTMENT_CAUSES, type AdjustmentCause } from './adjust-meal.js';
import { PRESENCES, TENDERS, type Presence, type Tender } from './domain/index.js';

/** Said or left out; there is no third. */
function OnlyTrue({ doc }: { readonly doc: string }): PropertyDecorator {
  return applyDecorators(ApiProperty({ type: Boolean, enum: [true], required: false, description: doc }), IsOptional(), Equals(true, { message: '应为 true，或不填' }));
}

const HASH = /^[0-9a-f]{64}$/;
export const MOST_QUANTITY = 200;
export const MOST_UPLOADED = 500;
/** Taken as it comes, within bounds: a wrong signature is looked into later and loses no sale. */
const SIGNATURE = { optional: true, min: 0, max: 200, doc: '收银机以自己的 P-256 密钥对本笔流水哈希（32 字节）的签名，r||s 共 64 字节，base64url；不属于这笔用餐的内容' };

export class CredentialDto {
  @OneOf(['card', 'guest', 'entered', 'booking', 'code'], { doc: 'card：刷卡；guest：散客，原价；entered：忘带卡，查找后代记；booking：凭取餐码；code：凭用餐码' })
  kind: 'card' | 'guest' | 'entered' | 'booking' | 'code';

  @Text({ optional: true, max: 40, doc: '卡号；kind 为 card 时必填' })
  number?: string;

  @Text({ optional: true, max: 400, doc: '查找、预订名单、兑换用餐码或通行码所给的凭据；kind 为 entered、booking、code 时必填' })
  note?: string;
}

export class TapItemDto {
  @Text({ max: 40, doc: '价目表中的编码' })
  itemCode: string;

  @WholeField({ min: 1, max: MOST_QUANTITY })
  quantity: number;

  @OnlyTrue({ doc: '半份；只有持卡老人自己的餐，且价目表有半份价' })
  half?: true;

  @OneOf(EATERS, { name: 'Eater', optional: true, doc: 'relative：陪餐亲属，按亲属价；guest：同桌散客，按散客价；不填为持卡老人或散客本人。陪餐部分全额自付，不计补贴' })
  for?: Eater;
}

export class ShownSplitDto {
  @FenField({ doc: '收银机显示的个人支付' })
  selfPayFen: number;

  @FenField({ doc: '收银机显示的补贴' })
  subsidyFen: number;
}

export class TapBody {
  @IdField({ doc: '收银机生成并先行保存的编号；同号同内容永远得到第一次的答复' })
  id: string;

  @Nested(() => CredentialDto)
  credential: CredentialDto;

  @ListOf(() => TapItemDto, { min: 1, max: 20 })
  items: TapItemDto[];

  @WholeField({ min: 1, doc: '收银机所用价目表的版本' })
  priceListVersion: number;

  @Text({ optional: true, max: 60, doc: '收银机计算所用的补贴办法版本' })
  packVersion?: string;

  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' })
  mealPeriod: MealPeriod;

  @MomentField({ doc: '用餐时间，按收银机时钟' })
  deviceTime: string;

  @WholeField({ min: 1, max: Number.MAX_SAFE_INTEGER, doc: '收银机流水号，从 1 起连续' })
  journalNumber: number;

  @Text({ min: 64, max: 64, pattern: HASH, message: '应为 64 位小写十六进制', doc: '上一笔流水的哈希；第一笔为 64 个 0' })
  prevHash: string;

  @OneOf(TENDERS, { name: 'Tender' })
  tender: Tender;

  @OneOf(PRESENCES, { name: 'Presence', optional: true, doc: '免费餐的第二次核实：photo 核对照片，companion 同来的人确认，number 由老人报出卡号；没有核实照样用餐，事后必查' })
  presence?: Presence;

  @IdField({ optional: true, doc: '这笔用餐取走的预订；已取走或已取消的照常记账，事后核查' })
  bookingId?: string;

  @FenField({ optional: true, doc: '断网时按预订名单认作已付的金额；只用于 tender 为 booked' })
  paidFen?: number;

  @Nested(() => ShownSplitDto, { optional: true, doc: '收银机向老人显示的金额' })
  shown?: ShownSplitDto;

  @Nested(() => ShownSplitDto, { optional: true, doc: '只用于重新上传：系统恢复以前对这笔用餐答复过的金额，老人已按此付款；不属于这笔用餐的内容' })
  told?: ShownSplitDto;

  @Text(SIGNATURE)
  signature?: string;
}

export class UploadBody {
  // Each is checked on its own, so that a malformed one cannot hold up the others.
  @ApiProperty({ type: () => TapBody, isArray: true, minItems: 1, maxItems: MOST_UPLOADED, description: '离线期间记下的用餐，逐笔答复' })
  @IsArray({ message: '应为列表' })
  @ArrayMinSize(1, { message: '至少 1 项' })
  @ArrayMaxSize(MOST_UPLOADED, { message: `最多 ${MOST_UPLOADED} 项，请分批上传` })
  @IsObject({ each: true, message: '每项应为对象' })
  taps: object[];
}

export class FundingDto {
  @Text({ doc: '资金方编码', example: 'county@371502' })
  funderCode: string;

  @Text({ doc: '收据上的简称', example: '区' })
  name: string;

  @FenField()
  fen: number;
}

export class TapAnswerDto {
  @OneOf(['accepted', 'refused'], { name: 'TapOutcome' })
  outcome: 'accepted' | 'refused';

  @IdField()
  tapId: string;

  @Text({ nullable: true, doc: '未记账的原因，或没有补贴的原因；有补贴时为 null' })
  code: string | null;

  @Text({ max: 300 })
  sentence: string;

  @FenField()
  priceFen: number;

  @FenField()
  selfPayFen: number;

  @FenField()
  subsidyFen: number;

  @FenField({ doc: '离线差额，暂由助餐点承担，待核' })
  siteBorneFen: number;

  @ListOf(() => FundingDto)
  funding: FundingDto[];

  @Texts({ doc: '需要人工留意的标记' })
  flags: string[];

  @CivilDateField()
  mealDate: string;

  @CivilMonthField({ doc: '记账月份' })
  bookedMonth: string;

  @FenField({ optional: true, doc: '只在付款方式为 booked（预订时已付）时有：还要收的现金' })
  dueFen?: number;
}

export class TapProblemDto {
  @Text()
  code: string;

  @Text({ max: 300 })
  title: string;
}

export class UploadResultDto {
  @Text({ nullable: true, max: 64 })
  tapId: string | null;

  @WholeField({ doc: '单独提交时的 HTTP 状态' })
  status: number;

  @Nested(() => TapAnswerDto, { nullable: true })
  answer: TapAnswerDto | null;

  @Nested(() => TapProblemDto, { nullable: true, doc: '没有记账时的原因，完整格式见 /errors' })
  problem: object | null;
}

export class UploadAnswerDto {
  @Text({ doc: '数据库的纪元：与上次不同表示系统曾从备份恢复或切换过，收银机应把最近三天的流水重新上传' })
  epoch: string;

  @ListOf(() => UploadResultDto, { max: MOST_UPLOADED })
  results: UploadResultDto[];
}

export class TapParams {
  @IdField()
  id: string;
}

export class VoidBody {
  @IdField({ doc: '撤销本身的编号' })
  id: string;

  @Text({ max: 200, doc: '撤销原因' })
  reason: string;

  @WholeField({ optional: true, min: 1, max: Number.MAX_SAFE_INTEGER, doc: '收银机撤销时的流水号' })
  journalNumber?: number;

  @Text({ optional: true, min: 64, max: 64, pattern: HASH, message: '应为 64 位小写十六进制' })
  prevHash?: string;

  @MomentField({ optional: true, doc: '收银机离线撤销的时间，按收银机时钟；不填即为现在' })
  deviceTime?: string;

  @Text(SIGNATURE)
  signature?: string;
}

export class VoidAnswerDto {
  @IdField()
  voidId: string;

  @IdField()
  tapId: string;

  @CivilMonthField()
  bookedMonth: string;

  @FenField({ doc: '应退还给老人的金额' })
  returnedFen: number;

  @Text({ max: 300 })
  sentence: string;
}

export class AdjustBody {
  @IdField()
  id: string;

  @OneOf(ADJUSTMENT_CAUSES, { name: 'AdjustmentCause' })
  cause: AdjustmentCause;

  @Text({ max: 200 })
  reason: string;
}

export class AdjustAnswerDto {
  @IdField()
  adjustmentId: string;

  @IdField()
  tapId: string;

  @CivilMonthField()
  bookedMonth: string;

  @FenField({ min: -100_000_000_000, doc: '资金方负担的变化，负数为减少' })
  subsidyFen: number;
}
