import { fen, minusFen, sumFen, type CivilMonth, type Fen } from '../../kernel/index.js';

/** A line of a claim: what one funder owes for the meals of one operator, payee and month. */
export interface ClaimLine {
  readonly lineNo: number;
  readonly operatorId: string | null;
  readonly payeeId: string | null;
  readonly funderCode: string;
  readonly mealMonth: CivilMonth;
  readonly meals: number;
  /** Below zero when voids and corrections of earlier months outweigh. */
  readonly claimedFen: Fen;
}

/** The same money as recorded with meals and as booked in the ledger, where the two differ. */
export interface Difference {
  readonly funderCode: string;
  readonly mealsFen: Fen;
  readonly bookedFen: Fen;
}

/** Compares recorded meals with booked money, funder by funder: two errors must not hide each other in a total. */
export function compare(lines: readonly ClaimLine[], booked: ReadonlyMap<string, Fen>): Difference[] {
  const recorded = new Map<string, number>();
  for (const line of lines) recorded.set(line.funderCode, (recorded.get(line.funderCode) ?? 0) + line.claimedFen);
  return [...new Set([...recorded.keys(), ...booked.keys()])].sort()
    .map((funderCode) => ({ funderCode, mealsFen: fen(recorded.get(funderCode) ?? 0), bookedFen: booked.get(funderCode) ?? fen(0) }))
    .filter(({ mealsFen, bookedFen }) => mealsFen !== bookedFen);
}

/** The size of differences, 0 when meals and money agree. */
export function differenceFen(differences: readonly Difference[]): Fen {
  return sumFen(differences.map(({ mealsFen, bookedFen }) => fen(Math.abs(mealsFen - bookedFen))));
}

/** Money taken off a line, with its reason kept beside it. */
export interface LineCut {
  readonly lineNo: number;
  readonly fen: Fen;
}

/** What is left of each line after its cuts. */
export function approvedLines(lines: readonly ClaimLine[], cuts: readonly LineCut[]): (ClaimLine & { cutFen: Fen; approvedFen: Fen })[] {
  return lines.map((line) => {
    const cutFen = sumFen(cuts.filter((cut) => cut.lineNo === line.lineNo).map((cut) => cut.fen));
    return { ...line, cutFen, approvedFen: minusFen(line.claimedFen, cutFen) };
  });
}

/** What one funder pays to one payee for a claim. */
export interface Leg {
  readonly funderCode: string;
  readonly payeeId: string;
  readonly fen: Fen;
}

/** The legs that a claim is paid in; those of no money are left out. Sorted by funder and payee. */
export function legsOf(lines: readonly { funderCode: string; payeeId: string | null; approvedFen: Fen }[]): Leg[] {
  const sums = new Map<string, Leg>();
  for (const { funderCode, payeeId, approvedFen } of lines) {
    if (payeeId === null) continue;
    const key = `${funderCode} ${payeeId}`;
    sums.set(key, { funderCode, payeeId, fen: fen((sums.get(key)?.fen ?? 0) + approvedFen) });
  }
  return [...sums.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, leg]) => leg).filter((leg) => leg.fen !== 0);
}

/** Facts that decide whether a claim may be approved together with others. */
export interface CleanFacts {
  readonly differenceFen: Fen;
  readonly cutFen: Fen;
  readonly revision: number;
  readonly hasDeduction: boolean;
}

/** A claim that nobody had to look at twice: no difference, no cut, never returned or built again, nothing to deduct. */
export function isClean(facts: CleanFacts): boolean {
  return facts.differenceFen === 0 && facts.cutFen === 0 && facts.revision === 1 && !facts.hasDeduction;
}

/** The text that a claim's hash is taken over, a line each: plain enough to be made again in SQL. */
export function hashedText(lines: readonly ClaimLine[]): string {
  return lines.map((l) => [l.lineNo, l.operatorId ?? '', l.payeeId ?? '', l.funderCode, l.mealMonth, l.meals, l.claimedFen].join('|')).join('\n');
}
