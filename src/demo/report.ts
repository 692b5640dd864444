import { fen, yuanText } from '../kernel/index.js';

/** The figures of a demo run; amounts in fen. The keys are those of `demo --json`. */
export interface DemoFigures {
  readonly seed: number;
  /** Meals that were served and not voided. */
  readonly meals: number;
  readonly subsidisedMeals: number;
  readonly mealFen: number;
  readonly subsidyFen: number;
  readonly selfPayFen: number;
  readonly refusedTaps: number;
  readonly voidedMeals: number;
  readonly voidedFen: number;
  /** Told a subsidy by a till without a network, which an earlier meal then took: of the meals' prices the part that nobody owes. */
  readonly displacedMeals: number;
  readonly displacedFen: number;
  readonly lateMeals: number;
  readonly bundledTaps: number;
  readonly claims: number;
  readonly claimedFen: number;
  readonly cutFen: number;
  readonly approvedFen: number;
  readonly paidFen: number;
  readonly ledgerImbalanceFen: number;
  readonly invariantsChecked: number;
  readonly violations: number;
  readonly target: { readonly required: number; readonly counted: number; readonly asOf: string };
  readonly tapsPerSecond: number;
  readonly seconds: number;
}

/** A month of the target's burn-up. */
export interface BurnUpMonth {
  readonly month: string;
  readonly counted: number;
}

const BAR = 40;

/** Draws the target's burn-up for a terminal: a bar a month, `┊` where the target lies. */
export function burnUpChart(months: readonly BurnUpMonth[], required: number): string {
  const most = Math.max(required, ...months.map((month) => month.counted));
  const goal = Math.round((required / most) * BAR);
  return months.map(({ month, counted }) => {
    const length = Math.round((counted / most) * BAR);
    const cells = Array.from({ length: BAR + 1 }, (_, cell) => (cell < length ? '█' : cell === goal ? '┊' : ' '));
    return `  ${month} ${cells.join('')} ${String(counted).padStart(4)}`;
  }).join('\n');
}

const yuan = (amount: number): string => `${yuanText(fen(amount)).replace(/\B(?=(\d{3})+(?!\d))/g, ',')} 元`;

/** The report that a person reads at the end of a run. */
export function demoReport(figures: DemoFigures, months: readonly BurnUpMonth[]): string {
  const holds = figures.ledgerImbalanceFen === 0 && figures.violations === 0;
  return [
    '',
    '聊城市 2024 年 12 月（演示数据：场所、老人和就餐均为虚构，补贴档次为样例）',
    '',
    `  就餐          ${figures.meals} 人次，其中补贴 ${figures.subsidisedMeals} 人次；撤销 ${figures.voidedMeals} 笔，拒收 ${figures.refusedTaps} 笔，断网次日补传 ${figures.lateMeals} 笔，网络不稳的助餐点成批上传 ${figures.bundledTaps} 笔`,
    `  餐费          ${yuan(figures.mealFen)} = 补贴 ${yuan(figures.subsidyFen)} + 自付 ${yuan(figures.selfPayFen)}${figures.displacedFen === 0 ? '' : ` + 断网时已按补贴收、后让给当天更早一餐 ${yuan(figures.displacedFen)}（${figures.displacedMeals} 笔，食堂承担）`}`,
    `  结算单        ${figures.claims} 份`,
    `  申报          ${yuan(figures.claimedFen)}`,
    `  核减          ${yuan(figures.cutFen)}`,
    `  核定          ${yuan(figures.approvedFen)}`,
    `  实拨          ${yuan(figures.paidFen)}`,
    `  账            借贷差 ${figures.ledgerImbalanceFen} 分，核对 ${figures.invariantsChecked} 条规则，违反 ${figures.violations} 条 ${holds ? '✓' : '✗'}`,
    '',
    `  新增幸福食堂目标：到 ${figures.target.asOf} 应 ${figures.target.required} 处，计入 ${figures.target.counted} 处`,
    burnUpChart(months, figures.target.required),
    '',
    `  用时 ${figures.seconds} 秒，刷卡 ${figures.tapsPerSecond} 笔/秒（同一台机器上含发送方），种子 ${figures.seed}`,
    '',
  ].join('\n');
}
