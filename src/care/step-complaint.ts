import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit, SitePlaces } from '../access/index.js';
import { mayReach } from '../elder/index.js';
import { reachKin } from '../family/index.js';
import { actorName, canonicalJson, CLOCK, doDeed, FieldCipher, Transactor, type MiniActor, type Role, type StaffActor, type Tx } from '../platform/index.js';
import { siteNames } from '../site/index.js';
import { elderPlace, openPhone, readComplaint, saveStep, type ComplaintRow } from './complaint.store.js';
import { holdsNumber, sayAnswered, stepComplaint, type ComplaintLevel, type ComplaintStanding, type ComplaintStepKind } from './domain/index.js';
import { readCareSettings } from './setting.store.js';
import { Tell } from './tell.js';

/** Who answers at which level. A township may answer for its canteen, a county for both. */
const ANSWERERS: Readonly<Record<ComplaintLevel, readonly Role[]>> = {
  site: ['canteenManager', 'townshipOfficer', 'countyOfficer'], township: ['townshipOfficer', 'countyOfficer'], county: ['countyOfficer'],
};

/** Whether somebody who sees a complaint may answer it now. */
export function mayAnswer(actor: Pick<StaffActor, 'roles'>, { level, state }: Pick<ComplaintRow, 'level' | 'state'>): boolean {
  return state === 'open' && actor.roles.some((role) => ANSWERERS[level].includes(role));
}

/**
 * A complaint that a member of staff may see: the site's own people where it did not go past them, those whose division
 * the site lies in, and those whose care the elder is in.
 * @returns `not-found`, `outside-scope`
 */
export async function reachComplaint(tx: Tx, places: SitePlaces, actor: StaffActor, complaintId: string, lock: 'lock' | 'look' = 'look'): Promise<Outcome<ComplaintRow>> {
  const row = await readComplaint(tx, actor.cityCode, complaintId, lock);
  if (row === undefined) return refuse('not-found');
  if (actor.siteId !== null) return actor.siteId === row.siteId && row.beganAt === 'site' ? done(row) : refuse('not-found');
  if ((await places.openTo(tx, actor, row.siteId)).ok) return done(row);
  const elder = row.elderId === null ? undefined : await elderPlace(tx, actor.cityCode, { elderId: row.elderId });
  return elder !== undefined && (await mayReach(tx, actor, elder)) ? done(row) : refuse('outside-scope');
}

/**
 * A complaint of an account: what it wrote itself, and for the elder's own account all of the elder's.
 * @returns `not-found`, `consent-missing`
 */
export async function reachOwnComplaint(tx: Tx, actor: MiniActor, complaintId: string, clock: Clock, lock: 'lock' | 'look' = 'look'): Promise<Outcome<ComplaintRow>> {
  const row = await readComplaint(tx, actor.cityCode, complaintId, lock);
  if (row === undefined || row.elderId === null) return refuse('not-found');
  const kin = await reachKin(tx, actor, row.elderId, 'meals', today(clock));
  if (!kin.ok) return kin;
  return kin.value.isSelf || row.accountId === actor.accountId ? done(row) : refuse('not-found');
}

type Kind = Exclude<ComplaintStepKind, 'made' | 'late'>;

interface Step {
  readonly id: string;
  readonly complaintId: string;
  readonly kind: Kind;
  readonly text: string | null;
}

/** Answers complaints, notes that who called was told, and takes what they say to it: every step is added, none is changed. */
@Injectable()
export class StepComplaint {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, private readonly places: SitePlaces, private readonly tell: Tell, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `complaint-not-yours`, `complaint-answered`, `complaint-personal` */
  answer(actor: StaffActor, complaintId: string, id: string, text: string): Promise<Outcome<ComplaintStanding>> {
    return this.step(actor, { id, complaintId, kind: 'answered', text }, async (tx) => {
      const row = await reachComplaint(tx, this.places, actor, complaintId, 'lock');
      return row.ok && row.value.state === 'open' && !mayAnswer(actor, row.value) ? refuse('complaint-not-yours') : row;
    });
  }

