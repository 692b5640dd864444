import { fen, type Fen } from '../kernel/index.js';
import type { StaffActor, Tx } from '../platform/index.js';
import { divisionsOf, fundersOf } from '../region/index.js';
import { netPositions, type NetPosition, type StatementLine } from './domain/index.js';
import { statementLines, type StatementRow } from './statement.store.js';

/** A statement as one may see it: all of it for the city, its own lines for a county. */
export interface ShownStatement {
  readonly statement: StatementRow;
  readonly lines: readonly (StatementLine & { readonly siteCountyName: string; readonly bearingCountyName: string; readonly funderName: string })[];
  readonly positions: readonly (NetPosition & { readonly countyName: string })[];
  readonly shownFen: Fen;
}

/** Reads a statement with the names of everybody in it. */
export async function showStatement(tx: Tx, actor: StaffActor, statement: StatementRow): Promise<ShownStatement> {
  const { cityCode } = actor;
  const lines = await statementLines(tx, cityCode, statement.statementId, actor.divisionCode);
  const counties = new Map((await divisionsOf(tx, cityCode, lines.flatMap((line) => [line.siteCounty, line.bearingCounty]))).map((one) => [one.divisionCode, one.name]));
  const funders = await fundersOf(tx, cityCode, lines.map((line) => line.funderCode));
  const nameOf = (code: string): string => counties.get(code) ?? code;
  return {
    statement,
    lines: lines.map((line) => ({
      ...line, siteCountyName: nameOf(line.siteCounty), bearingCountyName: nameOf(line.bearingCounty), funderName: funders.get(line.funderCode)?.name ?? line.funderCode,
    })),
    positions: netPositions(lines).map((position) => ({ ...position, countyName: nameOf(position.countyCode) })),
    shownFen: fen(lines.reduce((sum, line) => sum + line.fen, 0)),
  };
}
