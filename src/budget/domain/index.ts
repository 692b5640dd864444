export { adjustmentName, dueOn, reached, RESOLUTIONS, type Resolution, type Threshold } from './alarm.js';
export { netPositions, statementText, type NetPosition, type StatementLine } from './county-statement.js';
export { figuresOf, overrunOf, type ClaimSum, type FundFigures, type FundSums, type Overrun } from './figures.js';
export { BASIS_DAYS, basisOf, forecast, type DayUse, type Forecast, type ForecastBasis } from './forecast.js';
export { ruleOfFund, type Fund, type FundRule, type RulingVersion } from './fund-rule.js';
