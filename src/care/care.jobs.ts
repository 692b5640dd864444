import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { nightOf, today, type Clock, type Instant } from '../kernel/index.js';
import { recordAudit } from '../access/index.js';
import { CLOCK, FieldCipher, JobBoard, type JobRequest, type Tx } from '../platform/index.js';
import { siteNames } from '../site/index.js';
import { pastMealsById } from '../tap/index.js';
import { lateComplaints, readComplaint, saveStep } from './complaint.store.js';
import { dueMeals, sayAte, sayBooking, sayTakenBack, stepComplaint } from './domain/index.js';
import { FollowElder } from './follow-elder.js';
import { followUpsEatenSince } from './follow-up.store.js';
import { citiesWithNotices, forgetNotices } from './notice.store.js';
import { ateMeal } from './rating.store.js';
import { SendMessage } from './send-message.js';
import { readCareSettings } from './setting.store.js';
import { bookingsOpen, bookingsSince, citiesWithFamilies, keepMark, lookFrom, markIsOld, mealsSince, toldBooking, voidsSince, type CityMark } from './sightings.store.js';
import { MESSAGE, Tell } from './tell.js';

const ATE = 'care.ate';
const TAKEN_BACK = 'care.taken-back';
const BOOKING = 'care.booking';
const NOT_EATEN = 'care.not-eaten';
const LATE = 'care.complaint-late';
const FOLLOWED = 'care.follow-up-ate';
const FORGET = 'care.forget';
const SYSTEM = 'system';
const DAY_MS = 86_400_000;

/**
 * Looks for what other rooms wrote down and a family is told of. The rooms that sell and book know nothing of it, so a
 * tap costs no statement more; what is found becomes a job of its own, once, under the name of what it follows from.
 */
@Injectable()
export class CareJobs implements OnModuleInit {
  constructor(
    private readonly board: JobBoard, private readonly tell: Tell, private readonly messages: SendMessage, private readonly follows: FollowElder, private readonly cipher: FieldCipher,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.board.handle(ATE, (tx, job) => this.ate(tx, job));
    this.board.handle(TAKEN_BACK, (tx, job) => this.takenBack(tx, job));
    this.board.handle(BOOKING, (tx, job) => this.booking(tx, job));
    this.board.handle(NOT_EATEN, (tx, job) => this.notEaten(tx, job));
    this.board.handle(MESSAGE, (tx, job) => this.messages.run(tx, job));
    this.board.handle(LATE, (tx, job) => this.late(tx, job));
    this.board.handle(FOLLOWED, (tx, job) => this.follows.ate(tx, job));
    this.board.handle(FORGET, (tx, job) => this.forget(tx, job));
    this.board.sweep((tx) => this.news(tx));
    this.board.sweep((tx) => this.chores(tx));
  }

  /** What happened since the last look, in cities where somebody wants to hear of it. */
  private async news(tx: Tx): Promise<JobRequest[]> {
    const [now, found]: [Instant, JobRequest[]] = [this.clock.now(), []];
    for (const mark of await citiesWithFamilies(tx)) found.push(...(await this.newsOf(tx, mark, now)));
    return found;
  }

  private async newsOf(tx: Tx, mark: CityMark, now: Instant): Promise<JobRequest[]> {
    const { cityCode } = mark;
    const [since, date] = [lookFrom(mark, now), today(this.clock)];
    const found: JobRequest[] = [
      ...(await mealsSince(tx, cityCode, date, since)).map(({ id }) => ({ cityCode, job: ATE, key: id, payload: { tapId: id } })),
      ...(await voidsSince(tx, cityCode, since)).map(({ id }) => ({ cityCode, job: TAKEN_BACK, key: id, payload: { tapId: id } })),
      ...(await bookingsSince(tx, cityCode, since)).map(({ id, kind, event }) => ({ cityCode, job: BOOKING, key: `${id} ${event}`, payload: { bookingId: id, kind } })),
    ];
    if (!markIsOld(mark, now)) return found;
    await keepMark(tx, cityCode, now);
    const open = await bookingsOpen(tx, cityCode, date, dueMeals(now));
    return [...found, ...open.map(({ id }) => ({ cityCode, job: NOT_EATEN, key: id, payload: { bookingId: id } }))];
  }

