import { fen, sumFen, type CivilMonth, type Fen } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';
import { divisionsOf, fundersOf } from '../region/index.js';
import { operatorsOf, payeesOf, siteNames } from '../site/index.js';
import { siteDays, type SiteDay } from '../tap/index.js';
import { budgetsOf, type BatchRow, type Budget } from './batch.store.js';
import { claimsOfBatch, cutsOf, linesOf, type ClaimRow } from './claim.store.js';
import { approvedLines } from './domain/index.js';
import { funderKindOf } from './make-batch.js';

/** A line as papers print it. */
export interface PaperLine {
  readonly claimNumber: string;
  readonly siteName: string;
  readonly lineNo: number;
  readonly operatorName: string;
  readonly payeeName: string;
  readonly funderCode: string;
  readonly funderName: string;
  readonly mealMonth: CivilMonth;
  readonly meals: number;
  readonly claimedFen: Fen;
  readonly cutFen: Fen;
  readonly approvedFen: Fen;
}

/** A claim as papers print it. */
export interface PaperClaim {
  readonly claimNumber: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly meals: number;
  readonly claimedFen: Fen;
  readonly cutFen: Fen;
  readonly approvedFen: Fen;
  readonly paidFen: Fen;
  readonly linesHash: string;
}

/** Everything that papers about claims print. */
export interface Papers {
  readonly title: string;
  readonly month: CivilMonth;
  readonly claims: readonly PaperClaim[];
  readonly lines: readonly PaperLine[];
  readonly days: readonly (SiteDay & { siteName: string })[];
}

/** Reads what papers about claims of one month print, with the names of everybody in them. */
export async function readPapers(tx: Tx, cityCode: string, title: string, rows: readonly ClaimRow[]): Promise<Papers> {
  const claimIds = rows.map((row) => row.claimId);
  const month = (rows[0] as ClaimRow).month;
  const cuts = await cutsOf(tx, cityCode, claimIds);
  const raw = (await linesOf(tx, cityCode, claimIds));
  const sites = await siteNames(tx, cityCode, rows.map((row) => row.siteId));
  const operators = await operatorsOf(tx, cityCode, raw.flatMap((line) => line.operatorId ?? []));
  const payees = await payeesOf(tx, cityCode, raw.flatMap((line) => line.payeeId ?? []));
  const funders = await fundersOf(tx, cityCode, raw.map((line) => line.funderCode));
  const days = await siteDays(tx, cityCode, month, rows.map((row) => row.siteId));
  const lines = rows.flatMap((row) => approvedLines(raw.filter((line) => line.claimId === row.claimId), cuts.filter((cut) => cut.claimId === row.claimId))
    .map((line) => ({
      claimNumber: row.claimNumber, siteName: sites.get(row.siteId) ?? '', lineNo: line.lineNo,
      operatorName: operators.get(line.operatorId ?? '')?.name ?? '', payeeName: payees.get(line.payeeId ?? '')?.name ?? '',
      funderCode: line.funderCode, funderName: funders.get(line.funderCode)?.name ?? line.funderCode,
      mealMonth: line.mealMonth, meals: line.meals, claimedFen: line.claimedFen, cutFen: line.cutFen, approvedFen: line.approvedFen,
    })));
  return {
    title, month, lines,
    claims: rows.map((row) => ({
      claimNumber: row.claimNumber, siteId: row.siteId, siteName: sites.get(row.siteId) ?? '', meals: row.meals, claimedFen: row.claimedFen,
      cutFen: row.cutFen, approvedFen: fen(row.claimedFen - row.cutFen), paidFen: row.paidFen, linesHash: row.linesHash ?? '',
    })),
    days: days.map((day) => ({ ...day, siteName: sites.get(day.siteId) ?? '' })),
  };
}

/** What the request letter of a batch prints. */
export interface LetterFacts {
  readonly batch: BatchRow;
  readonly countyName: string;
  readonly papers: Papers;
  /** What each funder is asked for, with its budget. */
  readonly funders: readonly { readonly name: string; readonly fen: Fen; readonly budget: Budget | undefined }[];
  readonly totalFen: Fen;
}

/** Reads a batch for its letter or spreadsheet; undefined when it holds no claim, as after a return. */
export async function readLetter(tx: Tx, cityCode: string, batch: BatchRow): Promise<LetterFacts | undefined> {
  const rows = await claimsOfBatch(tx, cityCode, batch.batchId);
  if (rows.length === 0) return undefined;
  const [county] = await divisionsOf(tx, cityCode, [batch.countyCode]);
  const papers = await readPapers(tx, cityCode, batch.batchNumber, rows);
  const budgets = new Map((await budgetsOf(tx, cityCode, batch.batchId)).map((budget) => [budget.funderKind, budget]));
  const codes = [...new Set(papers.lines.map((line) => line.funderCode))].sort();
  const funders = codes.map((code) => {
    const own = papers.lines.filter((line) => line.funderCode === code);
    return { name: own[0]?.funderName ?? code, fen: sumFen(own.map((line) => line.approvedFen)), budget: budgets.get(funderKindOf(code)) };
  });
  return { batch, countyName: county?.name ?? batch.countyCode, papers, funders, totalFen: sumFen(papers.claims.map((claim) => claim.approvedFen)) };
}
