import { Inject, Injectable } from '@nestjs/common';
import { recordAudits } from '../access/index.js';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { chainOf } from '../region/index.js';
import { DEFAULT_CHAIN } from '../region/domain/index.js';
import { stepFor } from './check-step.js';
import { isClean, stateAfter, type ClaimState } from './domain/index.js';
import { linesOf, lockClaims, moveClaims, type ClaimRow } from './claim.store.js';

/** The steps that claims take singly or together, before they go to finance as a batch. */
export type OwnStep = 'submit' | 'township' | 'county';

export interface StepRequest {
  readonly id: string;
  readonly step: OwnStep;
  readonly claimIds: readonly string[];
  /** Several at once: only claims that nobody has to look at twice. */
  readonly together: boolean;
}

export interface StepTakenAnswer {
  readonly claims: number;
  readonly state: ClaimState;
}

/** Takes a step of the city's chain for one claim, or for many clean ones together. */
@Injectable()
export class TakeStep {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `not-allowed`, `claim-state`, `maker-is-checker`, `claims-not-clean`, `claim-difference`, `claim-without-payee` */
  async run(actor: StaffActor, asked: StepRequest): Promise<Outcome<StepTakenAnswer>> {
    const { cityCode } = actor;
    const body = { step: asked.step, claimIds: asked.claimIds, by: actor.staffId };
    return doDeed(this.transactor, this.clock, { cityCode, id: asked.id, kind: 'claim.step', body }, async (tx) => {
      const claims = await lockClaims(tx, cityCode, asked.claimIds);
      if (claims.length < new Set(asked.claimIds).size) return refuse('not-found');
      const chain = (await chainOf(tx, cityCode)) ?? DEFAULT_CHAIN;
      const step = await stepFor(tx, actor, chain, claims, asked.step);
      if (!step.ok) return step;
      const fault = asked.together ? notClean(claims) : null;
      if (fault !== null) return fault;
      const unready = asked.step === 'submit' ? await notReady(tx, cityCode, claims) : null;
      if (unready !== null) return unready;
      const toState = stateAfter(asked.step);
      await moveClaims(tx, cityCode, claims, { step: asked.step, atStep: asked.step, toState, actor: actorName(actor), staffId: actor.staffId, now: this.clock.now(), reason: null });
      await recordAudits(tx, this.clock, cityCode, claims.map((claim) => ({
        cityCode, actor, action: `claim.${asked.step}`, objectKind: 'claim', objectId: claim.claimId, before: { state: claim.state }, after: { state: toState, claimedFen: claim.claimedFen, cutFen: claim.cutFen },
      })));
      return done({ claims: claims.length, state: toState });
    });
  }
}

function notClean(claims: readonly ClaimRow[]) {
  const exceptions = claims.filter((claim) => !isClean(claim)).map((claim) => claim.claimNumber);
  return exceptions.length === 0 ? null : refuse('claims-not-clean', { claims: exceptions.slice(0, 50) });
}

/** What keeps claims from being submitted: a difference that nobody explained, money without an account to go to. */
async function notReady(tx: Tx, cityCode: string, claims: readonly ClaimRow[]) {
  const differing = claims.find((claim) => claim.differenceFen > 0);
  if (differing !== undefined) return refuse('claim-difference', { differenceFen: differing.differenceFen, claimNumber: differing.claimNumber });
  const lines = (await linesOf(tx, cityCode, claims.map((claim) => claim.claimId))).filter((line) => line.payeeId === null && line.claimedFen !== 0);
  return lines.length === 0 ? null : refuse('claim-without-payee', { lines: lines.length });
}
