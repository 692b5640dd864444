import { ListOf, IdField, MomentField, Nested, OneOf, PageQuery, Text, WholeField, WordsOf, YesNo, Texts, CivilDateField } from '../platform/index.js';
import { FOLLOW_UP_OUTCOMES, FOLLOW_UP_STATES, INBOX_PAGE, NOTICE_KINDS, RATING_WORDS, SAID_PARTS, type FollowUpOutcome, type FollowUpState, type NoticeKind, type RatingWord, type SaidPart } from './domain/index.js';

export class CareParams {
  @IdField()
  id: string;
}

export class RatingBody {
  @IdField({ doc: '这次操作的编号；同号同内容永远同一答复' })
  id: string;

  @WholeField({ min: 1, max: 5, doc: '几颗星' })
  stars: number;

  @WordsOf(RATING_WORDS, { optional: true, max: 6, doc: '一按就好的话' })
  words?: RatingWord[];

  @Texts({ optional: true, max: 10, length: 40, doc: '说的是哪几样菜：价目表中的编码' })
  dishes?: string[];
}

export class RatingDto {
  @WholeField({ min: 1, max: 5 })
  stars: number;

  @WordsOf(RATING_WORDS)
  words: RatingWord[];

  @Texts()
  dishes: string[];

  @MomentField()
  ratedAt: string;
}

export class MealRatingDto {
  @Nested(() => RatingDto, { nullable: true, doc: '没有评价过为 null' })
  rating: RatingDto | null;

  @YesNo({ doc: '现在还能评或改' })
  mayRate: boolean;
}

export class RatedWordDto {
  @OneOf(RATING_WORDS, { name: 'RatingWord' })
  word: RatingWord;

  @WholeField()
  count: number;
}

export class SiteRatingDto {
  @WholeField({ doc: '近 90 天里已公布的评价数；评价满一天后凑满一批（10 条以上、5 人以上）才一起公布，不够公布的条数时为 0' })
  count: number;

  @WholeField({ nullable: true, doc: '平均星数的十倍，以半星计，如 45 为 4.5 星；不够条数时为 null' })
  tenths: number | null;

  @ListOf(() => RatedWordDto)
  words: RatedWordDto[];
}

export class NoticeDto {
  @IdField()
  noticeId: string;

  @OneOf(NOTICE_KINDS, { name: 'CareNoticeKind', doc: 'ate：已用餐；notEaten：订了餐还没有用；booked：已订好；cancelled：预订已取消；noShow：没有来取；notBooked：工作日都订的一天没有订上；answered：投诉已答复；family：绑定和同意' })
  kind: NoticeKind;

  @Text({ max: 200, doc: '一整句话' })
  text: string;

  @IdField({ nullable: true })
  elderId: string | null;

  @MomentField()
  madeAt: string;

  @YesNo({ doc: '看过了' })
  read: boolean;
}

export class InboxPage {
  @ListOf(() => NoticeDto, { max: 500, doc: '新的在前' })
  items: NoticeDto[];

  @Text({ nullable: true, max: 400 })
  nextCursor: string | null;

  @WholeField({ doc: '没有看过的共几条' })
  unread: number;
}

export class NoticesReadBody {
  @Texts({ max: 100, length: 36, doc: '看过了的编号' })
  noticeIds: string[];
}

export class UnreadDto {
  @WholeField({ doc: '没有看过的还有几条' })
  unread: number;
}

export class NoticePermitsBody {
  @IdField()
  id: string;

  @WordsOf(NOTICE_KINDS, { min: 1, max: NOTICE_KINDS.length, doc: '微信里点了“允许”的那几种，每种各一条' })
  kinds: NoticeKind[];
}

export class AskableTemplateDto {
  @OneOf(NOTICE_KINDS, { name: 'CareNoticeKind' })
  kind: NoticeKind;

  @Text({ max: 64, doc: '给 wx.requestSubscribeMessage 的模板编号' })
  templateId: string;
}

export class AskableTemplatesDto {
  @ListOf(() => AskableTemplateDto)
  items: AskableTemplateDto[];
}

export class CareSettingsDto {
  @WholeField({ min: 1, max: 60, doc: '投诉应在几天内答复，逾期转县级' })
  answerDays: number;

  @WholeField({ min: 1, max: 60, doc: '答复后几天内可以说不满意' })
  replyDays: number;

  @WholeField({ min: 7, max: 730, doc: '通知保留几天' })
  noticeDays: number;

