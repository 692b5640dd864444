export { isCreditCode } from './credit-code.js';
export { checkHours, MEAL_PERIODS, type HoursProblem, type MealHours, type MealPeriod } from './hours.js';
export {
  decideMove, MOST_DAYS_AHEAD, SITE_EVENTS, SITE_STATES, stateAfter, stateOn, type MoveDecision, type SiteEvent, type SiteEventKind, type SiteState,
} from './site-life.js';
export { tenuresBetween, type Since, type Tenure } from './tenure.js';
export {
  INSPECTION_RESULTS, LICENCE_FREE_KINDS, needsFireApproval, PAPER_KINDS, PREMISES, SITE_KINDS, SUPPLY_MODES,
  type InspectionResult, type PaperKind, type Premises, type SiteKind, type SupplyMode,
} from './words.js';