  /** Notes that whoever has no mini-program was told the answer. @param how such as 电话告知 */
  told(actor: StaffActor, complaintId: string, id: string, how: string): Promise<Outcome<ComplaintStanding>> {
    return this.step(actor, { id, complaintId, kind: 'told', text: how }, (tx) => reachComplaint(tx, this.places, actor, complaintId, 'lock'));
  }

  /** Takes down what a caller says to the answer. @returns as `answer`, and `complaint-by-phone` for one of the mini-program */
  replyFor(actor: StaffActor, complaintId: string, id: string, satisfied: boolean, text: string): Promise<Outcome<ComplaintStanding>> {
    return this.step(actor, { id, complaintId, kind: satisfied ? 'settled' : 'objected', text }, async (tx) => {
      const row = await reachComplaint(tx, this.places, actor, complaintId, 'lock');
      return row.ok && row.value.channel === 'mini' ? refuse('complaint-by-phone') : row;
    });
  }

  /** @returns `not-found`, `consent-missing`, `complaint-not-answered`, `complaint-settled`, `complaint-objected`, `complaint-reply-late`, `complaint-personal` */
  reply(actor: MiniActor, complaintId: string, id: string, satisfied: boolean, text: string): Promise<Outcome<ComplaintStanding>> {
    return this.step(actor, { id, complaintId, kind: satisfied ? 'settled' : 'objected', text }, (tx) => reachOwnComplaint(tx, actor, complaintId, this.clock, 'lock'));
  }

  /** The number that a caller left, for calling back; each look is audited. @returns `not-found`, `outside-scope`, `complaint-phone-none` */
  phone(actor: StaffActor, complaintId: string): Promise<Outcome<{ phone: string }>> {
    return this.transactor.run<Outcome<{ phone: string }>>(async (tx) => {
      const row = await reachComplaint(tx, this.places, actor, complaintId);
      if (!row.ok) return row;
      const phone = openPhone(this.cipher, actor.cityCode, row.value);
      if (phone === null) return refuse('complaint-phone-none');
      await recordAudit(tx, this.clock, { cityCode: actor.cityCode, actor, action: 'complaint.phone', objectKind: 'complaint', objectId: complaintId });
      return done({ phone });
    });
  }

  private step(actor: StaffActor | MiniActor, { id, complaintId, kind, text }: Step, reach: (tx: Tx) => Promise<Outcome<ComplaintRow>>): Promise<Outcome<ComplaintStanding>> {
    const { cityCode } = actor;
    if (text !== null && holdsNumber(text)) return Promise.resolve(refuse('complaint-personal'));
    const body = this.cipher.blindIndex('care.complaint-step', canonicalJson({ complaintId, kind, text, by: actorName(actor) }));
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'care.complaint-step', body }, async (tx) => {
      const reached = await reach(tx);
      if (!reached.ok) return reached;
      const [row, now] = [reached.value, this.clock.now()];
      const to = stepComplaint(row, kind, now, await readCareSettings(tx, cityCode));
      if (typeof to === 'string') return refuse(to);
      await saveStep(tx, this.cipher, cityCode, row, to, { kind, text, recordedAt: now, recordedBy: actorName(actor) });
      if (kind === 'answered') await this.announce(tx, cityCode, row);
      await recordAudit(tx, this.clock, { cityCode, actor, action: `complaint.${kind}`, objectKind: 'complaint', objectId: complaintId, before: row, after: { to, text } });
      const { level, state, objected, told, late, dueAt, answeredAt } = to;
      return done({ level, state, objected, told, late, dueAt, answeredAt });
    });
  }

  /** Tells whoever complained, and the elder's own account. */
  private async announce(tx: Tx, cityCode: string, row: ComplaintRow): Promise<void> {
    const site = (await siteNames(tx, cityCode, [row.siteId])).get(row.siteId) ?? '';
    const said = sayAnswered(row.number, site, this.clock.now());
    const own = row.elderId === null ? [] : await this.tell.ownAccounts(tx, cityCode, row.elderId);
    for (const accountId of new Set([...(row.accountId === null ? [] : [row.accountId]), ...own])) {
      await this.tell.run(tx, { cityCode, accountId, elderId: row.elderId, kind: 'answered', cause: `${row.complaintId} ${row.steps + 1}`, said });
    }
  }
}
