import { Inject, Injectable } from '@nestjs/common';
import { done, fen, firstDay, lastDay, monthOf, refuse, today, type CivilDate, type CivilMonth, type Clock, type Fen, type Outcome } from '../kernel/index.js';
import { CLOCK, Transactor, type Tx } from '../platform/index.js';
import { countiesOf, pathOf } from '../region/index.js';
import { claimsByState, type ClaimStateTotal } from '../settlement/index.js';
import { PolicyLibrary, type PackLibrary } from '../subsidy/index.js';
import { countiesNow, reportOf, type CountyNow } from './domain/index.js';
import { dailyTotals, lastMealDate } from '../tap/index.js';
import type { CountedTarget } from './report-target.js';
import { siteLives } from './site-lives.js';
import { cityOf, listTargets, notesOf, type CityRow, type DataNote } from './target.store.js';

/** Meals of a day over the whole city, less those taken back. */
export interface DayFigures {
  readonly date: CivilDate;
  readonly meals: number;
  readonly subsidisedMeals: number;
  readonly subsidyFen: Fen;
  readonly selfPayFen: Fen;
}

/** A city at a glance: totals of days, counties and the city only, so it is open to everybody. */
export interface CityOverview {
  readonly city: CityRow;
  readonly asOf: CivilDate;
  readonly month: CivilMonth;
  readonly notes: readonly DataNote[];
  readonly targets: readonly CountedTarget[];
  readonly counties: readonly CountyNow[];
  readonly days: readonly DayFigures[];
  readonly claims: readonly ClaimStateTotal[];
}

const FRESH_MS = 5_000;
const MOST_KEPT = 200;
const MOST_TARGETS = 50;

/** The public figures of a city, worked out at most once in some seconds however many people look. */
@Injectable()
export class ReadCityOverview {
  private readonly kept = new Map<string, { readonly until: number; readonly answer: Promise<Outcome<CityOverview>> }>();

  constructor(private readonly transactor: Transactor, private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * Refuses `city-not-served`.
   * @param asOf the day that targets and sites are asked for; today when left out
   * @param month the month whose days and claims are shown; the last one with a meal when left out
   */
  read(cityCode: string, asOf: CivilDate = today(this.clock), month?: CivilMonth): Promise<Outcome<CityOverview>> {
    const key = `${cityCode} ${asOf} ${month ?? ''}`;
    const now = performance.now();
    const known = this.kept.get(key);
    if (known !== undefined && known.until > now) return known.answer;
    if (this.kept.size >= MOST_KEPT) this.kept.clear();
    const answer = this.transactor.run((tx) => overviewOf(tx, this.policies, cityCode, asOf, month));
    this.kept.set(key, { until: now + FRESH_MS, answer });
    answer.catch(() => this.kept.delete(key));
    return answer;
  }
}

async function overviewOf(tx: Tx, policies: PolicyLibrary, cityCode: string, asOf: CivilDate, asked: CivilMonth | undefined): Promise<Outcome<CityOverview>> {
  const city = await cityOf(tx, cityCode);
  if (city === null) return refuse('city-not-served');
  const lives = await siteLives(tx, cityCode, cityCode);
  const targets = await listTargets(tx, cityCode, '', MOST_TARGETS);
  const month = asked ?? monthOf((await lastMealDate(tx, cityCode)) ?? asOf);
  return done({
    city,
    asOf,
    month,
    notes: [...(await notesOf(tx, cityCode)), ...sampleNotes(await policies.of(tx, cityCode), await pathOf(tx, cityCode, cityCode), lastDay(month))],
    targets: await Promise.all(targets.map(async (target) => {
      const own = target.divisionCode === cityCode ? lives : await siteLives(tx, cityCode, target.divisionCode);
      return { target, report: reportOf(target, own, asOf) };
    })),
    counties: countiesNow(await countiesOf(tx, cityCode), lives, asOf),
    days: await daysOf(tx, cityCode, month),
    claims: await claimsByState(tx, cityCode, month),
  });
}

async function daysOf(tx: Tx, cityCode: string, month: CivilMonth): Promise<DayFigures[]> {
  const rows = await dailyTotals(tx, cityCode, firstDay(month), lastDay(month));
  return rows.map(({ date, meals, subsidisedMeals, subsidyFen, selfPayFen }) => ({ date, meals, subsidisedMeals, subsidyFen: fen(subsidyFen), selfPayFen: fen(selfPayFen) }));
}

/** Says that the rates in force are an example, in the pack's own words; nothing where they are published figures. */
function sampleNotes(packs: PackLibrary, path: readonly string[], date: CivilDate): DataNote[] {
  const version = packs.packFor(null, path, date);
  return version === null || version.sample === null ? [] : [{ code: `pack-${version.pack}`, kind: 'example', sentence: `补贴标准${version.sample.replace(/^样例/, '')}` }];
}
