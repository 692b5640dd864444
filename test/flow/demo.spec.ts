import { ServiceProcess, stopProcesses } from '../support/processes.js';

interface Figures {
  readonly meals: number;
  readonly subsidisedMeals: number;
  readonly mealFen: number;
  readonly subsidyFen: number;
  readonly selfPayFen: number;
  readonly displacedFen: number;
  readonly lateMeals: number;
  readonly claims: number;
  readonly claimedFen: number;
  readonly cutFen: number;
  readonly approvedFen: number;
  readonly paidFen: number;
  readonly ledgerImbalanceFen: number;
  readonly invariantsChecked: number;
  readonly violations: number;
  readonly target: { readonly required: number; readonly counted: number };
}

const RUN_MS = 240_000;
const PROGRESS = / \d+\/\d+$/;

async function play(words: string): Promise<Figures> {
  const process = ServiceProcess.start(`cli demo --small --json ${words}`);
  const end = await process.end(RUN_MS);
  // What it complained of is shown beside how it ended: an exit code alone explains nothing.
  expect({ ...end, complaints: process.complaints.filter((line) => !PROGRESS.test(line)) }).toEqual({ code: 0, signal: null, complaints: [] });
  return JSON.parse(process.out.trim().split('\n').at(-1) ?? '') as Figures;
}

/** Everything but what a clock measured. */
function told(figures: Figures): object {
  const { tapsPerSecond: _rate, seconds: _seconds, ...story } = figures as Figures & { tapsPerSecond: number; seconds: number };
  return story;
}

afterAll(stopProcesses);

describe('the small demo', () => {
  it('ends with paid claims that agree with the meals to the fen, and tells the same story for the same seed', async () => {
    const [first, again] = await Promise.all([play('--seed 7'), play('--seed 7')]);
    expect(told(again)).toEqual(told(first));
    expect(first.mealFen).toBe(first.subsidyFen + first.selfPayFen + first.displacedFen);
    expect(first.claimedFen).toBe(first.subsidyFen);
    expect(first.claimedFen - first.cutFen).toBe(first.approvedFen);
    expect(first.paidFen).toBe(first.approvedFen);
    expect(first.cutFen).toBeGreaterThan(0);
    expect([first.ledgerImbalanceFen, first.violations]).toEqual([0, 0]);
    expect(first.invariantsChecked).toBeGreaterThanOrEqual(14);
    expect(first.target.required).toBe(100);
    expect(first.target.counted).toBeGreaterThan(100);
    for (const count of [first.lateMeals, first.claims]) expect(count).toBeGreaterThan(0);
  }, RUN_MS);
});
