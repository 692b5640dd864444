import { ApiProperty } from '@nestjs/swagger';
import type { CivilDate } from '../kernel/index.js';
import { CivilDateField, DecimalField, DivisionCodeField, IdField, ListOf, MomentField, OneOf, PageQuery, Text, WholeField, YesNo } from '../platform/index.js';
import {
  INSPECTION_RESULTS, MEAL_PERIODS, PAPER_KINDS, PREMISES, SITE_EVENTS, SITE_KINDS, SITE_STATES, SUPPLY_MODES,
  type InspectionResult, type MealPeriod, type PaperKind, type Premises, type SiteEventKind, type SiteKind, type SiteState, type SupplyMode,
} from './domain/index.js';

export class SiteParams {
  @IdField() id: string;
}

export class OperatorRequest {
  @IdField({ doc: '客户端生成的编号，即运营方编号' }) id: string;
  @Text({ max: 80, example: '聊城市某餐饮管理有限公司' }) name: string;
  @Text({ optional: true, nullable: true, min: 18, max: 18, doc: '统一社会信用代码（GB 32100）', example: '91350100M000100Y43' }) creditCode?: string | null;
}

export class OperatorAnswer {
  @IdField() operatorId: string;
  @Text() name: string;
  @Text({ nullable: true }) creditCode: string | null;
}

export class OperatorPage {
  @ListOf(() => OperatorAnswer, { max: 500 }) items: OperatorAnswer[];
  @Text({ nullable: true, max: 400 }) nextCursor: string | null;
}

export class PayeeRequest {
  @IdField({ doc: '客户端生成的编号，即收款单位编号' }) id: string;
  @Text({ max: 80 }) name: string;
  @Text({ max: 80, doc: '开户行' }) bankName: string;
  @Text({ min: 8, max: 40, doc: '银行账号，加密保存，只显示后四位' }) account: string;
}

export class PayeeAnswer {
  @IdField() payeeId: string;
  @Text() name: string;
  @Text() bankName: string;
  @Text({ min: 4, max: 4, doc: '账号后四位' }) accountTail: string;
}

export class PayeePage {
  @ListOf(() => PayeeAnswer, { max: 500 }) items: PayeeAnswer[];
  @Text({ nullable: true, max: 400 }) nextCursor: string | null;
}

export class SiteRequest {
  @IdField({ doc: '客户端生成的编号，即场所编号' }) id: string;
  @Text({ max: 60 }) name: string;
  @OneOf(SITE_KINDS, { name: 'SiteKind' }) kind: SiteKind;
  @OneOf(SUPPLY_MODES, { name: 'SupplyMode' }) supplyMode: SupplyMode;
  @DivisionCodeField({ doc: '乡镇（街道）或村（社区）', example: '371502001001' }) divisionCode: string;
  @Text({ max: 120 }) address: string;
  @WholeField({ max: 5000, doc: '座位数' }) seats: number;
  @DecimalField({ min: 73, max: 136, optional: true, nullable: true, doc: '经度（CGCS2000）' }) longitude?: number | null;
  @DecimalField({ min: 3, max: 54, optional: true, nullable: true, doc: '纬度（CGCS2000）' }) latitude?: number | null;
  @OneOf(PREMISES, { name: 'Premises', doc: '房屋性质' }) premisesStatus: Premises;
  @CivilDateField({ doc: '列入规划的日期' }) plannedOn: CivilDate;
  @Text({ optional: true, nullable: true, doc: '依据文件' }) document?: string | null;
}

export class SiteCreated {
  @IdField() siteId: string;
}

export class ListSitesQuery extends PageQuery {
  @DivisionCodeField({ optional: true, doc: '只看这个区划之内的' }) division?: string;
  @OneOf(SITE_STATES, { optional: true, name: 'SiteState' }) state?: SiteState;
  @OneOf(SITE_KINDS, { optional: true, name: 'SiteKind' }) kind?: SiteKind;
  @CivilDateField({ optional: true, doc: '看哪一天的状态，默认今天' }) date?: CivilDate;
}

