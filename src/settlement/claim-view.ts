import { at, type StaffActor, type Tx } from '../platform/index.js';
import { chainOf } from '../region/index.js';
import { DEFAULT_CHAIN, type ApprovalStep } from '../region/domain/index.js';
import { siteNames } from '../site/index.js';
import { legsOfClaim } from './batch.store.js';
import { cutsOf, linesOf, stepsOf, type ClaimRow } from './claim.store.js';
import { approvedLines, isClean, stepDue } from './domain/index.js';
import type { ClaimDetail, ClaimView } from './settlement.dto.js';

function viewOf(row: ClaimRow, siteName: string, chain: readonly ApprovalStep[]): ClaimView {
  const { claimId, claimNumber, siteId, month, divisionCode, countyCode, state, revision, meals, claimedFen, approvedFen, cutFen, paidFen, differenceFen, batchId } = row;
  return {
    claimId, claimNumber, siteId, siteName, month, divisionCode, countyCode, state, stepDue: stepDue(chain, state)?.step ?? null, revision, meals,
    claimedFen, approvedFen, cutFen, paidFen, differenceFen, clean: isClean(row), batchId,
  };
}

/** Claims as lists show them. */
export async function claimViews(tx: Tx, actor: StaffActor, rows: readonly ClaimRow[]): Promise<ClaimView[]> {
  const names = await siteNames(tx, actor.cityCode, rows.map((row) => row.siteId));
  const chain = (await chainOf(tx, actor.cityCode)) ?? DEFAULT_CHAIN;
  return rows.map((row) => viewOf(row, names.get(row.siteId) ?? '', chain));
}

/** A claim with its lines, cuts, history and legs. */
export async function claimDetail(tx: Tx, actor: StaffActor, row: ClaimRow): Promise<ClaimDetail> {
  const { cityCode } = actor;
  const [view] = await claimViews(tx, actor, [row]);
  const cuts = await cutsOf(tx, cityCode, [row.claimId]);
  const steps = await stepsOf(tx, cityCode, row.claimId);
  return {
    ...(view as ClaimView), linesHash: row.linesHash, differences: [...row.differences],
    lines: approvedLines((await linesOf(tx, cityCode, [row.claimId])).map(({ claimId: _, ...line }) => line), cuts),
    cuts: cuts.map(({ cutId, lineNo, fen, reason, atStep, actor: by, at: when }) => ({ cutId, lineNo, fen, reason, atStep, actor: by, at: at(when) })),
    steps: steps.map(({ stepNo, revision, step, fromState, toState, actor: by, at: when, reason }) => ({ stepNo, revision, step, fromState, toState, actor: by, at: at(when), reason })),
    legs: (await legsOfClaim(tx, cityCode, row.claimId)).map(({ batchId: _, ...leg }) => leg),
  };
}
