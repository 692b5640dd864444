import { DivisionCodeField, IdField, ListOf, MomentField, Nested, OneOf, PageQuery, ROLES, Text, WholeField, WordsOf, type Role } from '../platform/index.js';

const ACCOUNT = { min: 2, max: 40, pattern: /^[a-z0-9][a-z0-9._-]*$/, message: '账号只能用小写字母、数字、点、横线和下划线' };

/** The id in a path. */
export class IdParams {
  @IdField()
  id!: string;
}

/** A log-in. */
export class LogInRequest {
  @Text({ max: 100, doc: '账号', example: 'county.dongchangfu' })
  account!: string;

  @Text({ max: 200, doc: '密码' })
  password!: string;

  @Text({ optional: true, pattern: /^\d{6}$/, message: '应为 6 位城市代码', doc: '城市代码；同名账号存在于多个城市时必填', example: '371500' })
  cityCode?: string;
}

/** Who is logged in, and what they may do. */
export class MeAnswer {
  @IdField({ doc: '工作人员编号' })
  staffId!: string;

  @Text({ doc: '账号' })
  account!: string;

  @Text({ doc: '姓名或岗位名' })
  displayName!: string;

  @Text({ doc: '城市代码', example: '371500' })
  cityCode!: string;

  @WordsOf(ROLES, { doc: '岗位' })
  roles!: Role[];

  @DivisionCodeField({ doc: '管辖的行政区划' })
  divisionCode!: string;

  @IdField({ nullable: true, doc: '所在助餐场所；不在场所工作的为空' })
  siteId!: string | null;
}

/** A session that was opened. The token is shown this once. */
export class SessionAnswer {
  @Text({ doc: '会话令牌，以 Authorization: Bearer 携带' })
  token!: string;

  @MomentField({ doc: '最晚失效时间；30 分钟不操作也会失效' })
  expiresAt!: string;

  @Nested(() => MeAnswer, { doc: '登录人' })
  staff!: MeAnswer;
}

/** Another password for oneself. */
export class PasswordRequest {
  @IdField({ doc: '本次操作的编号，由客户端生成' })
  id!: string;

  @Text({ max: 200, doc: '原密码' })
  oldPassword!: string;

  @Text({ max: 200, doc: '新密码：12 至 128 个字符' })
  password!: string;
}

/** A member of staff to be added. */
export class StaffRequest {
  @IdField({ doc: '新账号的编号，由客户端生成' })
  id!: string;

  @Text({ ...ACCOUNT, doc: '账号', example: 'county.dongchangfu' })
  account!: string;

  @Text({ max: 50, doc: '姓名或岗位名' })
  displayName!: string;

  @Text({ max: 200, doc: '初始密码：12 至 128 个字符' })
  password!: string;

  @WordsOf(ROLES, { min: 1, doc: '岗位' })
  roles!: Role[];

  @DivisionCodeField({ doc: '管辖的行政区划' })
  divisionCode!: string;

  @IdField({ optional: true, nullable: true, doc: '收银员和食堂负责人所在的助餐场所' })
  siteId?: string | null;
}

/** Roles and scope in place of all that a person had. */
export class RolesRequest {
  @IdField({ doc: '本次操作的编号，由客户端生成' })
  id!: string;

  @WordsOf(ROLES, { min: 1, doc: '岗位' })
  roles!: Role[];

  @DivisionCodeField({ doc: '管辖的行政区划' })
  divisionCode!: string;

  @IdField({ optional: true, nullable: true, doc: '收银员和食堂负责人所在的助餐场所' })
  siteId?: string | null;
}

/** The end of an account or of a terminal. */
export class EndRequest {
  @IdField({ doc: '本次操作的编号，由客户端生成' })
  id!: string;

  @Text({ max: 200, doc: '原因' })
  reason!: string;
}

/** A member of staff. */
export class StaffAnswer extends MeAnswer {
  @MomentField({ doc: '建立时间' })
  createdAt!: string;

  @MomentField({ nullable: true, doc: '停用时间；在用的为空' })
  disabledAt!: string | null;
}

/** A page of staff. */
export class StaffPage {
  @ListOf(() => StaffAnswer)
  items!: StaffAnswer[];

  @Text({ nullable: true, doc: '下一页的标记；最后一页为空' })
  nextCursor!: string | null;
}

/** A terminal to be added. */
export class TerminalRequest {
  @IdField({ doc: '终端编号，由客户端生成' })
  id!: string;

  @IdField({ doc: '助餐场所' })
  siteId!: string;

  @Text({ max: 50, doc: '终端名称', example: '一号收银台' })
  label!: string;
}

/** The one-time code of a terminal. It is shown this once. */
export class TerminalCodeAnswer {
  @IdField({ doc: '终端编号' })
  terminalId!: string;

  @Text({ doc: '一次性登记码，10 分钟内有效，只能用一次' })
  code!: string;

