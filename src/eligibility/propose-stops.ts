import { addDays, type CivilDate, type Clock, type Instant } from '../kernel/index.js';
import { derivedId, type Tx } from '../platform/index.js';
import { recordAudits } from '../access/index.js';
import { factsOf } from '../elder/index.js';
import type { ElderRecord } from '../elder/domain/index.js';
import type { PolicyLibrary } from '../subsidy/index.js';
import { approvedApplications, insertSteps, markStopProposed, type ApplicationRow, type StepRow } from './application.store.js';
import { entitlementWords } from './domain/index.js';
import { standingsOf, type ElderStanding } from './standing-of.js';

/** A reason to end an approval, for a person to decide. */
export interface StopCause {
  /** Why the rules entitle no more, in the engine's word. */
  readonly cause: string;
  /** The last day that is still right. */
  readonly lastDay: CivilDate;
}

/** Why an approval should end by what is recorded; null while the elder is still entitled under its pack. */
export function stopCauseOf(application: Pick<ApplicationRow, 'pack'>, elder: ElderRecord, { version, application: rule, entitlement }: ElderStanding, on: CivilDate): StopCause | null {
  if (elder.died !== null) return { cause: 'deceased', lastDay: elder.died };
  if (version === null || version.pack !== application.pack) return { cause: version === null ? 'no-pack' : 'not-resident', lastDay: dayBeforeMove(elder, on) };
  if (rule === null || entitlement === null || entitlement.refusal === null) return null;
  const moved = entitlement.refusal === 'not-hukou' || entitlement.refusal === 'not-resident';
  return { cause: entitlement.refusal, lastDay: moved ? dayBeforeMove(elder, on) : addDays(on, -1) };
}

/** The day before the last move; yesterday where none is recorded. */
function dayBeforeMove(elder: ElderRecord, on: CivilDate): CivilDate {
  const last = elder.homes.map(({ from }) => from).filter((from) => from !== null && from <= on).toSorted().at(-1);
  return addDays(last ?? on, -1);
}

/**
 * Compares everybody who is approved in a city with the registry and proposes to stop what is no longer right. Nothing
 * ends by itself: a person decides each proposal.
 * @returns how many were proposed
 */
export async function proposeStops(tx: Tx, clock: Clock, policies: PolicyLibrary, cityCode: string, on: CivilDate): Promise<number> {
  const applications = await approvedApplications(tx, cityCode);
  if (applications.length === 0) return 0;
  const records = await factsOf(tx, cityCode, applications.map(({ elderId }) => elderId));
  const standings = await standingsOf(tx, await policies.of(tx, cityCode), cityCode, [...records.values()], on);
  const steps = applications.flatMap((application): StepRow[] => {
    const [record, standing] = [records.get(application.elderId), standings.get(application.elderId)];
    const stop = record === undefined || standing === undefined ? null : stopCauseOf(application, record, standing, on);
    return stop === null ? [] : [proposalOf(application, stop, on, clock.now())];
  });
  if (steps.length === 0) return 0;
  await insertSteps(tx, { cityCode, by: 'system', now: clock.now() }, steps);
  await markStopProposed(tx, cityCode, steps.map(({ applicationId }) => applicationId));
  await recordAudits(tx, clock, cityCode, steps.map((step) => ({ cityCode, actor: 'system', action: 'eligibility.proposeStop', objectKind: 'application', objectId: step.applicationId, after: step })));
  return steps.length;
}

function proposalOf({ applicationId }: ApplicationRow, { cause, lastDay }: StopCause, on: CivilDate, now: Instant): StepRow {
  return {
    stepId: derivedId(applicationId, 'stop', String(now)), applicationId, move: 'proposeStop', from: 'approved', to: 'stopProposed', onDate: on, opinion: null,
    reasonCode: cause, reason: `${entitlementWords(cause)}；建议享受至 ${lastDay}`, materials: [], lateDays: 0,
  };
}
