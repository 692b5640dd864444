import { Inject, Injectable } from '@nestjs/common';
import { inScope, recordAudit } from '../access/index.js';
import { done, invariant, refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, doDeed, stageJobs, Transactor, type Role, type StaffActor, type Tx } from '../platform/index.js';
import { checkDraft } from './check-draft.js';
import { PolicyLibrary } from './policy-library.js';
import { POLICY_PUBLISHED } from './policy-news.js';
import { headOf, insertPublication, insertSignature, lockPolicies, readDraft, type DraftHead, type DraftRow, type DraftState, type SignatureStep } from './policy.store.js';

/** A signature under a draft. */
export interface SignRequest {
  readonly id: string;
  readonly draftId: string;
  /** Of the texts, document and scan that the signer has before them. */
  readonly contentSha256: string;
}

/** The end of a draft that was not published. */
export interface WithdrawRequest {
  readonly id: string;
  readonly draftId: string;
  readonly reason: string;
}

const CIVIL_AFFAIRS: readonly Role[] = ['cityOfficer', 'countyOfficer'];
const FINANCE: readonly Role[] = ['financeApprover'];

interface Step {
  readonly id: string;
  readonly draftId: string;
  readonly step: SignatureStep;
  readonly roles: readonly Role[];
  readonly from: readonly DraftState[];
  readonly contentSha256: string | null;
  readonly reason: string | null;
}

/**
 * The two signatures that make a draft a rule: civil affairs, who drafted it, and another person of finance. The second
 * one publishes it. Signatures of one city wait for each other, so that of two at once one holds.
 */
@Injectable()
export class SignPolicy {
  constructor(private readonly transactor: Transactor, private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock) {}

  /** Signs for civil affairs. @returns `not-found`, `outside-scope`, `policy-content-differs`, `policy-state`, `policy-not-drafter`, `policy-checks-failed` */
  submit(actor: StaffActor, asked: SignRequest): Promise<Outcome<DraftHead>> {
    return this.take(actor, { ...asked, step: 'civilAffairs', roles: CIVIL_AFFAIRS, from: ['drafted'], reason: null }, async (tx, draft) => {
      if (draft.drafterId !== actor.staffId) return refuse('policy-not-drafter');
      return this.checked(tx, actor.cityCode, draft);
    });
  }

  /** Signs for finance and publishes. @returns as `submit`, and `maker-is-checker` for who drafted it */
  countersign(actor: StaffActor, asked: SignRequest): Promise<Outcome<DraftHead>> {
    const { cityCode } = actor;
    return this.take(actor, { ...asked, step: 'finance', roles: FINANCE, from: ['submitted'], reason: null }, async (tx, draft) => {
      if (draft.drafterId === actor.staffId) return refuse('maker-is-checker');
      return this.checked(tx, cityCode, draft);
    }, async (tx, draft) => {
      const { pack, version, from } = draft;
      const seq = await insertPublication(tx, cityCode, draft, actor.staffId, this.clock.now());
      await stageJobs(tx, this.clock, [{ cityCode, job: POLICY_PUBLISHED, key: `${pack} ${version}`, payload: { cityCode, pack, version, from, seq } }]);
    });
  }

  /** Ends a draft: its drafter's side takes it back, or finance declines it. @returns `not-found`, `outside-scope`, `policy-state` */
  withdraw(actor: StaffActor, asked: WithdrawRequest): Promise<Outcome<DraftHead>> {
    return this.take(actor, { ...asked, step: 'withdrawn', roles: [...CIVIL_AFFAIRS, ...FINANCE], from: ['drafted', 'submitted'], contentSha256: null }, async () => done(null));
  }

  private async take(
    actor: StaffActor, step: Step, allowed: (tx: Tx, draft: DraftRow) => Promise<Outcome<null>>, then?: (tx: Tx, draft: DraftRow) => Promise<void>,
  ): Promise<Outcome<DraftHead>> {
    const { cityCode, staffId } = actor;
    const action = `policy.${step.step}`;
    const body = { draftId: step.draftId, contentSha256: step.contentSha256, reason: step.reason, by: staffId };
    return doDeed(this.transactor, this.clock, { cityCode, id: step.id, kind: action, body }, async (tx) => {
      await lockPolicies(tx, cityCode);
      const draft = await readDraft(tx, cityCode, step.draftId);
      if (draft === undefined) return refuse('not-found');
      if (!(await inScope(tx, actor, draft.divisionCode))) return refuse('outside-scope');
      if (step.contentSha256 !== null && step.contentSha256 !== draft.contentSha256) return refuse('policy-content-differs');
      if (!step.from.includes(draft.state)) return refuse('policy-state', { state: STATES[draft.state] });
      const answer = await allowed(tx, draft);
      if (!answer.ok) return answer;
      const role = step.roles.find((one) => actor.roles.includes(one));
      invariant(role !== undefined, 'the route lets in only who may sign');
      await insertSignature(tx, cityCode, draft, { step: step.step, staffId, role, reason: step.reason, signedAt: this.clock.now() });
      await then?.(tx, draft);
      const after = await readDraft(tx, cityCode, step.draftId);
      invariant(after !== undefined, 'a draft is never removed');
      const { contentSha256, state } = after;
      await recordAudit(tx, this.clock, {
        cityCode, actor, action, objectKind: 'policyDraft', objectId: step.draftId, before: { contentSha256, state: draft.state }, after: { contentSha256, state },
        ...(step.reason === null ? {} : { reason: step.reason }),
      });
      return done(headOf(after));
    });
  }

  private async checked(tx: Tx, cityCode: string, draft: DraftRow): Promise<Outcome<null>> {
    const { ready, findings } = checkDraft(draft, await this.policies.of(tx, cityCode), today(this.clock));
    if (ready) return done(null);
    const errors = findings.filter(({ severity }) => severity === 'error');
    return refuse('policy-checks-failed', { count: errors.length, first: errors[0]?.sentence ?? '', codes: errors.map(({ code }) => code) });
  }
}

const STATES: Readonly<Record<DraftState, string>> = { drafted: '起草中', submitted: '已由民政提交', published: '已发布', withdrawn: '已撤回' };
