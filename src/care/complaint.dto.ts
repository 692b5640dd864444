import { IdField, ListOf, MomentField, Nested, OneOf, PageQuery, Text, WholeField, YesNo } from '../platform/index.js';
import { COMPLAINT_CATEGORIES, COMPLAINT_LEVELS, COMPLAINT_STATES, type ComplaintCategory, type ComplaintLevel, type ComplaintState } from './domain/index.js';

const SAID = { max: 500, pattern: /^[^\u0000-\u0009\u000b-\u001f\u007f]*$/u } as const;

export class ComplaintBody {
  @IdField({ doc: '这次操作的编号，也是投诉的编号' })
  id: string;

  @IdField({ doc: '哪个助餐点' })
  siteId: string;

  @OneOf(COMPLAINT_CATEGORIES, { name: 'ComplaintCategory', doc: 'taste：饭菜不合口味；portion：分量少；wait：排队久或没送到；attitude：态度不好；hygiene：不卫生；money：钱算得不对；notEaten：没吃却有记录；other：其他' })
  category: ComplaintCategory;

  @Text({ ...SAID, doc: '怎么回事，不写电话、证件号、卡号' })
  text: string;

  @IdField({ optional: true, doc: '哪一餐' })
  tapId?: string;
}

export class MiniComplaintBody extends ComplaintBody {
  @IdField({ doc: '为哪位老人' })
  elderId: string;
}

export class CallerComplaintBody extends ComplaintBody {
  @OneOf(['telephone', 'counter'], { name: 'ComplaintSource', doc: 'telephone：来电；counter：到场' })
  channel: 'telephone' | 'counter';

  @Text({ optional: true, max: 40, doc: '助餐卡号；与 elderId 至多填一项' })
  card?: string;

  @IdField({ optional: true })
  elderId?: string;

  @Text({ optional: true, max: 30, doc: '回电的电话；不知道是哪位老人时必填' })
  phone?: string;
}

export class ComplaintMadeDto {
  @IdField()
  complaintId: string;

  @WholeField({ doc: '投诉号，请念给来电的人' })
  number: number;

  @MomentField({ doc: '最晚答复的时间' })
  dueAt: string;
}

export class MiniComplaintsQuery {
  @IdField()
  elderId: string;
}

export class ComplaintsQuery extends PageQuery {
  @OneOf(COMPLAINT_STATES, { optional: true, doc: '默认 open' })
  state?: ComplaintState;
}

export class ComplaintDto {
  @IdField()
  complaintId: string;

  @WholeField()
  number: number;

  @IdField()
  siteId: string;

  @Text()
  siteName: string;

  @OneOf(COMPLAINT_CATEGORIES, { name: 'ComplaintCategory' })
  category: ComplaintCategory;

  @OneOf(COMPLAINT_LEVELS, { name: 'ComplaintLevel', doc: 'site：助餐点；township：镇街；county：县级' })
  level: ComplaintLevel;

  @OneOf(COMPLAINT_STATES, { name: 'ComplaintState', doc: 'open：待答复；answered：已答复；settled：满意，办结' })
  state: ComplaintState;

  @YesNo({ doc: '说过一次不满意' })
  objected: boolean;

  @YesNo({ doc: '逾期未答复，已转县级' })
  late: boolean;

  @MomentField({ doc: '最晚答复的时间' })
  dueAt: string;

  @MomentField()
  madeAt: string;
}

export class OwnComplaintsDto {
  @ListOf(() => ComplaintDto, { doc: '新的在前' })
  items: ComplaintDto[];
}

export class StaffComplaintDto extends ComplaintDto {
  @OneOf(['mini', 'telephone', 'counter'], { name: 'ComplaintChannel', doc: 'mini：小程序；telephone：来电；counter：到场' })
  channel: 'mini' | 'telephone' | 'counter';

  @YesNo({ doc: '答复已告知来电的人' })
  told: boolean;

  @YesNo({ doc: '留了电话' })
  hasPhone: boolean;
}

export class ComplaintPage {
  @ListOf(() => StaffComplaintDto, { max: 500 })
  items: StaffComplaintDto[];

  @Text({ nullable: true, max: 400 })
  nextCursor: string | null;
}

export class ComplaintStepDto {
  @OneOf(['made', 'answered', 'told', 'objected', 'settled', 'late'], { name: 'ComplaintStepKind', doc: 'told：已告知；objected：不满意；settled：满意；late：逾期转县级' })
  kind: string;

  @OneOf(COMPLAINT_LEVELS, { name: 'ComplaintLevel' })
  level: ComplaintLevel;

  @Text({ nullable: true, max: 500 })
  text: string | null;

  @MomentField()
  madeAt: string;
}

export class WholeComplaintDto {
  @Nested(() => StaffComplaintDto)
  complaint: StaffComplaintDto;

  @ListOf(() => ComplaintStepDto)
  steps: ComplaintStepDto[];

  @YesNo({ doc: '现在由您答复' })
  mayAnswer: boolean;
}

export class OwnWholeComplaintDto {
  @Nested(() => ComplaintDto)
  complaint: ComplaintDto;

  @ListOf(() => ComplaintStepDto)
  steps: ComplaintStepDto[];
}

export class ComplaintTextBody {
  @IdField()
  id: string;

  @Text({ ...SAID })
  text: string;
}

export class ComplaintWordBody {
  @IdField()
  id: string;

  @Text({ optional: true, ...SAID, doc: '还想说的' })
  text?: string;
}

export class ComplaintReplyBody extends ComplaintWordBody {
  @YesNo({ doc: '满意；不满意只能说一次，由上一级再答复' })
  satisfied: boolean;
}

export class ComplaintStandingDto {
  @OneOf(COMPLAINT_LEVELS, { name: 'ComplaintLevel' })
  level: ComplaintLevel;

  @OneOf(COMPLAINT_STATES, { name: 'ComplaintState' })
  state: ComplaintState;

  @YesNo()
  objected: boolean;

  @MomentField()
  dueAt: string;
}

export class ComplaintPhoneDto {
  @Text({ doc: '回电的电话' })
  phone: string;
}