export class SiteSummary {
  @IdField() siteId: string;
  @Text() name: string;
  @OneOf(SITE_KINDS, { name: 'SiteKind' }) kind: SiteKind;
  @OneOf(SUPPLY_MODES, { name: 'SupplyMode' }) supplyMode: SupplyMode;
  @DivisionCodeField() divisionCode: string;
  @ApiProperty({ type: [String], description: '自省至本级的区划代码' }) path: string[];
  @OneOf(SITE_STATES, { name: 'SiteState' }) state: SiteState;
  @YesNo({ doc: '当日食品经营许可证有效（或此类场所无需单独持证）' }) licenceValid: boolean;
  @IdField({ nullable: true }) operatorId: string | null;
  @IdField({ nullable: true, doc: '已经两人确认的收款单位' }) payeeId: string | null;
  @Text() address: string;
  @WholeField() seats: number;
  @DecimalField({ min: 73, max: 136, nullable: true }) longitude: number | null;
  @DecimalField({ min: 3, max: 54, nullable: true }) latitude: number | null;
}

export class SitePage {
  @ListOf(() => SiteSummary, { max: 500 }) items: SiteSummary[];
  @Text({ nullable: true, max: 400 }) nextCursor: string | null;
}

export class EventRequest {
  @IdField() id: string;
  @OneOf(SITE_EVENTS, { name: 'SiteEventKind' }) kind: SiteEventKind;
  @CivilDateField() onDate: CivilDate;
  @Text({ optional: true, nullable: true, max: 200 }) reason?: string | null;
  @Text({ optional: true, nullable: true, doc: '依据文件' }) document?: string | null;
}

export class EventAnswer {
  @WholeField() eventNo: number;
  @OneOf(SITE_STATES, { name: 'SiteState' }) state: SiteState;
}

export class SiteEventView {
  @WholeField() eventNo: number;
  @OneOf(SITE_EVENTS, { name: 'SiteEventKind' }) kind: SiteEventKind;
  @CivilDateField() onDate: CivilDate;
  @Text({ nullable: true }) reason: string | null;
  @Text({ nullable: true }) document: string | null;
  @MomentField() recordedAt: string;
}

export class SiteOperatorRequest {
  @IdField() id: string;
  @IdField({ nullable: true, doc: '空为运营方退出、暂无接替' }) operatorId: string | null;
  @CivilDateField({ doc: '新运营方的首日，可在月中' }) fromDate: CivilDate;
  @Text({ optional: true, nullable: true, max: 200 }) reason?: string | null;
}

export class OperationView {
  @CivilDateField() fromDate: CivilDate;
  @IdField({ nullable: true }) operatorId: string | null;
  @Text({ nullable: true }) reason: string | null;
}

export class SitePayeeRequest {
  @IdField() id: string;
  @IdField() payeeId: string;
  @CivilDateField() fromDate: CivilDate;
  @Text({ optional: true, nullable: true, max: 200 }) reason?: string | null;
}

export class PayeeConfirmationRequest {
  @IdField() id: string;
  @IdField({ doc: '待确认的变更编号' }) routeId: string;
}

export class RouteView {
  @IdField() routeId: string;
  @IdField() siteId: string;
  @IdField() payeeId: string;
  @CivilDateField() fromDate: CivilDate;
  @Text({ nullable: true }) reason: string | null;
  @Text() proposedBy: string;
  @Text({ nullable: true, doc: '空为尚待另一人确认，尚未生效' }) confirmedBy: string | null;
}

export class PaperRequest {
  @IdField() id: string;
  @OneOf(PAPER_KINDS, { name: 'PaperKind' }) kind: PaperKind;
  @Text({ max: 60, doc: '证照或合同编号' }) number: string;
  @CivilDateField() validFrom: CivilDate;
  @CivilDateField({ optional: true, nullable: true, doc: '有效期止，含当日；空为长期' }) validTo?: CivilDate | null;
}

export class PaperView {
  @IdField() paperId: string;
  @OneOf(PAPER_KINDS, { name: 'PaperKind' }) kind: PaperKind;
  @Text() number: string;
  @CivilDateField() validFrom: CivilDate;
  @CivilDateField({ nullable: true }) validTo: CivilDate | null;
}

