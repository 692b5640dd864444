import type { CivilDate } from '../../kernel/index.js';
import { homeOn, type ElderRecord } from '../../elder/domain/index.js';
import { pathOf, type DivisionPath, type ElderFacts } from '../../subsidy/domain/index.js';

/** Paths of divisions by their codes, as far as the city keeps them. */
export type Paths = ReadonlyMap<string, DivisionPath>;

/** Every division that an elder's record names. */
export function divisionsNamed(record: ElderRecord): string[] {
  return [record.hukouCode, record.residenceCode, ...record.homes.map(({ code }) => code)].filter((code) => code !== null);
}

/** What a rule may look at of an elder for a meal of a day: the homes are those of the day, a division of another city is read off its code. */
export function factsOn(record: ElderRecord, date: CivilDate, paths: Paths): ElderFacts {
  const place = (code: string | null): DivisionPath | null => (code === null ? null : (paths.get(code) ?? pathOf(code)));
  return {
    born: record.born, hukou: place(homeOn(record, 'hukou', date)), residence: place(homeOn(record, 'residence', date)),
    categories: record.categories, careHomeStays: record.careHomeStays, died: record.died,
  };
}