  @MomentField({ doc: '登记码失效时间' })
  expiresAt!: string;
}

/** A terminal shows its code and its public key. */
export class EnrolmentRequest {
  @Text({ max: 100, doc: '一次性登记码' })
  code!: string;

  @Text({ max: 400, pattern: /^[A-Za-z0-9+/=]+$/, message: '应为 base64', doc: 'P-256 公钥，SPKI DER 的 base64' })
  publicKey!: string;

  @Text({ optional: true, max: 50, doc: '终端名称' })
  label?: string;
}

/** A terminal that is enrolled. */
export class EnrolmentAnswer {
  @IdField({ doc: '终端编号' })
  terminalId!: string;

  @Text({ doc: '城市代码', example: '371500' })
  cityCode!: string;

  @IdField({ doc: '助餐场所' })
  siteId!: string;

  @Text({ doc: '终端名称' })
  label!: string;
}

/** A terminal opens a session with its signature. */
export class TerminalSessionRequest {
  @IdField({ doc: '终端编号' })
  terminalId!: string;

  @WholeField({ max: 9_000_000_000_000, doc: '终端时钟，1970 年以来的毫秒数' })
  time!: number;

  @Text({ max: 200, pattern: /^[A-Za-z0-9+/=_-]+$/, message: '应为 base64', doc: 'ECDSA P-256 SHA-256 签名（r‖s，64 字节）的 base64' })
  signature!: string;

  @Text({ optional: true, max: 40, doc: '收银程序版本' })
  version?: string;
}

/** A terminal's session. The key is shown this once. */
export class TerminalSessionAnswer {
  @Text({ doc: '会话编号，以 x-terminal-session 携带' })
  sessionId!: string;

  @Text({ doc: '会话密钥，base64；每个请求以它计算 HMAC-SHA256' })
  sessionKey!: string;

  @MomentField({ doc: '失效时间' })
  expiresAt!: string;

  @Text({ doc: '数据库的纪元：与上次不同表示系统曾从备份恢复或切换过，收银机应把最近三天的流水重新上传' })
  epoch!: string;
}

/** Which terminals to list. */
export class TerminalQueryRequest extends PageQuery {
  @IdField({ optional: true, doc: '只看这个助餐场所的终端' })
  siteId?: string;
}

/** A terminal. */
export class TerminalAnswer {
  @IdField({ doc: '终端编号' })
  terminalId!: string;

  @IdField({ doc: '助餐场所' })
  siteId!: string;

  @Text({ doc: '终端名称' })
  label!: string;

  @OneOf(['awaiting', 'enrolled', 'revoked'], { doc: '待登记、在用、已停用' })
  state!: 'awaiting' | 'enrolled' | 'revoked';

  @Text({ nullable: true, doc: '收银程序版本' })
  version!: string | null;

  @MomentField({ nullable: true, doc: '最近一次联系，精确到分钟' })
  seenAt!: string | null;
}

/** A page of terminals. */
export class TerminalPage {
  @ListOf(() => TerminalAnswer)
  items!: TerminalAnswer[];

  @Text({ nullable: true, doc: '下一页的标记；最后一页为空' })
  nextCursor!: string | null;
}

/** Which audit rows to list. */
export class AuditQueryRequest extends PageQuery {
  @Text({ optional: true, max: 40, doc: '对象种类', example: 'staff' })
  objectKind?: string;

  @Text({ optional: true, max: 100, doc: '对象编号' })
  objectId?: string;
}

/** A row of the audit chain: hashes of the values, never the values. */
export class AuditAnswer {
  @WholeField({ min: 1, doc: '序号，逐一递增' })
  seq!: number;

  @MomentField({ doc: '时间' })
  at!: string;

  @Text({ doc: '操作者' })
  actor!: string;

  @Text({ doc: '操作', example: 'staff.create' })
  action!: string;

  @Text({ doc: '对象种类' })
  objectKind!: string;

  @Text({ doc: '对象编号' })
  objectId!: string;

  @Text({ nullable: true, doc: '原因' })
  reason!: string | null;

  @Text({ nullable: true, doc: '变更前内容的 SHA-256' })
  beforeHash!: string | null;

  @Text({ nullable: true, doc: '变更后内容的 SHA-256' })
  afterHash!: string | null;

  @Text({ doc: '上一行的哈希' })
  prevHash!: string;

  @Text({ doc: '本行的哈希' })
  hash!: string;
}

/** A page of the audit chain. */
export class AuditPage {
  @ListOf(() => AuditAnswer)
  items!: AuditAnswer[];

  @Text({ nullable: true, doc: '下一页的标记；最后一页为空' })
  nextCursor!: string | null;
}

/** Nothing to say but that it was done. */
export class DoneAnswer {
  @OneOf(['done'], { doc: '已完成' })
  status!: 'done';
}
