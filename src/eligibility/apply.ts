import { Inject, Injectable } from '@nestjs/common';
import { addDays, done, invariant, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, derivedId, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { recordAudit } from '../access/index.js';
import { factsOf, reachElder } from '../elder/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import { insertApplication, insertSteps, type Applicant } from './application.store.js';
import { startClock } from './domain/index.js';
import { standingsOf, type ElderStanding } from './standing-of.js';

/** How far back an application on paper may be entered, in days. */
const MOST_DAYS_BACK = 30;

export interface ApplicationForm {
  readonly id: string;
  readonly elderId: string;
  readonly appliedBy: Applicant;
  /** How a relative stands to the elder. */
  readonly relation?: string | null;
  readonly appliedOn: CivilDate;
  readonly materials: readonly string[];
}

/** Takes an application in, by the elder, a relative, or a community worker for the elder. */
@Injectable()
export class Apply {
  constructor(private readonly transactor: Transactor, private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @returns the application's id; `relation-needed`, `application-date-wrong`, `not-found`, `outside-scope`,
   *   `holder-gone`, `application-no-pack`, `application-not-needed`, `application-running`, `id-taken`
   */
  async run(actor: StaffActor, form: ApplicationForm): Promise<Outcome<{ applicationId: string }>> {
    if ((form.appliedBy === 'relative') !== (typeof form.relation === 'string')) return refuse('relation-needed');
    const now = today(this.clock);
    if (form.appliedOn > now || form.appliedOn < addDays(now, -MOST_DAYS_BACK)) return refuse('application-date-wrong');
    const deed = { cityCode: actor.cityCode, id: form.id, kind: 'eligibility.apply', body: form };
    return doDeed(this.transactor, this.clock, deed, async (tx) => {
      const elder = await reachElder(tx, actor, form.elderId);
      if (!elder.ok) return elder;
      if (elder.value.died !== null) return refuse('holder-gone');
      const packs = await this.policies.of(tx, actor.cityCode);
      const { version, application } = await standingToday(tx, this.policies, actor.cityCode, form.elderId, now);
      if (version === null) return refuse('application-no-pack');
      if (application === null) return refuse('application-not-needed');
      const writing = { cityCode: actor.cityCode, by: actorName(actor), now: this.clock.now() };
      const row = {
        applicationId: form.id, elderId: form.elderId, pack: version.pack, level: application.level, appliedBy: form.appliedBy,
        relation: form.relation ?? null, appliedOn: form.appliedOn, materials: form.materials,
      };
      const clock = startClock(form.appliedOn, application.streetDays, (date) => packs.isWorkday(date));
      if (!(await insertApplication(tx, writing, row, clock))) return refuse('application-running');
      await insertSteps(tx, writing, [{
        stepId: derivedId(form.id, 'submit'), applicationId: form.id, move: 'submit', from: null, to: 'submitted', onDate: form.appliedOn, opinion: null,
        reasonCode: null, reason: '提交申请', materials: form.materials, lateDays: 0,
      }]);
      await recordAudit(tx, this.clock, { cityCode: actor.cityCode, actor, action: 'eligibility.apply', objectKind: 'application', objectId: form.id, after: row });
      return done({ applicationId: form.id });
    });
  }
}

/** What the city's published rules say of one elder on a day. */
export async function standingToday(tx: Tx, policies: PolicyLibrary, cityCode: string, elderId: string, on: CivilDate): Promise<ElderStanding> {
  const record = (await factsOf(tx, cityCode, [elderId])).get(elderId);
  invariant(record, 'an elder who was found has facts');
  const standing = (await standingsOf(tx, await policies.of(tx, cityCode), cityCode, [record], on)).get(elderId);
  invariant(standing, 'every elder has a standing');
  return standing;
}
