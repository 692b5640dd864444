import { recordAudit } from '../access/index.js';
import { invariant } from '../kernel/index.js';
import type { JobBoard, JobRequest, Tx } from '../platform/index.js';
import { insertSteps, lockClaims, writeRevision } from './claim.store.js';
import { insertClaimSeals } from './claim-seal.store.js';
import { computeClaim, type ClaimTools } from './compute-claim.js';
import { claimsToBuild } from './run.store.js';

/** Builds one site's claim of a closed month. */
export const BUILD_CLAIM = 'settlement.build-claim';

/** Builds a claim once: a second delivery finds it built and does nothing. */
export async function buildClaim(tx: Tx, tools: ClaimTools, job: JobRequest): Promise<void> {
  const { cityCode } = job;
  const { clock } = tools;
  const [claim] = await lockClaims(tx, cityCode, [String(job.payload['claimId'])]);
  invariant(claim, 'a claim to be built is there');
  if (claim.state !== 'building') return;
  const computed = await computeClaim(tx, tools, cityCode, claim.siteId, claim.month);
  await writeRevision(tx, cityCode, claim.claimId, 1, computed.lines, computed);
  const { claimId } = claim;
  await insertClaimSeals(tx, cityCode, claimId, 1, computed.logIndexes);
  await insertSteps(tx, cityCode, [{ claimId, revision: 1, fromState: 'building', toState: 'draft' }],
    { step: 'build', atStep: null, actor: 'system', staffId: null, now: clock.now(), reason: null });
  await recordAudit(tx, clock, { cityCode, actor: 'system', action: 'claim.build', objectKind: 'claim', objectId: claimId, after: { linesHash: computed.linesHash, claimedFen: computed.claimedFen } });
}

/** Writes the room's jobs on the board, and lets the sweeper find claims whose job got lost. */
export function registerJobs(board: JobBoard, tools: ClaimTools): void {
  board.handle(BUILD_CLAIM, (tx, job) => buildClaim(tx, tools, job));
  board.sweep((tx) => claimsToBuild(tx, BUILD_CLAIM));
}