  @WholeField({ min: 3, max: 999, doc: '满几条评价才公布平均' })
  ratingLeast: number;
}

export class CareSettingsBody extends CareSettingsDto {
  @IdField()
  id: string;
}

export class TemplateFieldDto {
  @Text({ max: 24, doc: '模板里的字段名，如 thing1' })
  field: string;

  @OneOf(SAID_PARTS, { name: 'SaidPart', doc: 'who：称呼；site：助餐点；time：时间；what：事情；text：整句' })
  part: SaidPart;
}

export class CareTemplateDto {
  @OneOf(NOTICE_KINDS, { name: 'CareNoticeKind' })
  kind: NoticeKind;

  @Text({ max: 64, doc: '微信公众平台给的模板编号' })
  templateId: string;

  @Text({ nullable: true, max: 128, doc: '点开后到的小程序页面；没有设的到“通知”' })
  page: string | null;

  @ListOf(() => TemplateFieldDto, { min: 1, max: 10 })
  fields: TemplateFieldDto[];
}

export class CareTemplateBody {
  @IdField()
  id: string;

  @Text({ max: 64 })
  templateId: string;

  @Text({ optional: true, nullable: true, max: 128, pattern: /^[\w-]+(?:\/[\w-]+)+(?:\?[\w-]+=[\w-]*(?:&[\w-]+=[\w-]*)*)?$/, message: `应为小程序的页面，如 ${INBOX_PAGE}，不以 / 开头` })
  page?: string | null;

  @ListOf(() => TemplateFieldDto, { min: 1, max: 10 })
  fields: TemplateFieldDto[];
}

export class CareTemplatesDto {
  @ListOf(() => CareTemplateDto)
  items: CareTemplateDto[];
}

export class NoticeKindParams {
  @OneOf(NOTICE_KINDS)
  kind: NoticeKind;
}

export class FollowUpsQuery extends PageQuery {
  @OneOf(['open', 'closed'], { optional: true, doc: 'open：要办的（默认）；closed：办结的' })
  state?: 'open' | 'closed';
}

export class FollowUpDto {
  @IdField()
  followUpId: string;

  @Text({ doc: '称呼，如 张女士' })
  name: string;

  @WholeField({ doc: '周岁' })
  age: number;

  @Text({ nullable: true, doc: '所在社区' })
  communityName: string | null;

  @Text()
  siteName: string;

  @CivilDateField()
  mealDate: string;

  @OneOf(['breakfast', 'lunch', 'dinner'], { name: 'MealPeriod' })
  mealPeriod: 'breakfast' | 'lunch' | 'dinner';

  @OneOf(FOLLOW_UP_STATES, { name: 'FollowUpState', doc: 'open：要打电话；visit：要上门；closed：办结' })
  state: FollowUpState;

  @WholeField({ doc: '没有接通几次' })
  unanswered: number;

  @OneOf(['made', 'ate', ...FOLLOW_UP_OUTCOMES], { name: 'FollowUpStep', doc: '最近一步；ate：之后有用餐记录，自动办结' })
  lastStep: string;

  @Text({ nullable: true, max: 200 })
  lastNote: string | null;

  @MomentField()
  lastAt: string;
}

export class FollowUpPage {
  @ListOf(() => FollowUpDto, { max: 500 })
  items: FollowUpDto[];

  @Text({ nullable: true, max: 400 })
  nextCursor: string | null;
}

export class FollowUpNoteBody {
  @IdField()
  id: string;

  @OneOf(FOLLOW_UP_OUTCOMES, { name: 'FollowUpOutcome', doc: 'reached：已联系；noAnswer：没接；visitNeeded：需要上门；visited：已上门' })
  outcome: FollowUpOutcome;

  @Text({ optional: true, max: 200, doc: '情况，不写电话和证件号' })
  note?: string;
}

export class FollowUpStandingDto {
  @OneOf(FOLLOW_UP_STATES, { name: 'FollowUpState' })
  state: FollowUpState;

  @WholeField()
  unanswered: number;
}

export class EmergencyDto {
  @Text() name: string;
  @Text() relation: string;
  @Text() phone: string;
}

export class FollowUpContactDto {
  @Text()
  name: string;

  @Text({ nullable: true })
  phone: string | null;

  @ListOf(() => EmergencyDto, { doc: '紧急联系人' })
  emergency: EmergencyDto[];
}
