import { recordAudits } from '../access/index.js';
import { today, type Clock } from '../kernel/index.js';
import { derivedId, type Tx } from '../platform/index.js';
import { insertAlarm, type NewAlarm } from './alarm.store.js';
import { adjustmentName, dueOn, reached } from './domain/index.js';
import { forecastOf, readBases, readFigures } from './read-figures.js';

/**
 * Raises the alarms that a city's budgets of a year call for, each with its adjustment; those raised before stay as
 * they are. The till knows nothing of it: what an alarm leads to is decided on paper.
 * @param funderCode one fund alone
 * @returns the new ones
 */
export async function raiseAlarms(tx: Tx, clock: Clock, cityCode: string, year: number, funderCode: string | null): Promise<NewAlarm[]> {
  const funds = (await readFigures(tx, cityCode, year, cityCode, funderCode)).filter((fund) => fund.budgeted && reached(fund.figures.usedFen, fund.budgetFen).length > 0);
  if (funds.length === 0) return [];
  const [bases, now] = [await readBases(tx, clock, cityCode), today(clock)];
  const raised: NewAlarm[] = [];
  for (const fund of funds) {
    const { endsOn } = forecastOf(fund, bases.get(fund.funderCode) ?? null, now);
    for (const threshold of reached(fund.figures.usedFen, fund.budgetFen)) {
      const { number, name } = adjustmentName(year, fund.funderCode, fund.name, threshold);
      const alarm: NewAlarm = {
        alarmId: derivedId('budget-alarm', cityCode, fund.funderCode, String(year), String(threshold)), funderCode: fund.funderCode, budgetYear: year, threshold,
        budgetFen: fund.budgetFen, usedFen: fund.figures.usedFen, adjustmentNumber: number, adjustmentName: name, divisionCode: fund.divisionCode,
        dueOn: dueOn(threshold, now, endsOn), raisedAt: clock.now(),
      };
      if (await insertAlarm(tx, cityCode, alarm)) raised.push(alarm);
    }
  }
  await recordAudits(tx, clock, cityCode, raised.map((alarm) => ({
    cityCode, actor: 'system', action: 'budget.alarm', objectKind: 'budgetAlarm', objectId: alarm.alarmId, after: alarm,
  })));
  return raised;
}