  private async chores(tx: Tx): Promise<JobRequest[]> {
    const late = (await lateComplaints(tx, this.clock.now())).map(({ cityCode, complaintId, steps }) => ({ cityCode, job: LATE, key: `${complaintId} ${steps}`, payload: { complaintId } }));
    const eaten = (await followUpsEatenSince(tx, today(this.clock))).map(({ cityCode, followUpId, steps }) => ({ cityCode, job: FOLLOWED, key: `${followUpId} ${steps}`, payload: { followUpId } }));
    const night = nightOf(this.clock);
    const forget = night === null ? [] : (await citiesWithNotices(tx)).map((cityCode) => ({ cityCode, job: FORGET, key: night, payload: { date: night } }));
    return [...late, ...eaten, ...forget];
  }

  private async ate(tx: Tx, { cityCode, payload }: JobRequest): Promise<void> {
    const [meal] = await pastMealsById(tx, cityCode, [String(payload['tapId'])], this.clock.now());
    if (meal === undefined || meal.elderId === null || meal.voidedAt !== null) return;
    const { elderId, siteId, mealDate, deviceTime, tapId } = meal;
    const site = (await siteNames(tx, cityCode, [siteId])).get(siteId) ?? '';
    await this.tell.family(tx, { cityCode, elderId, kind: 'ate', cause: tapId }, mealDate, 'relatives', (who) => sayAte(who, site, deviceTime));
  }

  /** Whoever was told that the elder ate must not go on believing it. */
  private async takenBack(tx: Tx, { cityCode, payload }: JobRequest): Promise<void> {
    const [meal] = await pastMealsById(tx, cityCode, [String(payload['tapId'])], this.clock.now());
    if (meal === undefined || meal.elderId === null || meal.voidedAt === null) return;
    const { elderId, siteId, mealDate, deviceTime, tapId } = meal;
    const site = (await siteNames(tx, cityCode, [siteId])).get(siteId) ?? '';
    await this.tell.family(tx, { cityCode, elderId, kind: 'ate', cause: `${tapId} void` }, mealDate, { told: tapId }, (who) => sayTakenBack(who, site, deviceTime));
  }

  private async booking(tx: Tx, { cityCode, key, payload }: JobRequest): Promise<void> {
    const booking = await toldBooking(tx, cityCode, String(payload['bookingId']));
    const kind = payload['kind'] === 'made' ? 'booked' : 'cancelled';
    // What was undone before anybody was told of it is no news; what is to be paid ahead is booked once it is paid.
    if (booking === undefined || (booking.state === 'cancelled') !== (kind === 'cancelled') || (kind === 'booked' && booking.isDue)) return;
    const { elderId, siteId, mealDate } = booking;
    const site = (await siteNames(tx, cityCode, [siteId])).get(siteId) ?? '';
    await this.tell.family(tx, { cityCode, elderId, kind, cause: kind === 'booked' ? String(payload['bookingId']) : key }, mealDate, 'all', (who) => sayBooking(kind, who, site, booking));
  }

  private async notEaten(tx: Tx, { cityCode, key, payload }: JobRequest): Promise<void> {
    const booking = await toldBooking(tx, cityCode, String(payload['bookingId']));
    if (booking === undefined || booking.state !== 'open') return;
    const { elderId, siteId, mealDate, mealPeriod } = booking;
    if (await ateMeal(tx, cityCode, elderId, mealDate, mealPeriod)) return;
    const site = (await siteNames(tx, cityCode, [siteId])).get(siteId) ?? '';
    await this.tell.family(tx, { cityCode, elderId, kind: 'notEaten', cause: key }, mealDate, 'relatives', (who) => sayBooking('notEaten', who, site, booking));
  }

  private async late(tx: Tx, { cityCode, payload }: JobRequest): Promise<void> {
    const complaintId = String(payload['complaintId']);
    const [row, now] = [await readComplaint(tx, cityCode, complaintId, 'lock'), this.clock.now()];
    const to = row === undefined ? 'gone' : stepComplaint(row, 'late', now, await readCareSettings(tx, cityCode));
    if (row === undefined || typeof to === 'string') return;
    await saveStep(tx, this.cipher, cityCode, row, to, { kind: 'late', text: null, recordedAt: now, recordedBy: SYSTEM });
    await recordAudit(tx, this.clock, { cityCode, actor: SYSTEM, action: 'complaint.late', objectKind: 'complaint', objectId: complaintId, before: row, after: to });
  }

  private async forget(tx: Tx, { cityCode }: JobRequest): Promise<void> {
    const { noticeDays } = await readCareSettings(tx, cityCode);
    await forgetNotices(tx, cityCode, this.clock.now() - noticeDays * DAY_MS);
  }
}
