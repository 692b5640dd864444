export { ALWAYS_LOOKED_AT, DRAWN_BY_LOT, drawnOf, drawSample, SAMPLE_RULE, USUAL_RULE, type SampledMeal, type SampleRule, type SealedMeal } from './sample.js';
