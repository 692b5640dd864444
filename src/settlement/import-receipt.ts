import { Inject, Injectable } from '@nestjs/common';
import { recordAudits } from '../access/index.js';
import { done, fen, invariant, refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import { account, toTransfers, type Transfer } from '../ledger/domain/index.js';
import { bookingMonth, postTransfers } from '../ledger/index.js';
import { actorName, CLOCK, derivedId, doDeed, sha256, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { insertReceipt, knownSerials, lockBatch, lockLegs, lockReceipts, moveBatch, paidOfClaims, payLegs, receiptOfFile, setPaid, type LegRow } from './batch.store.js';
import { claimsOfBatch, insertSteps, lockClaims, type ClaimRow } from './claim.store.js';
import { madeBefore } from './check-step.js';
import { checkReceipt, readReceipt, type ReceiptRow, type RowFault } from './domain/index.js';
import { towards } from './plan-release.js';

/** What an import did; `repeated` when the same file was imported before, and nothing was done. */
export interface ImportedReceipt {
  readonly receiptId: string;
  readonly lines: number;
  readonly totalFen: number;
  readonly repeated: boolean;
}

const MOST_SHOWN = 50;

function wrong(faults: readonly RowFault[]) {
  return refuse('receipt-wrong', { faults: faults.length, rows: faults.slice(0, MOST_SHOWN).map(({ row, fault }) => `第 ${row} 行：${fault}`) });
}

/**
 * Imports a receipt of the treasury or bank: the only thing that says paid. The whole file counts or nothing of it, and
 * the same file a second time changes nothing. Who released a batch does not also confirm that it was paid.
 */
@Injectable()
export class ImportReceipt {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `receipt-wrong` with a report by row, `maker-is-checker` */
  async run(actor: StaffActor, id: string, csv: string): Promise<Outcome<ImportedReceipt>> {
    const { cityCode } = actor;
    const fileHash = sha256(csv);
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'receipt.import', body: { fileHash } }, async (tx): Promise<Outcome<ImportedReceipt>> => {
      await lockReceipts(tx, cityCode);
      const known = await receiptOfFile(tx, cityCode, fileHash);
      if (known !== undefined) return done({ ...known, repeated: true });
      const { rows, faults } = readReceipt(csv);
      if (faults.length > 0) return wrong(faults);
      const legs = new Map((await lockLegs(tx, cityCode, actor.divisionCode, rows.map((row) => row.legNumber))).map((leg) => [leg.legNumber, leg]));
      const more = checkReceipt(rows, legs, await knownSerials(tx, cityCode, rows.map((row) => row.serial)), today(this.clock));
      if (more.length > 0) return wrong(more);
      const claims = await lockClaims(tx, cityCode, [...legs.values()].map((leg) => leg.claimId));
      if (await madeBefore(tx, actor, claims, 'financeReview')) return refuse('maker-is-checker');
      const receipt = { receiptId: id, lines: rows.length, totalFen: fen(rows.reduce((sum, row) => sum + row.fen, 0)) };
      await insertReceipt(tx, cityCode, { ...receipt, fileHash, by: actorName(actor), now: this.clock.now() }, rows);
      await payLegs(tx, cityCode, id);
      await postTransfers(tx, this.clock, await this.transfers(tx, cityCode, rows, legs));
      const paid = await this.settleClaims(tx, actor, claims);
      for (const batchId of [...new Set([...legs.values()].map((leg) => leg.batchId))].sort()) await this.settleBatch(tx, actor, batchId);
      await recordAudits(tx, this.clock, cityCode, [
        { cityCode, actor, action: 'receipt.import', objectKind: 'receipt', objectId: id, after: { ...receipt, fileHash } },
        ...paid.map((row) => ({ cityCode, actor, action: 'claim.pay', objectKind: 'claim', objectId: row.claimId, before: { paidFen: row.before }, after: { paidFen: row.paidFen, state: row.state } })),
      ]);
      return done({ ...receipt, repeated: false });
    });
  }

  /** Each payment takes what was approved and makes it paid, in the month of the import. */
  private async transfers(tx: Tx, cityCode: string, rows: readonly ReceiptRow[], legs: ReadonlyMap<string, LegRow & { siteId: string }>): Promise<Transfer[]> {
    const bookedMonth = await bookingMonth(tx, this.clock, cityCode, today(this.clock));
    return rows.flatMap((row) => {
      const leg = legs.get(row.legNumber);
      invariant(leg, 'every row of a checked receipt has its leg');
      const head = { cityCode, bookedMonth, siteId: leg.siteId, mealDate: null, causeId: leg.claimId, transferId: derivedId('payment', cityCode, row.serial), kind: 'payment' as const };
      return toTransfers(head, [towards(account.paid(leg.funderCode), account.approved(leg.siteId, leg.funderCode), fen(row.fen))]);
    });
  }

  private async settleClaims(tx: Tx, actor: StaffActor, claims: readonly ClaimRow[]) {
    const paid = await paidOfClaims(tx, actor.cityCode, claims.map((claim) => claim.claimId));
    const rows = claims.map((claim) => {
      const now = paid.get(claim.claimId);
      invariant(now, 'a claim with a payment has legs');
      return { claimId: claim.claimId, revision: claim.revision, before: claim.paidFen, fromState: claim.state, paidFen: now.paidFen, state: now.full ? 'paid' as const : 'partPaid' as const };
    });
    await setPaid(tx, actor.cityCode, rows);
    await insertSteps(tx, actor.cityCode, rows.map((row) => ({ ...row, toState: row.state })),
      { step: 'pay', atStep: null, actor: actorName(actor), staffId: actor.staffId, now: this.clock.now(), reason: null });
    return rows;
  }

  private async settleBatch(tx: Tx, actor: StaffActor, batchId: string): Promise<void> {
    const batch = await lockBatch(tx, actor.cityCode, batchId);
    invariant(batch, 'a leg lies in a batch');
    const claims = await claimsOfBatch(tx, actor.cityCode, batchId);
    const to = claims.every((claim) => claim.state === 'paid') ? 'paid' : 'partPaid';
    if (to === batch.state) return;
    await moveBatch(tx, actor.cityCode, batchId, { step: 'pay', from: batch.state, to, actor: actorName(actor), staffId: actor.staffId, now: this.clock.now(), reason: null });
  }
}
