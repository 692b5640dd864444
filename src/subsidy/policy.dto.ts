import type { CivilDate } from '../kernel/index.js';
import { CivilDateField, DivisionCodeField, IdField, ListOf, MomentField, Nested, OneOf, PageQuery, ROLES, Text, WholeField, YesNo, type Role } from '../platform/index.js';
import type { DraftState, SignatureStep } from './policy.store.js';
import { SCAN_BASE64_LIMIT } from './scan.js';

const ANYTHING = /[\s\S]*/u;
const FILE = { max: 200_000, pattern: ANYTHING };
const FILE_NAME = { max: 100, pattern: /^[\w-][\w.-]*\.yaml$/, message: '文件名只用字母、数字、点和横线，以 .yaml 结尾' };
const SHA256 = { min: 64, max: 64, pattern: /^[0-9a-f]{64}$/, message: '应为 64 位小写十六进制的 SHA-256' };

export class PolicyDraftParams {
  @IdField() id: string;
}

export class PolicyCityParams {
  @Text({ min: 6, max: 6, pattern: /^\d{4}00$/, message: '应为六位城市代码' }) cityCode: string;
}

export class PolicyDraftsQuery extends PageQuery {}

export class PolicyFile {
  @Text({ ...FILE_NAME, example: '2025-01-01-2025.yaml' }) name: string;
  @Text(FILE) text: string;
}

export class PolicyTextsBody {
  @Text({ ...FILE, doc: 'pack.yaml 的全文' }) packYaml: string;
  @Nested(() => PolicyFile, { doc: '版本文件，文件名以生效日期开头' }) version: PolicyFile;
  @ListOf(() => PolicyFile, { min: 1, max: 20, doc: '案例文件' }) cases: PolicyFile[];
}

export class BackdatedBody {
  @Text({ doc: '政策包中所列文件的 id' }) document: string;
  @Text({ max: 500, doc: '写明施行日期早于今天的条款' }) clause: string;
}

export class ShippedVersionBody {
  @Text({ pattern: /^[a-z0-9-]+$/, example: 'liaocheng' }) pack: string;
  @Text({ example: 'sample-2023' }) version: string;
  @Nested(() => BackdatedBody, { optional: true, nullable: true, doc: '采用早已施行的版本时填写，写入版本文件供双方核对' }) backdated?: BackdatedBody | null;
}

export class PolicyDraftBody {
  @IdField({ doc: '由客户端生成，即草案编号' }) id: string;
  @Nested(() => PolicyTextsBody, { optional: true, nullable: true, doc: '自行起草的文本；与 shipped 两者只写一个' }) texts?: PolicyTextsBody | null;
  @Nested(() => ShippedVersionBody, { optional: true, nullable: true, doc: '直接采用本程序附带的版本' }) shipped?: ShippedVersionBody | null;
  @Text({ doc: '文号', example: '聊民〔2024〕5号' }) documentNumber: string;
  @Text({ max: 200, doc: '文件名称' }) documentTitle: string;
  @Text({ max: SCAN_BASE64_LIMIT, pattern: /^[A-Za-z0-9+/]+={0,2}$/, message: '应为 Base64', doc: '文件扫描件（PDF、JPEG、PNG，不超过 2 MB）的 Base64' }) scan: string;
}

export class PolicySignBody {
  @IdField() id: string;
  @Text({ ...SHA256, doc: '草案的 contentSha256，表明签的就是这些内容' }) contentSha256: string;
}

export class PolicyWithdrawBody {
  @IdField() id: string;
  @Text({ max: 200, doc: '原因，不要写个人信息' }) reason: string;
}

const STATES: readonly DraftState[] = ['drafted', 'submitted', 'published', 'withdrawn'];
const STEPS: readonly SignatureStep[] = ['civilAffairs', 'finance', 'withdrawn'];

export class PolicyDraftView {
  @IdField() draftId: string;
  @Text() pack: string;
  @Text({ max: 200 }) packName: string;
  @Text({ max: 200 }) issuer: string;
  @Text() version: string;
  @CivilDateField() from: CivilDate;
  @CivilDateField({ nullable: true }) to: CivilDate | null;
  @YesNo({ doc: '文件写明可以追溯' }) backdated: boolean;
  @Text({ nullable: true, max: 500 }) sample: string | null;
  @DivisionCodeField() divisionCode: string;
  @Text() documentNumber: string;
  @Text({ max: 200 }) documentTitle: string;
  @Text(SHA256) scanSha256: string;
  @Text({ ...SHA256, doc: '文本、文号和扫描件合在一起的 SHA-256，签字时要写' }) contentSha256: string;
  @IdField({ doc: '起草人' }) drafterId: string;
  @MomentField() draftedAt: string;
  @OneOf(STATES, { name: 'PolicyDraftState', doc: '起草、民政已提交、财政会签即发布、撤回' }) state: DraftState;
}

export class PolicySignatureView {
  @OneOf(STEPS, { name: 'PolicySignatureStep' }) step: SignatureStep;
  @IdField() staffId: string;
  @OneOf(ROLES, { name: 'Role' }) role: Role;
  @Text({ nullable: true, max: 200 }) reason: string | null;
  @MomentField() signedAt: string;
}

export class PolicyDraftDetail extends PolicyDraftView {
  @Nested(() => PolicyTextsBody) texts: PolicyTextsBody;
  @ListOf(() => PolicySignatureView) signatures: PolicySignatureView[];
}

export class PolicyDraftPage {
  @ListOf(() => PolicyDraftView) items: PolicyDraftView[];
  @Text({ nullable: true, max: 400 }) nextCursor: string | null;
}

export class PolicyFindingView {
  @Text({ example: 'case-failed' }) code: string;
  @OneOf(['error', 'warning'], { name: 'PolicyFindingSeverity' }) severity: 'error' | 'warning';
  @Text({ max: 1000 }) sentence: string;
  @Text({ nullable: true }) ruleId: string | null;
  @Text({ nullable: true, max: 4000, doc: '示例老人、食堂和用餐（JSON），均为虚构' }) example: string | null;
  @Text({ nullable: true, max: 200 }) file: string | null;
  @WholeField({ nullable: true }) line: number | null;
}

export class PolicyChecksView {
  @YesNo({ doc: '没有须更正之处，可以签' }) ready: boolean;
  @WholeField({ doc: '本版本决定的案例数' }) cases: number;
  @WholeField() failed: number;
  @ListOf(() => PolicyFindingView, { max: 1000 }) findings: PolicyFindingView[];
}

export class PublicPolicyView {
  @Text() pack: string;
  @Text({ max: 200 }) name: string;
  @Text({ max: 200 }) issuer: string;
  @DivisionCodeField() divisionCode: string;
  @Text() version: string;
  @CivilDateField() from: CivilDate;
  @CivilDateField({ nullable: true, doc: '最后有效日；空为尚未有后续版本' }) to: CivilDate | null;
  @YesNo({ doc: '今天正在执行' }) inForce: boolean;
  @Text({ doc: '文号' }) documentNumber: string;
  @Text({ max: 200 }) documentTitle: string;
  @Text({ ...SHA256, doc: '文件扫描件的 SHA-256' }) documentSha256: string;
  @Text({ nullable: true, max: 500, doc: '样例说明；有值时各处都要显示' }) sample: string | null;
  @YesNo({ doc: '文件写明可以追溯' }) backdated: boolean;
  @MomentField() publishedAt: string;
}

export class PublicPolicyList {
  @ListOf(() => PublicPolicyView, { max: 1000 }) items: PublicPolicyView[];
}
