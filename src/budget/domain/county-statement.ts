import { fen, type CivilMonth, type Fen } from '../../kernel/index.js';

/** What one county bears of meals that its people ate at another's sites, by fund and month of the meals. */
export interface StatementLine {
  readonly lineNo: number;
  readonly siteCounty: string;
  readonly bearingCounty: string;
  readonly funderCode: string;
  readonly mealMonth: CivilMonth;
  /** Subsidised meals less voids; corrections count none. */
  readonly meals: number;
  /** Below zero when corrections of earlier months outweigh. */
  readonly fen: Fen;
}

/** Where one county stands among the others of a city. All of them together are at nothing. */
export interface NetPosition {
  readonly countyCode: string;
  /** Advanced by the county's sites for others. */
  readonly dueToFen: Fen;
  /** Borne by the county for meals elsewhere. */
  readonly dueByFen: Fen;
  readonly netFen: Fen;
}

/** Each county's position, by code. */
export function netPositions(lines: readonly Pick<StatementLine, 'siteCounty' | 'bearingCounty' | 'fen'>[]): NetPosition[] {
  const sums = new Map<string, { to: number; by: number }>();
  const of = (county: string): { to: number; by: number } => {
    const known = sums.get(county) ?? { to: 0, by: 0 };
    sums.set(county, known);
    return known;
  };
  for (const line of lines) {
    of(line.siteCounty).to += line.fen;
    of(line.bearingCounty).by += line.fen;
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([countyCode, { to, by }]) => ({ countyCode, dueToFen: fen(to), dueByFen: fen(by), netFen: fen(to - by) }));
}

/** The text that a statement's hash is taken over, a line each. */
export function statementText(lines: readonly StatementLine[]): string {
  return lines.map((l) => [l.lineNo, l.siteCounty, l.bearingCounty, l.funderCode, l.mealMonth, l.meals, l.fen].join('|')).join('\n');
}
