import type { CivilDate } from '../kernel/index.js';
import { CivilDateField, DivisionCodeField, FenField, IdField, ListOf, MomentField, Nested, OneOf, PageQuery, Text, WholeField } from '../platform/index.js';
import { FACTS, type Facts } from './replay.store.js';

const ANYTHING = /[\s\S]*/u;
const FILE = { max: 200_000, pattern: ANYTHING };
const SHA256 = { min: 64, max: 64 };
/** Sums of a whole city over a year. */
const SUM = { max: 100_000_000_000_000 };

export class ReplayParams {
  @IdField() id: string;
}

export class ReplaysQuery extends PageQuery {}

export class ReplayFile {
  @Text({ pattern: /^[\w-][\w.-]*\.yaml$/, message: '文件名只用字母、数字、点和横线，以 .yaml 结尾', example: '2025-01-01-2025.yaml' }) name: string;
  @Text(FILE) text: string;
}

export class ReplayTexts {
  @Text({ ...FILE, doc: 'pack.yaml 的全文' }) packYaml: string;
  @Nested(() => ReplayFile, { doc: '版本文件，文件名以生效日期开头' }) version: ReplayFile;
}

export class ReplayBody {
  @IdField({ doc: '由客户端生成，即试算编号' }) id: string;
  @IdField({ optional: true, nullable: true, doc: '已保存的草案；与 texts 只写一个' }) draftId?: string | null;
  @Nested(() => ReplayTexts, { optional: true, nullable: true, doc: '尚未保存的政策文本' }) texts?: ReplayTexts | null;
  @CivilDateField({ doc: '就餐日期从' }) from: CivilDate;
  @CivilDateField({ doc: '到（含），应在今天以前；最多跨 13 个月' }) to: CivilDate;
  @OneOf(FACTS, { optional: true, name: 'ReplayFacts', doc: 'now：按现在所知的老人情况（默认）；then：按每餐当时所知' }) facts?: Facts;
}

export class ReplayCell {
  @Text({ max: 200, doc: '编号、代码或月份' }) key: string;
  @Text({ max: 200, doc: '名称' }) name: string;
  @WholeField() meals: number;
  @WholeField({ doc: '已享受补贴的餐数' }) paidMeals: number;
  @WholeField({ doc: '按草案享受补贴的餐数' }) draftMeals: number;
  @FenField(SUM) priceFen: number;
  @FenField({ ...SUM, doc: '已补贴' }) paidFen: number;
  @FenField({ ...SUM, doc: '按草案补贴' }) draftFen: number;
}

export class ReplayFund {
  @Text({ max: 200 }) key: string;
  @Text({ max: 200 }) name: string;
  @WholeField() paidMeals: number;
  @WholeField() draftMeals: number;
  @FenField(SUM) paidFen: number;
  @FenField(SUM) draftFen: number;
}

export class ReplayClass {
  @Text({ max: 200, doc: '规则/档次；- 为草案不补贴的老人' }) key: string;
  @WholeField() elders: number;
  @WholeField() meals: number;
  @FenField(SUM) draftFen: number;
  @WholeField({ doc: '增加的人数' }) gainElders: number;
  @FenField(SUM) gainFen: number;
  @WholeField({ doc: '减少的人数' }) loseElders: number;
  @FenField(SUM) loseFen: number;
}

export class ReplayCode {
  @Text({ max: 60, doc: '未补贴的原因代码' }) key: string;
  @WholeField() meals: number;
}

export class ReplayMover {
  @Text({ doc: '老人编号（隐去中间）' }) elderId: string;
  @WholeField() meals: number;
  @FenField(SUM) paidFen: number;
  @FenField(SUM) draftFen: number;
}

export class ReplayElders {
  @WholeField() all: number;
  @WholeField() gain: number;
  @FenField(SUM) gainFen: number;
  @WholeField() lose: number;
  @FenField(SUM) loseFen: number;
  @WholeField() same: number;
}

export class ReplayResultView {
  @Nested(() => ReplayCell) all: ReplayCell;
  @ListOf(() => ReplayFund, { max: 10_000 }) funds: ReplayFund[];
  @ListOf(() => ReplayCell, { max: 1_000 }) counties: ReplayCell[];
  @ListOf(() => ReplayCell, { max: 100_000 }) sites: ReplayCell[];
  @ListOf(() => ReplayCell, { max: 13 }) months: ReplayCell[];
  @ListOf(() => ReplayClass, { max: 1_000 }) classes: ReplayClass[];
  @ListOf(() => ReplayCode, { doc: '当时未补贴的原因' }) paidCodes: ReplayCode[];
  @ListOf(() => ReplayCode, { doc: '按草案未补贴的原因' }) draftCodes: ReplayCode[];
  @Nested(() => ReplayElders) elders: ReplayElders;
  @ListOf(() => ReplayMover, { doc: '增加最多的老人' }) gainers: ReplayMover[];
  @ListOf(() => ReplayMover, { doc: '减少最多的老人' }) losers: ReplayMover[];
  @FenField({ ...SUM, doc: '草案按餐给场所的补贴' }) siteFen: number;
  @FenField({ ...SUM, doc: '草案按餐给送餐方的补贴' }) deliveryFen: number;
}

export class ReplayView {
  @IdField() replayId: string;
  @DivisionCodeField({ doc: '只统计此区划内场所的餐' }) scopeCode: string;
  @IdField({ nullable: true }) draftId: string | null;
  @Text() pack: string;
  @Text() version: string;
  @Text({ ...SHA256, doc: '草案文本的 SHA-256' }) draftSha256: string;
  @CivilDateField() from: CivilDate;
  @CivilDateField() to: CivilDate;
  @OneOf(FACTS, { name: 'ReplayFacts' }) facts: Facts;
  @OneOf(['empty-at-start'], { name: 'ReplayCounters', doc: '次数和额度从期间首日起按草案重新累计' }) counters: 'empty-at-start';
  @MomentField({ doc: '账目和老人情况截至此时' }) knownAt: string;
  @OneOf(['running', 'done', 'failed'], { name: 'ReplayState' }) state: 'running' | 'done' | 'failed';
  @WholeField({ doc: '要试算的餐数（不含散客）' }) total: number;
  @WholeField({ doc: '已试算的餐数' }) done: number;
  @Text({ ...SHA256, nullable: true, doc: '结果的 SHA-256：同样的餐、情况和草案得到同样的值' }) resultSha256: string | null;
  @MomentField() askedAt: string;
  @MomentField({ nullable: true }) finishedAt: string | null;
}

export class ReplayDetail extends ReplayView {
  @Nested(() => ReplayResultView, { nullable: true }) result: ReplayResultView | null;
}

export class ReplayPage {
  @ListOf(() => ReplayView) items: ReplayView[];
  @Text({ nullable: true, max: 400 }) nextCursor: string | null;
}
