import { Inject, Injectable } from '@nestjs/common';
import { done, NO_FEN, refuse, today, type CivilDate, type Clock, type Outcome, type Refusal } from '../kernel/index.js';
import { recordAudit, SitePlaces } from '../access/index.js';
import { readPrices } from '../menu/index.js';
import { actorName, CLOCK, derivedId, doDeed, FieldCipher, problemBody, TAP_TRANSACTOR, type StaffActor, type Transactor, type Tx } from '../platform/index.js';
import { RecordSlips, type SlipMeal } from '../tap/index.js';
import type { TapAnswer } from '../tap/domain/index.js';
import { checkRow, type AskedRow, type GoodRow, type RowFacts } from './check-row.js';
import { dayStepsOf } from './day.store.js';
import { dueUntil, eatenAt, readHandle, type SlipLimits } from './domain/index.js';
import { batchesOf, insertBatch, photosOfDay, slipsOfDay, type NewEntry } from './entry.store.js';
import { readLimits } from './limit.store.js';
import { lockRegister, readPaperSite } from './paper-site.store.js';
import { cardsByHandle, knownCards, sheetsOf } from './sheet.store.js';

/** What was written on some slips of a site's day, as somebody of the town reads it. */
export interface BatchAsked {
  readonly id: string;
  readonly siteId: string;
  readonly mealDate: CivilDate;
  readonly photoIds: readonly string[];
  readonly rows: readonly AskedRow[];
}

/** What became of a row. `meal` is the answer of the books, whatever it is. */
export interface RowAnswer {
  readonly code: string;
  readonly number: number | null;
  readonly outcome: 'entered' | 'spoilt' | 'refused';
  readonly problem: { readonly code: string; readonly title: string } | null;
  readonly meal: TapAnswer | null;
}

/** What became of a batch. */
export interface BatchAnswer {
  readonly batchId: string;
  readonly batchNo: number;
  readonly rows: readonly RowAnswer[];
}

/** Rows by their place in the batch: those that are answered, and those on their way to the books. */
interface Sorted {
  readonly refused: ReadonlyMap<number, RowAnswer>;
  readonly good: ReadonlyMap<number, GoodRow>;
}

/** What a batch is checked against. */
interface BatchFacts extends RowFacts {
  readonly priceListVersion: number;
  /** The number that this batch gets among those of its day. */
  readonly batchNo: number;
}

/** A good row that is a meal. */
interface RowMeal {
  readonly index: number;
  readonly meal: SlipMeal;
}

