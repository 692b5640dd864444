import { Inject, Injectable } from '@nestjs/common';
import { inScope, recordAudit } from '../access/index.js';
import { addMonths, done, firstDay, invariant, monthOf, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, deadJobs, doDeed, hashOf, stageJobs, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { isWithin } from '../region/index.js';
import { compileDraft, draftOf, PackError, type DraftTexts, type Pack } from '../subsidy/index.js';
import { countPastMeals } from '../tap/index.js';
import { insertReplay, lockReplays, readReplay, runningReplays, type Facts, type ReplayHead } from './replay.store.js';
import { RUN_REPLAY } from './run-replay.js';

/** A replay that somebody asks for: of a draft of the city, or of texts that are no draft yet. */
export interface ReplayRequest {
  readonly id: string;
  readonly draftId: string | null;
  readonly texts: DraftTexts | null;
  readonly from: CivilDate;
  readonly to: CivilDate;
  readonly facts: Facts;
}

/** How many months a period may touch. */
export const MOST_MONTHS = 13;

/** Asks for a replay; the job does it. One at a time in a city, so that replays never take more than one connection. */
@Injectable()
export class AskReplay {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @returns the replay; `replay-period-wrong`, `replay-source-wrong`, `policy-text-wrong` with file, line and remedy,
   *   `not-found`, `outside-scope`, `replay-running`
   */
  async run(actor: StaffActor, asked: ReplayRequest): Promise<Outcome<ReplayHead>> {
    const { cityCode } = actor;
    const { id, from, to, facts, draftId, texts } = asked;
    if ((draftId === null) === (texts === null)) return refuse('replay-source-wrong');
    if (from > to || to >= today(this.clock) || firstDay(addMonths(monthOf(from), MOST_MONTHS)) <= to) return refuse('replay-period-wrong', { months: MOST_MONTHS });
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'replay.ask', body: { ...asked, by: actor.staffId } }, async (tx) => {
      const found = await this.draft(tx, actor, asked);
      if (!found.ok) return found;
      const draft = found.value;
      const [version] = draft.versions;
      invariant(version !== undefined, 'a draft has a version');
      await lockReplays(tx, cityCode);
      const dead = new Set((await deadJobs(tx, cityCode, RUN_REPLAY)).map(({ key }) => key));
      if ((await runningReplays(tx, cityCode)).some(({ replayId, step }) => !dead.has(`${replayId} ${step}`))) return refuse('replay-running');
      const knownAt = this.clock.now();
      const total = await countPastMeals(tx, cityCode, from, to, knownAt);
      const draftSha256 = hashOf({ pack: draft.sha256, version: version.sha256 });
      await insertReplay(tx, cityCode, {
        replayId: id, scopeCode: actor.divisionCode, draftId, texts, pack: version.pack, version: version.version, draftSha256, from, to, facts, knownAt, total, askedBy: actorName(actor),
      });
      await stageJobs(tx, this.clock, [{ cityCode, job: RUN_REPLAY, key: `${id} 0`, payload: { replayId: id } }]);
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'replay.ask', objectKind: 'replay', objectId: id, after: { draftSha256, from, to, facts } });
      const replay = await readReplay(tx, cityCode, id);
      invariant(replay !== undefined, 'a replay that was just asked for is there');
      return done(replay);
    });
  }

  /** The draft, where its division and the asker's are one inside the other. */
  private async draft(tx: Tx, actor: StaffActor, { draftId, texts }: ReplayRequest): Promise<Outcome<Pack>> {
    const found = texts === null ? done(await draftOf(tx, actor.cityCode, draftId ?? '')) : compiled(texts);
    if (!found.ok) return found;
    if (found.value === null) return refuse('not-found');
    const { division } = found.value.source;
    if (!(await inScope(tx, actor, division)) && !(await isWithin(tx, actor.cityCode, division, actor.divisionCode))) return refuse('outside-scope');
    return done(found.value);
  }
}

function compiled(texts: DraftTexts): Outcome<Pack> {
  try {
    return done(compileDraft(texts).pack);
  } catch (error) {
    if (error instanceof PackError) return refuse('policy-text-wrong', { problem: error.message });
    throw error;
  }
}
