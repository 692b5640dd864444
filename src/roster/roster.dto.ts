import { ApiProperty } from '@nestjs/swagger';
import type { CivilDate } from '../kernel/index.js';
import { CivilDateField, DivisionCodeField, IdField, ListOf, OneOf, Text, WholeField, YesNo } from '../platform/index.js';
import { FIELDS, PURPOSES, type Field, type Purpose } from './domain/index.js';
import { ROSTER_STATES, type RosterState } from './roster.store.js';

export class FileParams {
  @IdField()
  id: string;
}

export class FileQuery {
  @DivisionCodeField({ doc: '文件所说的地区；其中的地名先在这里查找，户籍和居住地都在其外的行不导入' })
  division: string;
}

export class FileView {
  @IdField()
  fileId: string;

  @Text({ doc: '文件内容的 SHA-256' })
  sha256: string;

  @WholeField()
  bytes: number;

  @OneOf(['xlsx', 'csv'])
  kind: string;

  @Text({ nullable: true, doc: '文本的编码' })
  encoding: string | null;

  @CivilDateField({ doc: '到这一天销毁' })
  purgeOn: string;
}

export class ColumnChoiceDto {
  @WholeField({ max: 255, doc: '第几列，A 列为 0' })
  index: number;

  @OneOf(FIELDS, { name: 'RosterField', nullable: true, doc: '内容；null 为不读取' })
  field: Field | null;
}

export class CheckBody {
  @IdField({ doc: '由客户端生成，同时成为这次检查的编号' })
  id: string;

  @IdField()
  fileId: string;

  @OneOf(PURPOSES, { name: 'RosterPurpose', doc: 'elders：老人名册；deaths：死亡名单；careHomes：养老机构入住名单；hukouMoves：户籍迁移名单' })
  purpose: Purpose;

  @CivilDateField({ doc: '名册所说的日期；文件没有写起日的类别和迁移从这一天起' })
  asOf: CivilDate;

  @Text({ max: 100, doc: '提供单位，如 县残联' })
  source: string;

  @Text({ optional: true, nullable: true, max: 100, doc: '数据共享的目录或申请编号' })
  requestNumber?: string | null;

  @Text({ optional: true, max: 60, doc: '工作表；不填为第一个有标题行的' })
  sheet?: string;

  @WholeField({ optional: true, min: 1, max: 30, doc: '标题行的行号；不填为自动查找' })
  headerRow?: number;

  @ListOf(() => ColumnChoiceDto, { optional: true, max: 256, doc: '更正列的内容' })
  choices?: ColumnChoiceDto[];
}

export class ApplyRosterBody {
  @IdField()
  id: string;

  @YesNo({ doc: 'true：跳过错误的行，导入其余；false：有一行错误就什么都不导入' })
  skipWrong: boolean;
}

export class ColumnView {
  @WholeField()
  index: number;

  @Text()
  title: string;

  @OneOf(FIELDS, { name: 'RosterField', nullable: true })
  field: Field | null;
}

export class CountsView {
  @WholeField({ doc: '读到的行，空行不算；等于以下各项之和' })
  rows: number;

  @WholeField()
  new: number;

  @WholeField()
  changed: number;

  @WholeField()
  unchanged: number;

  @WholeField()
  wrong: number;

  @WholeField({ doc: '重复的行、合计和说明' })
  skipped: number;

  @WholeField({ doc: '名单上不在老人名册中的人' })
  notRegistered: number;

  @WholeField({ doc: '名单上已有记录的人' })
  matched: number;

  @WholeField({ doc: '名单上待核查的人' })
  proposed: number;

  @WholeField({ doc: '取自公式的单元格' })
  formulas: number;

  @WholeField({ nullable: true, doc: '文件自己的合计' })
  stated: number | null;
}

export class RosterAnswer {
  @IdField()
  rosterId: string;
}

export class RosterFailureView {
  @Text()
  code: string;

  @Text({ max: 1_000 })
  sentence: string;
}

export class RosterView {
  @IdField()
  rosterId: string;

  @IdField()
  fileId: string;

  @Text()
  sha256: string;

  @OneOf(PURPOSES, { name: 'RosterPurpose' })
  purpose: Purpose;

  @DivisionCodeField()
  divisionCode: string;

  @CivilDateField()
  asOf: string;

  @Text()
  source: string;

  @Text({ nullable: true })
  requestNumber: string | null;

  @OneOf(ROSTER_STATES, { name: 'RosterState' })
  state: RosterState;

  @WholeField({ doc: '已处理的行' })
  done: number;

  @WholeField({ doc: '要处理的行' })
  total: number;

  @ApiProperty({ type: () => RosterFailureView, nullable: true })
  failure: RosterFailureView | null;

  @Text({ nullable: true })
  sheet: string | null;

  @WholeField({ nullable: true })
  headerRow: number | null;

  @ListOf(() => ColumnView, { doc: '各列读作什么' })
  columns: ColumnView[];

  @ApiProperty({ type: () => CountsView, nullable: true })
  counts: CountsView | null;

  @YesNo({ nullable: true })
  skipWrong: boolean | null;

  @Text()
  madeAt: string;

  @Text({ nullable: true })
  appliedAt: string | null;
}

export class RosterPage {
  @ListOf(() => RosterView)
  items: RosterView[];

  @Text({ nullable: true })
  nextCursor: string | null;
}
