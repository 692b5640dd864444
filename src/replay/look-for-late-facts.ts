import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { factsRecorded } from '../elder/index.js';
import { done, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, derivedId, doDeed, stageJobs, Transactor, type JobRequest, type StaffActor, type Tx } from '../platform/index.js';
import type { PublishedPolicy } from '../subsidy/index.js';
import { eldersWhoAte, factsAfterMeals } from '../tap/index.js';
import { insertCauses, insertLook, lastLook, lockLooks } from './restatement.store.js';

/** Decides one elder's meals anew. */
export const RESTATE = 'replay.restate';
/** Looks for the elders whom a rule from a past day touches, some at a time. */
export const RESTATE_RULE = 'replay.restate-rule';

/** An entry may be committed some time after the moment that it names: looks overlap by so much. */
const OVERLAP_MS = 10 * 60_000;
const FACTS = 5_000;
const ELDERS = 500;

/** What a look found. */
export interface Look {
  readonly lookId: string;
  /** Entries written since the look before, as far as they speak of the past. */
  readonly facts: number;
  /** Elders whose meals are decided anew. */
  readonly elders: number;
}

/** Finds what came late: entries of the registry that speak of meals decided before them, and rules from a past day. */
@Injectable()
export class LookForLateFacts {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** A look that an officer asks for, without waiting for the night. */
  async asked(actor: StaffActor, id: string): Promise<Outcome<Look>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'restatement.look', body: { by: actor.staffId } }, async (tx) => {
      const look = await this.look(tx, cityCode, id, today(this.clock), actorName(actor));
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'restatement.look', objectKind: 'restatementLook', objectId: id, after: look });
      return done(look);
    });
  }

  /** Looks through what was written since the last look, and stages a job for each elder with something new. */
  async look(tx: Tx, cityCode: string, lookId: string, lookedFor: CivilDate, askedBy: string): Promise<Look> {
    await lockLooks(tx, cityCode);
    const [since, now] = [await lastLook(tx, cityCode), this.clock.now()];
    const facts = await factsRecorded(tx, cityCode, since === null ? 0 : since - OVERLAP_MS, now, null);
    const elders: string[] = [];
    for (let start = 0; start < facts.length; start += FACTS) {
      const some = facts.slice(start, start + FACTS);
      const late = await factsAfterMeals(tx, cityCode, some);
      const causes = some.filter((_, place) => late.has(place)).map(({ entryId, ...fact }) => ({ ...fact, causeId: entryId }));
      if (causes.length > 0) elders.push(...(await insertCauses(tx, cityCode, lookId, causes)));
    }
    await this.stage(tx, cityCode, lookId, [...new Set(elders)]);
    const look: Look = { lookId, facts: facts.length, elders: new Set(elders).size };
    await insertLook(tx, cityCode, { ...look, lookedFor, lookedAt: now, askedBy });
    return look;
  }

  /** A version was published: from a day that has come already it may change meals that were eaten. */
  async heard(tx: Tx, { cityCode, pack, version, from }: PublishedPolicy): Promise<void> {
    if (from > today(this.clock)) return;
    await stageJobs(tx, this.clock, [{ cityCode, job: RESTATE_RULE, key: `${pack} ${version} `, payload: { pack, version, from, after: '' } }]);
  }

  /** Notes the rule for the next elders who ate since its first day, and goes on after them. */
  async spread(tx: Tx, { cityCode, payload }: JobRequest): Promise<void> {
    const [pack, version, from, after] = [String(payload['pack']), String(payload['version']), String(payload['from']) as CivilDate, String(payload['after'])];
    const now = this.clock.now();
    const elderIds = await eldersWhoAte(tx, cityCode, from, today(this.clock), now, after === '' ? null : after, ELDERS);
    const lookId = derivedId('restatement-rule', cityCode, pack, version);
    const causes = elderIds.map((elderId) => ({ elderId, causeId: `${pack}/${version}`, kind: 'rule' as const, firstDay: from, recordedAt: now }));
    if (causes.length > 0) await this.stage(tx, cityCode, lookId, await insertCauses(tx, cityCode, lookId, causes));
    const last = elderIds.at(-1);
    if (elderIds.length < ELDERS || last === undefined) return;
    await stageJobs(tx, this.clock, [{ cityCode, job: RESTATE_RULE, key: `${pack} ${version} ${last}`, payload: { pack, version, from, after: last } }]);
  }

  private async stage(tx: Tx, cityCode: string, lookId: string, elderIds: readonly string[]): Promise<void> {
    await stageJobs(tx, this.clock, elderIds.map((elderId) => ({ cityCode, job: RESTATE, key: `${elderId} ${lookId}`, payload: { elderId, lookId } })));
  }
}
