export { DEFAULT_CHAIN, type ApprovalStep } from './approval-chain.js';
export { DIVISION_LEVELS, existsOn, type CityDivisions, type Division, type DivisionLevel } from './division.js';
export { FUNDER_KINDS, type Funder, type FunderKind } from './funder.js';
export { KNOWN_CHANGES, type DivisionChange } from './known-changes.js';
