export type { Verdict, Violation } from './invariant.js';
export { invariantsCommand } from './invariants.cli.js';
export { ProofModule } from './proof.module.js';
export { runInvariants } from './run-invariants.js';
