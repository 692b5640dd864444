import { recordAudits } from '../access/index.js';
import { invariant } from '../kernel/index.js';
import type { JobBoard, JobRequest, Tx } from '../platform/index.js';
import { insertClaimSeals } from './claim-seal.store.js';
import { insertSteps, lockClaims, lockUnbuilt, writeRevisions } from './claim.store.js';
import { computeClaims, type ClaimTools } from './compute-claim.js';
import { claimsToBuild } from './run.store.js';

/** Builds a site's claim of a closed month, and with it those of other sites that are still to be built. */
export const BUILD_CLAIM = 'settlement.build-claim';

/** So many claims are built in one transaction: their days are read together. */
const TOGETHER = 500;

/**
 * Builds a claim once: a second delivery finds it built and does nothing. The first job of a month builds its neighbours
 * as well, whose own jobs then find nothing left; a claim in other hands is waited for only where it is the job's own.
 * After a failure each job builds its own claim alone, so that one that cannot be built does not keep the others.
 */
export async function buildClaim(tx: Tx, tools: ClaimTools, job: JobRequest): Promise<void> {
  const { cityCode } = job;
  const { clock } = tools;
  const [own] = await lockClaims(tx, cityCode, [String(job.payload['claimId'])]);
  invariant(own, 'a claim to be built is there');
  if (own.state !== 'building') return;
  // The job's own is among them.
  const claims = (job.tries ?? 0) > 0 ? [own] : await lockUnbuilt(tx, cityCode, own.runId, TOGETHER);
  const all = claims.some(({ claimId }) => claimId === own.claimId) ? claims : [own, ...claims];
  const computed = await computeClaims(tx, tools, cityCode, own.month, all.map(({ siteId }) => siteId));
  const rows = all.map(({ claimId, siteId }) => {
    const sums = computed.get(siteId);
    invariant(sums, 'every claim was computed');
    return { claimId, revision: 1, lines: sums.lines, sums, logIndexes: sums.logIndexes };
  });
  await writeRevisions(tx, cityCode, rows);
  await insertClaimSeals(tx, cityCode, rows);
  await insertSteps(tx, cityCode, rows.map(({ claimId }) => ({ claimId, revision: 1, fromState: 'building', toState: 'draft' })),
    { step: 'build', atStep: null, actor: 'system', staffId: null, now: clock.now(), reason: null });
  await recordAudits(tx, clock, cityCode, rows.map(({ claimId, sums }) => ({
    cityCode, actor: 'system', action: 'claim.build', objectKind: 'claim', objectId: claimId, after: { linesHash: sums.linesHash, claimedFen: sums.claimedFen },
  })));
}

/** Writes the room's jobs on the board, and lets the sweeper find claims whose job got lost. */
export function registerJobs(board: JobBoard, tools: ClaimTools): void {
  board.handle(BUILD_CLAIM, (tx, job) => buildClaim(tx, tools, job));
  board.sweep((tx) => claimsToBuild(tx, BUILD_CLAIM));
}