/** Takes in what comes back from a canteen on paper, all of a batch in one transaction and each row with its own answer. */
@Injectable()
export class EnterBatch {
  constructor(
    @Inject(TAP_TRANSACTOR) private readonly transactor: Transactor, private readonly places: SitePlaces, private readonly slips: RecordSlips,
    private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @returns `outside-scope`, `slip-not-printed`, `slip-day-to-come`, `slip-day-closed`, `slip-photo-missing`, `terminal-revoked`, `tap-id-taken` */
  run(actor: StaffActor, { id, ...asked }: BatchAsked): Promise<Outcome<BatchAnswer>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'slip.enter', body: { ...asked, by: actor.staffId } }, async (tx) => {
      const facts = await this.facts(tx, actor, asked);
      if (!facts.ok) return facts;
      const limits = await readLimits(tx, cityCode);
      const sorted = this.sort(facts.value, asked.rows, limits);
      const meals = [...sorted.good].flatMap(([index, row]) => (row.meal === null ? [] : [{ index, meal: this.mealOf(facts.value, row, row.meal, limits) }]));
      const register = { cityCode, terminalId: facts.value.site.terminalId, siteId: asked.siteId };
      const recorded = meals.length === 0 ? done([]) : await this.slips.record(tx, register, meals.map(({ meal }) => meal));
      if (!recorded.ok) return recorded;
      const { rows, entries } = settle(asked.rows, sorted, meals, recorded.value);
      const { batchNo } = facts.value;
      const refused = rows.filter(({ outcome }) => outcome === 'refused').length;
      await insertBatch(tx, cityCode, { batchId: id, siteId: asked.siteId, mealDate: asked.mealDate, batchNo, photoIds: asked.photoIds, refused, enteredAt: this.clock.now(), enteredBy: actorName(actor) }, entries);
      await this.audit(tx, actor, asked, id, batchNo, rows);
      return done({ batchId: id, batchNo, rows });
    });
  }

  private async facts(tx: Tx, actor: StaffActor, { siteId, mealDate, photoIds, rows }: Omit<BatchAsked, 'id'>): Promise<Outcome<BatchFacts>> {
    const { cityCode } = actor;
    const place = await this.places.openTo(tx, actor, siteId);
    if (!place.ok) return place;
    if (mealDate > today(this.clock)) return refuse('slip-day-to-come');
    await lockRegister(tx, cityCode, siteId);
    const site = await readPaperSite(tx, cityCode, siteId);
    const sheets = await sheetsOf(tx, cityCode, siteId, mealDate);
    const last = sheets.at(-1);
    if (site === undefined || last === undefined) return refuse('slip-not-printed');
    if ((await dayStepsOf(tx, cityCode, siteId, mealDate)).at(-1)?.kind === 'closed') return refuse('slip-day-closed');
    const photos = new Set((await photosOfDay(tx, cityCode, siteId, mealDate)).map(({ photoId }) => photoId));
    if (photoIds.some((photoId) => !photos.has(photoId))) return refuse('slip-photo-missing');
    const handleNos = rows.flatMap(({ meal }) => (meal === null || meal.handle === null ? [] : (readHandle(meal.handle) ?? [])));
    const [list] = await readPrices(tx, cityCode, [{ siteId, version: last.priceListVersion }]);
    return done({
      cityCode, site, mealDate, printed: Math.max(...sheets.map(({ lastNo }) => lastNo)), priceListVersion: last.priceListVersion, prices: list?.prices ?? [],
      slips: new Map((await slipsOfDay(tx, cityCode, siteId, mealDate)).map((slip) => [slip.number, slip])),
      handles: await cardsByHandle(tx, cityCode, siteId, handleNos), cards: await knownCards(tx, cityCode, rows.flatMap(({ meal }) => meal?.card ?? [])),
      isCounty: actor.roles.includes('countyOfficer'), batchNo: (await batchesOf(tx, cityCode, siteId, mealDate)).length + 1,
    });
  }

  /** Checks row after row; a number that came twice in this batch is entered before, by this very batch. */
  private sort(facts: BatchFacts, rows: readonly AskedRow[], { siteDayMeals }: SlipLimits): Sorted {
    const [good, refused, slips] = [new Map<number, GoodRow>(), new Map<number, RowAnswer>(), new Map(facts.slips)];
    let meals = [...slips.values()].filter(({ kind }) => kind === 'meal').length;
    for (const [index, asked] of rows.entries()) {
      const row = checkRow(this.cipher, { ...facts, slips }, asked);
      if (!row.ok) refused.set(index, refusedRow(asked.code, row));
      else if (row.value.meal !== null && meals >= siteDayMeals) refused.set(index, refusedRow(asked.code, refuse('slip-day-full', { limit: siteDayMeals })));
      else {
        good.set(index, row.value);
        const { number, attempt, meal } = row.value;
        if (meal !== null) meals += 1;
        slips.set(number, { number, attempt, kind: meal === null ? 'spoilt' : 'meal', tapId: null, takenFen: 0, batchNo: facts.batchNo, enteredAt: this.clock.now() });
      }
    }
    return { good, refused };
  }

  private mealOf({ cityCode, site, mealDate, priceListVersion }: BatchFacts, { number, attempt }: GoodRow, meal: NonNullable<GoodRow['meal']>, limits: SlipLimits): SlipMeal {
    const { card, items, mealPeriod, takenFen, openFen } = meal;
    return {
      tapId: derivedId('slip-meal', cityCode, site.siteId, mealDate, String(number), String(attempt)), slip: `${site.siteNo}/${mealDate}/${number}/${attempt}`,
      handle: card, items, priceListVersion, mealPeriod, eatenAt: eatenAt(mealDate, mealPeriod, this.clock.now()), takenFen, openFen, until: dueUntil(mealDate, limits),
    };
  }

  private audit(tx: Tx, actor: StaffActor, { siteId, mealDate }: Omit<BatchAsked, 'id'>, batchId: string, batchNo: number, rows: readonly RowAnswer[]): Promise<void> {
    const count = (of: (row: RowAnswer) => boolean): number => rows.filter(of).length;
    return recordAudit(tx, this.clock, {
      cityCode: actor.cityCode, actor, action: 'slip.enter', objectKind: 'slipBatch', objectId: batchId,
      after: {
        siteId, mealDate, batchNo, entered: count(({ outcome }) => outcome === 'entered'), spoilt: count(({ outcome }) => outcome === 'spoilt'), refused: count(({ outcome }) => outcome === 'refused'),
        forged: count(({ problem }) => problem?.code === 'slip-code-forged'), twice: count(({ problem }) => problem?.code === 'slip-entered-before' || problem?.code === 'slip-spoilt-before'),
      },
    });
  }
}

/** Puts the books' answers to their rows. @returns all rows in their order, and what is to be written of the good ones */
function settle(asked: readonly AskedRow[], { good, refused }: Sorted, meals: readonly RowMeal[], recorded: readonly TapAnswer[]): { rows: RowAnswer[]; entries: NewEntry[] } {
  const booked = new Map(meals.map(({ index, meal }, place) => [index, { meal, answer: recorded[place] as TapAnswer }]));
  const entries: NewEntry[] = [];
  const rows = asked.map(({ code }, index): RowAnswer => {
    const row = good.get(index);
    if (row === undefined) return refused.get(index) as RowAnswer;
    const { number, attempt } = row;
    const one = booked.get(index);
    if (one === undefined) {
      entries.push({ number, attempt, kind: 'spoilt', tapId: null, takenFen: 0 });
      return { code, number, outcome: 'spoilt', problem: null, meal: null };
    }
    const { meal: { tapId, takenFen }, answer } = one;
    const stands = answer.outcome === 'accepted';
    entries.push({ number, attempt, kind: stands ? 'meal' : 'refused', tapId, takenFen: stands ? takenFen : NO_FEN });
    return { code, number, outcome: stands ? 'entered' : 'refused', problem: stands ? null : { code: answer.code ?? 'internal', title: answer.sentence }, meal: answer };
  });
  return { rows, entries };
}

function refusedRow(code: string, { code: problem, detail }: Refusal): RowAnswer {
  return { code, number: null, outcome: 'refused', problem: { code: problem, title: problemBody(problem, detail).title }, meal: null };
}
