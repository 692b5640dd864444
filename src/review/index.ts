export { DrawSamples } from './draw-samples.js';
export { ReviewModule } from './review.module.js';
