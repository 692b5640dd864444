import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { CivilDate, Clock } from '../kernel/index.js';
import { Allow, at, CLOCK, CurrentActor, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { billDays, type Difference } from './domain/index.js';
import { stillDiffers } from './reconcile-day.js';
import { MOST_DIFFERENCES, ReconciliationList, ReconciliationQuery, type BillDifferenceDto, type LateBillDto, type ReconciliationDto } from './reconcile.dto.js';
import { daysWithoutBill, merchantsOn, readBills, readDifferences, type BillMerchant, type TradeBillRow } from './reconcile.store.js';

const nameOf = ({ kind, orderId, refundId, number }: Difference): string => [kind, orderId, refundId, number].join(' ');

/** What differed when the bill came, and what differs now: what is mended is told as well. */
function differencesOf(then: readonly Difference[], now: readonly Difference[]): BillDifferenceDto[] {
  const [before, open] = [new Set(then.map(nameOf)), new Set(now.map(nameOf))];
  const all = [...then, ...now.filter((one) => !before.has(nameOf(one)))].slice(0, MOST_DIFFERENCES);
  return all.map((one) => ({ ...one, number: one.number === '' ? null : one.number, wasThere: before.has(nameOf(one)), isOpen: open.has(nameOf(one)) }));
}

/** WeChat Pay's bills beside our books. */
@ApiTags('微信支付')
@ApiBearerAuth()
@Controller('v1')
export class ReconcileController {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  @Get('payments/reconciliations')
  @Allow('countyOfficer', 'cityOfficer', 'financeReviewer', 'financeApprover', 'auditor')
  @ApiOperation({ summary: '某日与微信交易账单逐笔核对的结果，按收款商户' })
  @ApiOkResponse({ type: ReconciliationList })
  async list(@CurrentActor() { cityCode }: StaffActor, @Query() { date }: ReconciliationQuery): Promise<ReconciliationList> {
    return this.transactor.run(async (tx) => {
      const bills = new Map((await readBills(tx, cityCode, date)).map((bill) => [bill.subMchId, bill]));
      const items: ReconciliationDto[] = [];
      for (const merchant of await merchantsOn(tx, cityCode, date)) items.push(await viewOf(tx, cityCode, date, merchant, bills.get(merchant.subMchId)));
      return { items, late: await this.lateBills(tx, cityCode) };
    });
  }

  private async lateBills(tx: Tx, cityCode: string): Promise<LateBillDto[]> {
    const { first, late } = billDays(this.clock.now());
    const [days, names] = [await daysWithoutBill(tx, cityCode, first, late), new Map((await merchantsOn(tx, cityCode, late)).map((one) => [one.subMchId, one.operatorName]))];
    return days.slice(0, MOST_DIFFERENCES).map(({ subMchId, date }) => ({ subMchId, date, operatorName: names.get(subMchId) ?? '' }));
  }
}

async function viewOf(tx: Tx, cityCode: string, date: CivilDate, merchant: BillMerchant, bill: TradeBillRow | undefined): Promise<ReconciliationDto> {
  if (bill === undefined) return { ...merchant, fetchedAt: null, lines: 0, theirPaidFen: 0, theirReversedFen: 0, theirRefundFen: 0, ownPaidFen: 0, ownRefundFen: 0, differences: [] };
  const day = { cityCode, date, subMchId: merchant.subMchId };
  return {
    ...merchant, fetchedAt: at(bill.fetchedAt), lines: bill.lines, theirPaidFen: bill.paidFen, theirReversedFen: bill.reversedFen, theirRefundFen: bill.refundFen, ownPaidFen: bill.ownPaidFen, ownRefundFen: bill.ownRefundFen,
    differences: differencesOf(await readDifferences(tx, day, MOST_DIFFERENCES), await stillDiffers(tx, day)),
  };
}
