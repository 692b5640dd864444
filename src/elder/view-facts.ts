import { ageOn, type CivilDate, type Instant } from '../kernel/index.js';
import { at } from '../platform/index.js';
import { categoryRule, computedCategories, homeOn, type Authority, type ElderRecord } from './domain/index.js';

/** What was known at a moment of an elder on a day; the birth date stays inside, since it would unmask the number. */
export interface FactsLine {
  readonly elderId: string;
  readonly on: CivilDate;
  readonly knownAt: string;
  readonly age: number;
  readonly hukouCode: string | null;
  readonly residenceCode: string | null;
  readonly categories: { code: string; name: string; grade: string | null; from: CivilDate; to: CivilDate | null; source: string; authority: Authority }[];
  readonly ageCategories: string[];
  readonly inCareHome: boolean;
  readonly died: CivilDate | null;
}

function holdsOn(span: { readonly from: CivilDate; readonly to: CivilDate | null }, on: CivilDate): boolean {
  return span.from <= on && (span.to === null || on <= span.to);
}

export function toFactsLine(record: ElderRecord, on: CivilDate, knownAt: Instant): FactsLine {
  const age = Math.max(0, ageOn(record.born, on));
  return {
    elderId: record.elderId, on, knownAt: at(knownAt), age,
    hukouCode: homeOn(record, 'hukou', on),
    residenceCode: homeOn(record, 'residence', on),
    categories: record.categories.filter((held) => holdsOn(held, on)).map((held) => {
      const rule = categoryRule(held.code);
      return { ...held, name: rule?.name ?? held.code, authority: rule?.authority ?? 'civilAffairs' };
    }),
    ageCategories: computedCategories(record.born, on),
    inCareHome: record.careHomeStays.some((stay) => holdsOn(stay, on)),
    died: record.died,
  };
}
