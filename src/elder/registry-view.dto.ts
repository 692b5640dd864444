import type { CivilDate } from '../kernel/index.js';
import { CivilDateField, DivisionCodeField, IdField, ListOf, MomentField, Nested, OneOf, Text, WholeField, WordsOf, YesNo } from '../platform/index.js';
import { RELATIONS, type Relation } from './contact.store.js';
import {
  AUTHORITIES, CATEGORY_CODES, COMPUTED_CODES, CONSENT_SCOPES, DISPUTE_STATES, GRANTEES,
  type Authority, type ConsentScope, type DisputeState, type Grantee,
} from './domain/index.js';

export class ContactAnswer {
  @IdField()
  entryId: string;

  @IdField()
  contactId: string;
}

export class ContactView extends ContactAnswer {
  @Text({ example: '张**' })
  name: string;

  @Text({ example: '138****5678' })
  phone: string;

  @OneOf(RELATIONS, { name: 'Relation' })
  relation: Relation;

  @YesNo()
  emergency: boolean;
}

export class ContactList {
  @ListOf(() => ContactView)
  items: ContactView[];
}

export class ConsentAnswer {
  @IdField()
  consentId: string;

  @WholeField()
  version: number;
}

export class ConsentView extends ConsentAnswer {
  @OneOf(GRANTEES, { name: 'Grantee' })
  grantee: Grantee;

  @IdField({ nullable: true })
  contactId: string | null;

  @WordsOf(CONSENT_SCOPES)
  scopes: ConsentScope[];

  @CivilDateField()
  until: CivilDate;

  @CivilDateField()
  givenOn: CivilDate;

  @OneOf(['paper', 'till', 'miniProgram'], { name: 'ConsentHow' })
  givenHow: 'paper' | 'till' | 'miniProgram';

  @Text()
  notice: string;

  @Text({ nullable: true })
  helper: string | null;

  @YesNo()
  withdrawn: boolean;

  @YesNo({ doc: '今日有效' })
  inForce: boolean;

  @MomentField()
  recordedAt: string;
}

export class ConsentList {
  @ListOf(() => ConsentView)
  items: ConsentView[];
}

export class DisputeAnswer {
  @IdField()
  disputeId: string;
}

export class DisputeStateView extends DisputeAnswer {
  @OneOf(DISPUTE_STATES, { name: 'DisputeState' })
  state: DisputeState;
}

export class DisputeStepView {
  @Text()
  move: string;

  @CivilDateField()
  onDate: CivilDate;

  @Text({ nullable: true })
  document: string | null;

  @Text()
  reason: string;

  @IdField({ nullable: true, doc: '异议成立后更正的记录' })
  entryId: string | null;

  @MomentField()
  recordedAt: string;
}

export class DisputeView extends DisputeStateView {
  @IdField()
  elderId: string;

  @OneOf(CATEGORY_CODES, { name: 'CategoryCode' })
  code: string;

  @IdField({ nullable: true })
  entryId: string | null;

  @OneOf(['elder', 'relative', 'communityWorker'], { name: 'DisputeRaiser' })
  raisedBy: 'elder' | 'relative' | 'communityWorker';

  @OneOf(AUTHORITIES, { name: 'Authority' })
  authority: Authority;

  @Text()
  authorityName: string;

  @Text()
  reason: string;

  @CivilDateField()
  openedOn: CivilDate;

  @ListOf(() => DisputeStepView)
  steps: DisputeStepView[];
}

export class DisputePage {
  @ListOf(() => DisputeView)
  items: DisputeView[];

  @Text({ nullable: true })
  nextCursor: string | null;
}

export class RevisionAnswer {
  @IdField()
  revisionId: string;
}

export class RevisionDecidedView extends RevisionAnswer {
  @OneOf(['confirmed', 'rejected'], { name: 'RevisionDecision' })
  decision: 'confirmed' | 'rejected';
}

export class RevisionView extends RevisionAnswer {
  @Text({ example: '张**' })
  name: string;

  @Text({ example: '1****************2' })
  identityNumber: string;

  @Text()
  reason: string;

  @Text()
  evidence: string;

  @MomentField()
  proposedAt: string;

  @OneOf(['confirmed', 'rejected'], { name: 'RevisionDecision', nullable: true })
  decision: 'confirmed' | 'rejected' | null;

  @Text({ nullable: true })
  decisionReason: string | null;

  @MomentField({ nullable: true })
  decidedAt: string | null;
}

export class RevisionList {
  @ListOf(() => RevisionView)
  items: RevisionView[];
}

export class FactCategoryView {
  @OneOf(CATEGORY_CODES, { name: 'CategoryCode' })
  code: string;

  @Text()
  name: string;

  @Text({ nullable: true })
  grade: string | null;

  @CivilDateField()
  from: CivilDate;

  @CivilDateField({ nullable: true })
  to: CivilDate | null;

  @Text()
  source: string;

  @OneOf(AUTHORITIES, { name: 'Authority' })
  authority: Authority;
}

export class FactsView {
  @IdField()
  elderId: string;

  @CivilDateField({ doc: '哪一天的情况' })
  on: CivilDate;

  @MomentField({ doc: '何时所知' })
  knownAt: string;

  @WholeField({ doc: '当日周岁' })
  age: number;

  @DivisionCodeField({ nullable: true })
  hukouCode: string | null;

  @DivisionCodeField({ nullable: true })
  residenceCode: string | null;

  @ListOf(() => FactCategoryView)
  categories: FactCategoryView[];

  @WordsOf(COMPUTED_CODES)
  ageCategories: string[];

  @YesNo({ doc: '当日住在养老机构' })
  inCareHome: boolean;

  @CivilDateField({ nullable: true })
  died: CivilDate | null;
}

export class PendingRevisionView extends RevisionAnswer {
  @Text()
  name: string;

  @Text()
  identityNumber: string;

  @CivilDateField()
  born: CivilDate;
}

export class DisclosedView {
  @IdField()
  elderId: string;

  @Text()
  name: string;

  @Text()
  identityNumber: string;

  @Text({ nullable: true })
  phone: string | null;

  @CivilDateField()
  born: CivilDate;

  @ListOf(() => ContactView, { doc: '联系人（完整信息）' })
  contacts: ContactView[];

  @Nested(() => PendingRevisionView, { nullable: true, doc: '待复核的更正（完整信息）' })
  pendingRevision: PendingRevisionView | null;
}