export class InspectionRequest {
  @IdField() id: string;
  @CivilDateField() onDate: CivilDate;
  @OneOf(INSPECTION_RESULTS, { name: 'InspectionResult' }) result: InspectionResult;
  @Text({ optional: true, nullable: true, max: 500, doc: '发现的问题' }) findings?: string | null;
  @CivilDateField({ optional: true, nullable: true, doc: '整改期限' }) correctBy?: CivilDate | null;
  @YesNo({ doc: '是否当日责令暂停' }) suspended: boolean;
}

export class InspectionView {
  @IdField() inspectionId: string;
  @CivilDateField() onDate: CivilDate;
  @OneOf(INSPECTION_RESULTS, { name: 'InspectionResult' }) result: InspectionResult;
  @Text({ nullable: true }) findings: string | null;
  @CivilDateField({ nullable: true }) correctBy: CivilDate | null;
  @YesNo() suspended: boolean;
}

export class MealHoursField {
  @OneOf(MEAL_PERIODS, { name: 'MealPeriod' }) mealPeriod: MealPeriod;
  @WholeField({ max: 1439, doc: '开始，自零点起的分钟', example: 660 }) fromMinute: number;
  @WholeField({ min: 1, max: 1440, doc: '结束，不含', example: 810 }) toMinute: number;
}

export class HoursRequest {
  @IdField() id: string;
  @CivilDateField({ doc: '自哪天起' }) fromDate: CivilDate;
  @ListOf(() => MealHoursField, { min: 1, max: 3 }) hours: MealHoursField[];
}

export class HoursAnswer {
  @CivilDateField() fromDate: CivilDate;
  @ListOf(() => MealHoursField, { max: 3 }) hours: MealHoursField[];
}

export class PhoneRequest {
  @IdField() id: string;
  @Text({ min: 5, max: 20, pattern: /^\d{3,4}-?\d{3,8}(-\d{1,6})?$/, message: '应为电话号码，如 0635-0000001', doc: '食堂的公开电话，不填个人电话', example: '0635-0000001' }) phone: string;
}

export class PhoneAnswer {
  @Text() phone: string;
}

export class SiteDetail extends SiteSummary {
  @OneOf(PREMISES, { name: 'Premises' }) premisesStatus: Premises;
  @ListOf(() => SiteEventView) events: SiteEventView[];
  @ListOf(() => OperationView) operations: OperationView[];
  @ListOf(() => OperatorAnswer) operators: OperatorAnswer[];
  @ListOf(() => RouteView) routes: RouteView[];
  @ListOf(() => PayeeAnswer) payees: PayeeAnswer[];
  @ListOf(() => PaperView) papers: PaperView[];
  @ListOf(() => InspectionView) inspections: InspectionView[];
  @ListOf(() => MealHoursField) hours: MealHoursField[];
  @Text({ nullable: true, doc: '公开电话' }) phone: string | null;
}

export class PublicSitesQuery extends PageQuery {
  @DivisionCodeField({ optional: true, doc: '只看这个区划之内的' }) division?: string;
}

/** What anybody may see of a site: no contact, no account, no operator's papers. */
export class PublicSite {
  @IdField() siteId: string;
  @Text() name: string;
  @OneOf(SITE_KINDS, { name: 'SiteKind' }) kind: SiteKind;
  @OneOf(SITE_STATES, { name: 'SiteState' }) state: SiteState;
  @DivisionCodeField() divisionCode: string;
  @Text() address: string;
  @WholeField() seats: number;
  @DecimalField({ min: 73, max: 136, nullable: true }) longitude: number | null;
  @DecimalField({ min: 3, max: 54, nullable: true }) latitude: number | null;
  @ListOf(() => MealHoursField, { max: 3 }) hours: MealHoursField[];
}

export class PublicSitePage {
  @ListOf(() => PublicSite, { max: 500 }) items: PublicSite[];
  @Text({ nullable: true, max: 400 }) nextCursor: string | null;
}

export class CityParams {
  @Text({ min: 6, max: 6, pattern: /^\d{4}00$/, message: '应为六位城市代码' }) cityCode: string;
}
