import { fen, type Fen } from '../kernel/index.js';
import type { StaffCaller } from './callers.js';
import type { Scale } from './domain/index.js';
import type { Bureaus } from './play-sites.js';
import { CITY_CODE, hire, inParallel, type Stage } from './stage.js';

const AT_ONCE = 4;
/** What a fund sets aside for a meal of the story, fen: somewhat more than it will bear. */
const FEN_A_MEAL = 75;

interface Fund {
  readonly code: string;
  readonly level: 'city' | 'county';
  readonly reviewer: StaffCaller;
  readonly approver: StaffCaller;
  readonly fen: Fen;
}

/** Gives every fund its budget for the story's year: recorded by one person of its finance bureau, confirmed by another. */
export async function recordBudgets(stage: Stage, bureaus: Bureaus, cityApprover: StaffCaller, scale: Scale): Promise<void> {
  const reviewer = await hire(stage, `review.${CITY_CODE}`, '聊城市财政局审核', ['financeReviewer'], CITY_CODE);
  const whole = scale.meals * FEN_A_MEAL;
  const funds: Fund[] = [
    { code: CITY_CODE, level: 'city', reviewer, approver: cityApprover, fen: fen(whole) },
    ...[...bureaus.counties].map(([code, staff]): Fund => ({ code, level: 'county', reviewer: staff.reviewer, approver: staff.approver, fen: fen(Math.ceil(whole / 4)) })),
  ];
  const year = Number(scale.from.slice(0, 4));
  await inParallel(funds, AT_ONCE, async (fund) => {
    const random = stage.random.branch(`budget ${fund.code}`);
    const { entryId } = await fund.reviewer.post<{ entryId: string }>('/v1/budgets/entries', {
      id: random.id(), funderCode: `${fund.level}@${fund.code}`, budgetYear: year, kind: 'budget', fen: fund.fen,
      documentNumber: `示例财社指〔${year}〕${fund.level === 'city' ? 12 : 34}号`, documentTitle: '示例：老年助餐补贴预算指标', documentDate: `${year}-01-15`,
    });
    await fund.approver.post(`/v1/budgets/entries/${entryId}/confirm`, { id: random.id() });
  });
}
