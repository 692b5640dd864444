import { CivilDateField, FenField, IdField, ListOf, MomentField, OneOf, Text, WholeField } from '../platform/index.js';

const STATES = ['recorded', 'confirmed', 'rejected'] as const;

export class NoShowRuleBody {
  @IdField() id: string;
  @WholeField({ max: 100, doc: '预付的餐费不退百分之几；其余原路退回' }) keptPercent: number;
  @FenField({ nullable: true, doc: '每份最多不退多少；null 为没有上限' }) mostFen: number | null;
  @Text({ doc: '依据文件文号' }) documentNumber: string;
  @Text({ max: 200, doc: '依据文件名称' }) documentTitle: string;
  @CivilDateField({ doc: '首日，明天或以后' }) firstDay: string;
}

export class NoShowDecisionBody {
  @IdField() id: string;
  @OneOf(['confirmed', 'rejected'], { name: 'NoShowDecision' }) outcome: 'confirmed' | 'rejected';
}

export class NoShowRuleDto {
  @IdField() ruleId: string;
  @WholeField({ max: 100 }) keptPercent: number;
  @FenField({ nullable: true }) mostFen: number | null;
  @Text() documentNumber: string;
  @Text({ max: 200 }) documentTitle: string;
  @CivilDateField() firstDay: string;
  @OneOf(STATES, { name: 'NoShowRuleState', doc: '已登记、已复核、已退回；已复核的才生效' }) state: (typeof STATES)[number];
  @MomentField() recordedAt: string;
}

export class NoShowRuleList {
  @ListOf(() => NoShowRuleDto) items: NoShowRuleDto[];
}
