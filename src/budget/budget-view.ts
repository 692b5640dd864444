import { fen, today, type Clock } from '../kernel/index.js';
import { at, type StaffActor, type Tx } from '../platform/index.js';
import type { PolicyLibrary } from '../subsidy/index.js';
import { alarmsOf, type AlarmRow } from './alarm.store.js';
import type { AdjustmentView, BudgetEntryView, BudgetFundDetail, BudgetFundView, FundEndView } from './budget.dto.js';
import { endsOf, type EndRow } from './end.store.js';
import { entriesOf, type EntryRow } from './entry.store.js';
import { findFundRule } from './fund-rules.js';
import { forecastOf, readBases, readFigures, type FundYear } from './read-figures.js';

export function entryView({ recordedDivision: _, ...entry }: EntryRow): BudgetEntryView {
  return { ...entry, recordedAt: at(entry.recordedAt), decidedAt: entry.decidedAt === null ? null : at(entry.decidedAt) };
}

export function adjustmentView({ adjustmentNumber: number, adjustmentName: name, ...alarm }: AlarmRow): AdjustmentView {
  return { ...alarm, number, name, raisedAt: at(alarm.raisedAt), closedAt: alarm.closedAt === null ? null : at(alarm.closedAt) };
}

export function endView(end: EndRow): FundEndView {
  return { ...end, draftedAt: at(end.draftedAt), publishedAt: end.publishedAt === null ? null : at(end.publishedAt) };
}

export function fundView(fund: FundYear): BudgetFundView {
  const { funderCode, name, divisionCode, year, budgeted, orderNumber, pendingFen, unfundedPayableFen, overrunFen, figures } = fund;
  return { funderCode, name, divisionCode, year, budgeted, orderNumber, figures: { ...figures, pendingFen: fen(pendingFen), unfundedPayableFen, overrunFen } };
}

/** A fund's year with everything that was decided about it, and the day it is expected to run out; undefined outside the scope. */
export async function fundDetail(tx: Tx, clock: Clock, policies: PolicyLibrary, actor: StaffActor, year: number, funderCode: string): Promise<BudgetFundDetail | undefined> {
  const { cityCode, divisionCode } = actor;
  const [fund] = await readFigures(tx, cityCode, year, divisionCode, funderCode);
  if (fund === undefined) return undefined;
  const bases = await readBases(tx, clock, cityCode);
  return {
    ...fundView(fund), forecast: forecastOf(fund, bases.get(funderCode) ?? null, today(clock)), rule: await findFundRule(tx, policies, clock, cityCode, fund),
    entries: (await entriesOf(tx, cityCode, funderCode, year)).map(entryView), adjustments: (await alarmsOf(tx, cityCode, funderCode, year)).map(adjustmentView),
    ends: (await endsOf(tx, cityCode, funderCode, year)).map(endView),
  };
}
