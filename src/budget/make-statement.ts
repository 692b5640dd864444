import { recordAudit } from '../access/index.js';
import { fen, invariant, type CivilMonth, type Clock } from '../kernel/index.js';
import { derivedId, sha256, type Tx } from '../platform/index.js';
import { statementText, type StatementLine } from './domain/index.js';
import { closedRun, insertStatement, linesOfMonth, readStatement, type StatementRow } from './statement.store.js';

/**
 * Makes a month's statement between counties, once: from a closed month whose claims are built, so that its figures are
 * those of the claims. What turns out later stands in the statement of the month it is booked in.
 * @returns the statement, the same one every time; undefined while the month is open or claims are being built
 */
export async function makeStatement(tx: Tx, clock: Clock, cityCode: string, month: CivilMonth): Promise<StatementRow | undefined> {
  const known = await readStatement(tx, cityCode, { month });
  if (known !== undefined) return known;
  const run = await closedRun(tx, cityCode, month);
  if (run === undefined || !run.built) return undefined;
  const lines = (await linesOfMonth(tx, cityCode, month)).map((line, index): StatementLine => ({ lineNo: index + 1, ...line }));
  const statement: StatementRow = {
    statementId: derivedId('county-statement', cityCode, month), statementNumber: `${cityCode}-${month.replace('-', '')}-QX`, month, runId: run.runId,
    lineCount: lines.length, totalFen: fen(lines.reduce((sum, line) => sum + line.fen, 0)), linesHash: sha256(statementText(lines)), madeAt: clock.now(),
  };
  await insertStatement(tx, cityCode, statement, lines);
  const made = await readStatement(tx, cityCode, { month });
  invariant(made, 'a statement that was made is there');
  await recordAudit(tx, clock, { cityCode, actor: 'system', action: 'statement.make', objectKind: 'countyStatement', objectId: made.statementId, after: made });
  return made;
}
