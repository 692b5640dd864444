import type { CivilDate } from '../kernel/index.js';
import { CivilDateField, DivisionCodeField, ListOf, OneOf, PageQuery, Text } from '../platform/index.js';
import { DIVISION_LEVELS, FUNDER_KINDS, type DivisionLevel, type FunderKind } from './domain/index.js';

export class ListDivisionsQuery extends PageQuery {
  @DivisionCodeField({ optional: true, doc: '上级区划代码；不填为本市' })
  parent?: string;
}

export class DivisionView {
  @DivisionCodeField() divisionCode: string;
  @Text() name: string;
  @OneOf(DIVISION_LEVELS, { name: 'DivisionLevel' }) level: DivisionLevel;
  @DivisionCodeField({ nullable: true }) parentCode: string | null;
  @CivilDateField({ nullable: true, doc: '启用日，空为早于本系统的记录' }) validFrom: CivilDate | null;
  @CivilDateField({ nullable: true, doc: '最后有效日' }) validTo: CivilDate | null;
  @DivisionCodeField({ nullable: true, doc: '撤并后的区划' }) successorCode: string | null;
}

export class DivisionPage {
  @ListOf(() => DivisionView, { max: 500 }) items: DivisionView[];
  @Text({ nullable: true, max: 400 }) nextCursor: string | null;
}

export class DivisionWithPath extends DivisionView {
  @ListOf(() => DivisionView, { doc: '自省至本级的各级区划；已撤并的区划在承接者之下' }) path: DivisionView[];
}

export class ListFundersQuery extends PageQuery {
  @OneOf(FUNDER_KINDS, { optional: true, name: 'FunderKind' }) kind?: FunderKind;
}

export class FunderView {
  @Text({ example: 'county@371502' }) funderCode: string;
  @OneOf(FUNDER_KINDS, { name: 'FunderKind' }) kind: FunderKind;
  @Text() name: string;
  @DivisionCodeField() divisionCode: string;
  @CivilDateField({ nullable: true }) validFrom: CivilDate | null;
  @CivilDateField({ nullable: true }) validTo: CivilDate | null;
}

export class FunderPage {
  @ListOf(() => FunderView, { max: 500 }) items: FunderView[];
  @Text({ nullable: true, max: 400 }) nextCursor: string | null;
}
