import type { CivilDate } from '../kernel/index.js';
import { CivilDateField, CivilMonthField, FenField, IdField, ListOf, MomentField, Nested, OneOf, PageQuery, Text, Texts, WholeField, WordsOf, YesNo } from '../platform/index.js';
import { ALWAYS_LOOKED_AT, DRAWN_BY_LOT } from './domain/index.js';
import { VERDICTS, type Verdict } from './meal.store.js';

const REASONS = [...ALWAYS_LOOKED_AT, DRAWN_BY_LOT] as const;
const MOST_OF_A_DAY = 20_000;

export class ReviewListQuery extends PageQuery {
  @IdField({ optional: true })
  siteId?: string;

  @CivilDateField({ optional: true, doc: '用餐首日；不填为末日前 31 天' })
  from?: CivilDate;

  @CivilDateField({ optional: true, doc: '用餐末日；不填为今天' })
  to?: CivilDate;
}

export class ReviewQueryDto extends ReviewListQuery {
  @OneOf(['open', 'done', 'all'], { optional: true, name: 'ReviewState', doc: 'open 待核（默认），done 已核，all 全部' })
  state?: 'open' | 'done' | 'all';

  @OneOf(REASONS, { optional: true, name: 'ReviewReason', doc: '只看因此入选的' })
  reason?: string;
}

export class ReviewParams {
  @IdField()
  tapId: string;
}

export class DrawParams {
  @Text({ max: 12, pattern: /^\d{1,12}$/, message: '应为封存序号' })
  logIndex: string;
}

export class FindingBody {
  @IdField()
  id: string;

  @OneOf(VERDICTS, { name: 'Verdict', doc: 'ok 属实，unconfirmed 无法确认，wrong 不属实；不动账，不属实的另行撤销或更正' })
  verdict: Verdict;

  @Text({ max: 500, doc: '怎样核的、结果如何；不写姓名、电话和证件号' })
  note: string;
}

export class FindingAnswerDto {
  @IdField()
  findingId: string;

  @IdField()
  tapId: string;

  @OneOf(VERDICTS, { name: 'Verdict' })
  verdict: Verdict;
}

export class ReviewFindingDto {
  @IdField()
  findingId: string;

  @OneOf(VERDICTS, { name: 'Verdict' })
  verdict: Verdict;

  @Text({ max: 500 })
  note: string;

  @MomentField()
  foundAt: string;

  @Text()
  foundBy: string;
}

export class FindingHistory {
  @ListOf(() => ReviewFindingDto, { max: 1_000 })
  items: ReviewFindingDto[];
}

export class ReviewMealDto {
  @IdField()
  tapId: string;

  @IdField()
  siteId: string;

  @Text()
  siteName: string;

  @CivilDateField()
  mealDate: CivilDate;

  @Text()
  mealPeriod: string;

  @MomentField()
  deviceTime: string;

  @WordsOf(REASONS, { doc: '为何入选：标记，或 random 随机抽中' })
  reasons: readonly string[];

  @Texts({ doc: '这一餐的全部标记' })
  flags: readonly string[];

  @OneOf(['photo', 'companion', 'number'], { nullable: true, name: 'Presence', doc: '收银员怎样核实本人；null 为未核实或无须核实' })
  presence: string | null;

  @IdField({ nullable: true })
  elderId: string | null;

  @IdField()
  terminalId: string;

  @WholeField({ nullable: true, max: Number.MAX_SAFE_INTEGER })
  journalNumber: number | null;

  @YesNo()
  offline: boolean;

  @FenField()
  priceFen: number;

  @FenField()
  selfPayFen: number;

  @FenField()
  subsidyFen: number;

  @YesNo({ doc: '已撤销' })
  voided: boolean;

  @Nested(() => ReviewFindingDto, { nullable: true, doc: '最近一次核查结果；null 为待核' })
  finding: ReviewFindingDto | null;
}

export class ReviewPage {
  @ListOf(() => ReviewMealDto, { max: 500 })
  items: ReviewMealDto[];

  @Text({ nullable: true, max: 400 })
  nextCursor: string | null;
}

export class DrawDto {
  @WholeField({ doc: '封存日志中的序号' })
  logIndex: number;

  @IdField()
  siteId: string;

  @Text()
  siteName: string;

  @CivilDateField()
  mealDate: CivilDate;

  @Text({ doc: '抽样办法', example: 'sample-1' })
  rule: string;

  @WholeField({ max: 10_000, doc: '随机抽查比例，万分之几' })
  rateBasisPoints: number;

  @WholeField({ max: 1_000, doc: '随机抽查至少几餐' })
  least: number;

  @WholeField({ doc: '这次封存新含的用餐数' })
  meals: number;

  @WholeField({ doc: '因标记入选' })
  marked: number;

  @WholeField({ doc: '随机抽中' })
  byLot: number;

  @WholeField({ doc: '已核' })
  lookedAt: number;
}

export class DrawPage {
  @ListOf(() => DrawDto, { max: 500 })
  items: DrawDto[];

  @Text({ nullable: true, max: 400 })
  nextCursor: string | null;
}

export class SealedMealDto {
  @IdField()
  tapId: string;

  @Texts()
  flags: readonly string[];
}

export class SampledMealDto {
  @IdField()
  tapId: string;

  @Texts()
  reasons: readonly string[];
}

export class DrawProofDto {
  @Nested(() => DrawDto)
  draw: DrawDto;

  @CivilMonthField()
  bookedMonth: string;

  @WholeField({ doc: '当日第几次封存' })
  seq: number;

  @Text({ min: 64, max: 64, doc: '种子：当日封存的默克尔树根（十六进制）' })
  seed: string;

  @Texts({ doc: '必查的标记' })
  always: readonly string[];

  @Text({ max: 500, doc: '抽签办法' })
  lot: string;

  @ListOf(() => SealedMealDto, { max: MOST_OF_A_DAY })
  meals: SealedMealDto[];

  @ListOf(() => SampledMealDto, { max: MOST_OF_A_DAY })
  sample: SampledMealDto[];
}

export class RuleBody {
  @IdField()
  id: string;

  @CivilDateField({ doc: '从哪一天的用餐起执行；最早明天' })
  fromDate: CivilDate;

  @WholeField({ max: 10_000, doc: '随机抽查比例，万分之几' })
  rateBasisPoints: number;

  @WholeField({ max: 1_000, doc: '每点每日至少几餐' })
  least: number;
}

export class RuleDto {
  @CivilDateField({ nullable: true, doc: 'null 为系统默认' })
  fromDate: CivilDate | null;

  @WholeField({ max: 10_000 })
  rateBasisPoints: number;

  @WholeField({ max: 1_000 })
  least: number;
}

export class RuleList {
  @ListOf(() => RuleDto, { max: 1_000, doc: '最新的在前，最后一条为默认' })
  items: RuleDto[];
}
