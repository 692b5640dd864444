export { Counters } from './counters.js';
export { differencesOf, recomputeKept, type Difference, type Side, type WrongPart } from './recompute-meal.js';
export { addElder, emptySums, resultOf, type ComparedMeal, type ReplayResult, type ReplaySums } from './replay-sums.js';
export { byDecision, restateElder, standingUses, stretchOf, type RestatedMeal } from './restate.js';
