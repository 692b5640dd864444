import type { CivilDate, Fen } from '../kernel/index.js';
import { CivilDateField, DivisionCodeField, FenField, ListOf, Nested, OneOf, Text, Texts, WholeField, YesNo } from '../platform/index.js';
import { MEAL_PERIODS, REFUSAL_CODES, type MealPeriod, type Payee, type RefusalCode } from './domain/index.js';

const PAYEES: readonly Payee[] = ['elder', 'site', 'deliverer', 'fee'];
const FACT = { max: 100 };

export class PackDocumentView {
  @Text() id: string;
  @Text({ max: 200 }) title: string;
  @Text({ max: 200, doc: '文号；not published 为未公布' }) number: string;
  @Text() date: string;
  @Text() issuer: string;
  @Text({ max: 500 }) url: string;
  @Text({ nullable: true, doc: '文件的 SHA-256；空为本系统没有这份文件' }) sha256: string | null;
}

export class PackFunderView {
  @Text() code: string;
  @Text() name: string;
  @Text() short: string;
  @OneOf(['province', 'city', 'county', 'township', 'village'], { name: 'PackFunderLevel' }) level: string;
}

export class PackClassView {
  @Text() id: string;
  @Text() name: string;
  @Text({ doc: '金额的文字说明', max: 200 }) amount: string;
}

export class PackRuleView {
  @Text() id: string;
  @Text() name: string;
  @OneOf(PAYEES, { name: 'Payee', doc: '补给谁：老人、食堂、送餐方；fee 为老人付的送餐费' }) pays: Payee;
  @Text({ max: 500 }) clause: string;
  @Text({ doc: '依据文件的 id' }) document: string;
  @YesNo({ doc: '含有未公布而取值的数字' }) assumed: boolean;
  @Texts({ length: 500 }) notes: string[];
  @ListOf(() => PackClassView) classes: PackClassView[];
}

export class PackVersionView {
  @Text() version: string;
  @CivilDateField() from: CivilDate;
  @CivilDateField({ nullable: true, doc: '最后有效日；空为到下一版本为止' }) to: CivilDate | null;
  @Text({ doc: '版本文件的 SHA-256' }) sha256: string;
  @Text({ nullable: true, max: 500, doc: '样例说明；有值时各处都要显示' }) sample: string | null;
  @YesNo() assumed: boolean;
  @ListOf(() => PackRuleView) rules: PackRuleView[];
}

export class PackSummary {
  @Text() pack: string;
  @Text() name: string;
  @Text() issuer: string;
  @DivisionCodeField() divisionCode: string;
  @Texts({ doc: '各版本号，由旧到新' }) versions: string[];
  @YesNo({ doc: '任一版本含有未公布而取值的数字' }) assumed: boolean;
}

export class PackList {
  @ListOf(() => PackSummary, { max: 1000 }) items: PackSummary[];
}

export class PackView {
  @Text() pack: string;
  @Text() name: string;
  @Text() issuer: string;
  @DivisionCodeField() divisionCode: string;
  @ListOf(() => PackFunderView) funders: PackFunderView[];
  @ListOf(() => PackDocumentView) documents: PackDocumentView[];
  @ListOf(() => PackVersionView) versions: PackVersionView[];
}

export class CategoryFact {
  @Text(FACT) code: string;
  @Text({ ...FACT, optional: true, nullable: true }) grade?: string | null;
  @CivilDateField() from: CivilDate;
  @CivilDateField({ nullable: true, doc: '最后一天；空为仍在' }) to: CivilDate | null;
  @Text(FACT) source: string;
}

export class CareHomeFact {
  @CivilDateField() from: CivilDate;
  @CivilDateField({ nullable: true, doc: '最后一天；空为仍在' }) to: CivilDate | null;
}

export class ElderFactsBody {
  @CivilDateField() born: CivilDate;
  @DivisionCodeField({ nullable: true, doc: '户籍' }) hukouCode: string | null;
  @DivisionCodeField({ nullable: true, doc: '常住地' }) residenceCode: string | null;
  @ListOf(() => CategoryFact, { max: 50 }) categories: CategoryFact[];
  @ListOf(() => CareHomeFact, { max: 50 }) careHomeStays: CareHomeFact[];
  @CivilDateField({ nullable: true }) died: CivilDate | null;
}

export class SiteFactsBody {
  @Text({ ...FACT, example: 'canteen' }) kind: string;
  @Text({ ...FACT, nullable: true, example: 'hungPlate' }) supplyMode: string | null;
  @DivisionCodeField() divisionCode: string;
}

export class MealFactsBody {
  @CivilDateField() date: CivilDate;
  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' }) period: MealPeriod;
  @FenField({ max: 100_000_000 }) priceFen: Fen;
  @FenField({ optional: true, max: 100_000_000, doc: '食堂自行优惠之前的价格' }) listPriceFen?: Fen;
  @YesNo({ optional: true }) delivered?: boolean;
}

export class UseBody {
  @Text(FACT) ruleId: string;
  @Text({ ...FACT, example: 'd:2024-12-03' }) periodKey: string;
  @WholeField({ max: 1000 }) count: number;
  @FenField() fen: Fen;
}

export class ExplainBody {
  @Nested(() => ElderFactsBody, { nullable: true, doc: '空为访客' }) elder: ElderFactsBody | null;
  @Nested(() => SiteFactsBody) site: SiteFactsBody;
  @Nested(() => MealFactsBody) meal: MealFactsBody;
  @ListOf(() => UseBody, { max: 200, doc: '此前已用的次数和金额' }) uses: UseBody[];
}

export class FundingView {
  @Text() funder: string;
  @FenField() fen: Fen;
  @DivisionCodeField({ nullable: true }) division: string | null;
}

export class ReasonView {
  @OneOf(PAYEES, { name: 'Payee' }) pays: Payee;
  @Text() funder: string;
  @Text() funderName: string;
  @FenField() fen: Fen;
  @Text() ruleId: string;
  @Text() ruleName: string;
  @Text() classId: string;
  @Text() version: string;
  @Text({ max: 500 }) clause: string;
  @Nested(() => PackDocumentView) document: PackDocumentView;
  @YesNo() assumed: boolean;
  @Texts({ length: 500 }) notes: readonly string[];
}

export class MealDecisionView {
  @Text({ nullable: true }) pack: string | null;
  @Text({ nullable: true }) version: string | null;
  @Text({ nullable: true, max: 500 }) sample: string | null;
  @FenField() priceFen: Fen;
  @FenField() subsidyFen: Fen;
  @FenField() selfPayFen: Fen;
  @FenField() deliveryFen: Fen;
  @FenField() deliveryFeeFen: Fen;
  @FenField() siteFen: Fen;
  @ListOf(() => FundingView) funding: FundingView[];
  @ListOf(() => ReasonView) reasons: ReasonView[];
  @ListOf(() => UseBody) uses: UseBody[];
  @OneOf(REFUSAL_CODES, { nullable: true, name: 'SubsidyRefusal' }) refusal: RefusalCode | null;
  @Text({ max: 1000, doc: '给老人的话' }) forElder: string;
  @Text({ max: 10_000, doc: '给审计的话', pattern: /[\s\S]*/u }) forAuditor: string;
}
