import type { CivilDate } from '../../kernel/index.js';
import { homeOn, type ElderRecord, type HomeKind } from '../../elder/domain/index.js';
import { pathOf } from './division.js';
import type { DivisionPath, ElderFacts, FactSource } from './facts.js';

/** Paths of divisions by their codes, as far as the city keeps them. */
export type Paths = ReadonlyMap<string, DivisionPath>;

const BORN: FactSource = { source: '身份证登记' };
const HOME_SOURCES: Readonly<Record<HomeKind, string>> = { hukou: '户籍登记', residence: '常住地登记' };

/** Every division that an elder's record names. */
export function divisionsNamed(record: ElderRecord): string[] {
  return [record.hukouCode, record.residenceCode, ...record.homes.map(({ code }) => code)].filter((code) => code !== null);
}

function sourceOf({ homes }: ElderRecord, kind: HomeKind, date: CivilDate): FactSource {
  let from: CivilDate | null = null;
  for (const home of homes) if (home.kind === kind && home.from !== null && home.from <= date && (from === null || home.from > from)) ({ from } = home);
  return { source: HOME_SOURCES[kind], from };
}

/**
 * What a rule may look at of an elder on a day, with where it is known from: the homes are those of the day, which may
 * not be those of now; a division of another city is read off its code.
 */
export function elderFactsOn(record: ElderRecord, date: CivilDate, paths: Paths): ElderFacts {
  const place = (kind: HomeKind): DivisionPath | null => {
    const code = homeOn(record, kind, date);
    return code === null ? null : (paths.get(code) ?? pathOf(code));
  };
  return {
    born: record.born, hukou: place('hukou'), residence: place('residence'),
    categories: record.categories, careHomeStays: record.careHomeStays, died: record.died,
    sources: { born: BORN, hukou: sourceOf(record, 'hukou', date), residence: sourceOf(record, 'residence', date) },
  };
}
