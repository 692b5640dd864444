import { ageOn, today, type CivilDate, type Clock } from '../kernel/index.js';
import { at, type FieldCipher, type Tx } from '../platform/index.js';
import { assessmentEntries, type AssessmentRow } from './assessment.store.js';
import { factsOf } from './card-holder.store.js';
import { categoryRule, computedCategories, type Authority, type CardEvent, type CardState } from './domain/index.js';
import { cardEvents, cardsOf, categoryEntries, listElders, stayEntries, type ElderFilter, type EntryRow, type SealedElderRow } from './elder.store.js';
import { homeEntries, type HomeEntryRow } from './home.store.js';
import { openMasked } from './sealed-elder.js';

/** A card as staff see it. */
export interface CardLine {
  readonly cardId: string;
  readonly tail: string;
  readonly state: CardState;
  readonly stateSince: string;
  readonly lostAt: string | null;
}

/** An elder as staff see one: personal data masked here, on the server. The date of birth would unmask the number. */
export interface ElderLine {
  readonly elderId: string;
  readonly name: string;
  readonly identityNumber: string;
  readonly phone: string | null;
  readonly sex: 'male' | 'female';
  readonly age: number;
  readonly hukouCode: string | null;
  readonly residenceCode: string | null;
  readonly died: CivilDate | null;
  /** Categories held today. */
  readonly categories: string[];
  /** 高龄 and 百岁, by the age today. */
  readonly ageCategories: string[];
  readonly cards: CardLine[];
}

/** An entry of an elder's history. */
export interface EntryLine {
  readonly entryId: string;
  readonly from: CivilDate;
  readonly to: CivilDate | null;
  readonly source: string;
  readonly corrects: string | null;
  readonly withdrawn: boolean;
  readonly corrected: boolean;
  readonly recordedAt: string;
}

export interface ElderHistory extends ElderLine {
  readonly categoryEntries: (EntryLine & {
    readonly code: string; readonly grade: string | null; readonly kind: string | null; readonly evidence: string; readonly authority: Authority; readonly batchId: string | null;
  })[];
  readonly careHomeEntries: EntryLine[];
  readonly homeEntries: (Pick<HomeEntryRow, 'entryId' | 'kind' | 'from' | 'source' | 'corrects' | 'withdrawn' | 'corrected'> & { readonly divisionCode: string | null; readonly recordedAt: string })[];
  readonly assessmentEntries: (Omit<AssessmentRow, 'recordedAt'> & { readonly recordedAt: string })[];
  readonly cardEvents: { readonly cardId: string; readonly kind: CardEvent; readonly at: string; readonly reason: string }[];
}

/** What viewing takes from the platform. */
export interface ViewParts {
  readonly clock: Clock;
  readonly cipher: FieldCipher;
}

/** Masks rows, with categories and cards: three statements for any number of elders. */
export async function toLines(tx: Tx, { clock, cipher }: ViewParts, cityCode: string, rows: readonly SealedElderRow[]): Promise<ElderLine[]> {
  const ids = rows.map((row) => row.elderId);
  const facts = await factsOf(tx, cityCode, ids);
  const cards = await cardsOf(tx, cityCode, ids);
  const now = today(clock);
  return rows.map((row) => ({
    elderId: row.elderId,
    ...openMasked(cipher, cityCode, row),
    sex: row.sex,
    age: ageOn(row.born, row.died ?? now),
    hukouCode: row.hukouCode,
    residenceCode: row.residenceCode,
    died: row.died,
    categories: (facts.get(row.elderId)?.categories ?? []).filter((held) => held.from <= now && (held.to === null || held.to >= now)).map((held) => held.code),
    ageCategories: row.died === null ? computedCategories(row.born, now) : [],
    cards: cards.filter((card) => card.elderId === row.elderId).map((card) => ({
      cardId: card.cardId, tail: card.tail, state: card.state, stateSince: at(card.stateSince), lostAt: card.lostAt === null ? null : at(card.lostAt),
    })),
  }));
}

/** One more than a page of masked elders, by id. */
export async function listLines(tx: Tx, parts: ViewParts, filter: Omit<ElderFilter, 'onDate'>): Promise<ElderLine[]> {
  return toLines(tx, parts, filter.cityCode, await listElders(tx, { ...filter, onDate: today(parts.clock) }));
}

/** One masked elder with the whole history. */
export async function historyOf(tx: Tx, parts: ViewParts, cityCode: string, row: SealedElderRow): Promise<ElderHistory> {
  const [line] = await toLines(tx, parts, cityCode, [row]);
  return {
    ...(line as ElderLine),
    categoryEntries: (await categoryEntries(tx, cityCode, row.elderId)).map((entry) => ({
      ...entryLine(entry), code: entry.code, grade: entry.grade, kind: entry.kind, evidence: entry.evidence, authority: categoryRule(entry.code)?.authority ?? 'civilAffairs', batchId: entry.batchId,
    })),
    careHomeEntries: (await stayEntries(tx, cityCode, row.elderId)).map(entryLine),
    homeEntries: (await homeEntries(tx, cityCode, row.elderId)).map(({ code, recordedAt, ...entry }) => ({ ...entry, divisionCode: code, recordedAt: at(recordedAt) })),
    assessmentEntries: (await assessmentEntries(tx, cityCode, row.elderId)).map((entry) => ({ ...entry, recordedAt: at(entry.recordedAt) })),
    cardEvents: (await cardEvents(tx, cityCode, row.elderId)).map((event) => ({ ...event, at: at(event.at) })),
  };
}

function entryLine({ entryId, from, to, source, corrects, withdrawn, corrected, recordedAt }: EntryRow): EntryLine {
  return { entryId, from, to, source, corrects, withdrawn, corrected, recordedAt: at(recordedAt) };
}
