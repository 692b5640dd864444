import { Inject, Injectable } from '@nestjs/common';
import { addDays, done, refuse, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit, type AuditEntry } from '../access/index.js';
import { priceListInForce } from '../menu/index.js';
import type { PriceList } from '../menu/domain/index.js';
import { CLOCK, type Tx } from '../platform/index.js';
import { readSitesOn, type SiteOn } from '../site/index.js';
import { codeAt } from '../subsidy/domain/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import type { SlipLimits } from './domain/index.js';
import { readLimits } from './limit.store.js';
import { ownShares } from './own-shares.js';
import { lockRegister, readPaperSite, stepsOf } from './paper-site.store.js';
import { giveHandles, insertSheet, readPersons, sheetsOf, type Sheet, type SheetItem, type SheetLine } from './sheet.store.js';

/** Who ate here within so many days is a regular. */
const REGULAR_DAYS = 60;
/** Columns that fit on a sheet. */
const MOST_ITEMS = 6;
/** Slips for those who come without having come before. */
const SPARE_SLIPS = 20;

/**
 * What is printed: a day's first sheet (nothing where it is there), more slips for it, or all of them again, marked as a
 * reprint.
 */
export type PrintWish = { readonly kind: 'first' } | { readonly kind: 'more'; readonly slips: number } | { readonly kind: 'again' };

/** A sheet that is to be made. */
export interface SheetAsked {
  readonly cityCode: string;
  readonly sheetId: string;
  readonly siteId: string;
  readonly mealDate: CivilDate;
  readonly wish: PrintWish;
  readonly actor: AuditEntry['actor'];
  readonly by: string;
}

/** Makes a printing of a site's day: who may come, what each would pay, and numbered slips. */
@Injectable()
export class MakeSheet {
  constructor(private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns the printing, or null where the first one is there; `slip-site-not-paper`, `slip-print-none`, `slip-print-full` */
  async make(tx: Tx, asked: SheetAsked): Promise<Outcome<Omit<Sheet, 'people'> | null>> {
    const { cityCode, siteId, mealDate, wish } = asked;
    await lockRegister(tx, cityCode, siteId);
    const standing = (await stepsOf(tx, cityCode, siteId)).filter(({ onDate }) => onDate <= mealDate).at(-1);
    if ((await readPaperSite(tx, cityCode, siteId)) === undefined || standing?.kind !== 'begun') return refuse('slip-site-not-paper');
    const before = await sheetsOf(tx, cityCode, siteId, mealDate);
    if (wish.kind === 'first' && before.length > 0) return done(null);
    const site = (await readSitesOn(tx, cityCode, [siteId], mealDate)).get(siteId);
    const prices = await priceListInForce(tx, cityCode, siteId, mealDate);
    if (site === undefined || site.state !== 'open' || prices === null) return refuse('slip-print-none');
    const limits = await readLimits(tx, cityCode);
    const items = itemsOf(prices);
    const lines = await this.lines(tx, asked, site, items, limits);
    const range = rangeOf(wish, before, lines.filter(({ regular }) => regular).length + SPARE_SLIPS, limits);
    if (range === null) return refuse('slip-print-full', { limit: limits.siteDayMeals });
    const sheet = {
      sheetId: asked.sheetId, siteId, mealDate, version: before.length + 1, ...range, reprint: wish.kind === 'again' && before.length > 0,
      priceListVersion: prices.version, printedAt: this.clock.now(), printedBy: asked.by,
    };
    await insertSheet(tx, cityCode, { ...sheet, items, lines });
    const { version, firstNo, lastNo, reprint } = sheet;
    await recordAudit(tx, this.clock, { cityCode, actor: asked.actor, action: 'slip.print', objectKind: 'slipSheet', objectId: sheet.sheetId, after: { siteId, mealDate, version, firstNo, lastNo, reprint, people: lines.length } });
    return done(sheet);
  }

  private async lines(tx: Tx, { cityCode, siteId, mealDate }: SheetAsked, site: SiteOn, items: readonly SheetItem[], limits: SlipLimits): Promise<SheetLine[]> {
    const streetCode = codeAt(site.path, 'township') ?? site.divisionCode;
    const persons = await readPersons(tx, { cityCode, siteId, divisionCode: site.divisionCode, streetCode, ateSince: addDays(mealDate, -REGULAR_DAYS), most: limits.sheetPeople });
    const ids = persons.map(({ elderId }) => elderId);
    const handles = await giveHandles(tx, cityCode, siteId, ids, this.clock.now());
    const shares = await ownShares(tx, await this.policies.of(tx, cityCode), site, mealDate, items, cityCode, ids);
    return persons
      .map(({ elderId, cardTail, regular }): SheetLine => ({ handleNo: handles.get(elderId) as number, elderId, cardTail, regular, ownFen: shares.get(elderId) ?? items.map((item) => item.fen) }))
      .sort((a, b) => Number(b.regular) - Number(a.regular) || a.handleNo - b.handleNo);
  }
}

/** What a sheet has columns for: elders' sets first, then the dearest. */
function itemsOf({ prices }: PriceList): SheetItem[] {
  return [...prices].sort((a, b) => Number(b.elderSet) - Number(a.elderSet) || b.fen - a.fen || (a.itemCode < b.itemCode ? -1 : 1)).slice(0, MOST_ITEMS)
    .map(({ itemCode, name, mealPeriod, fen, guestFen }) => ({ itemCode, name, mealPeriod, fen, guestFen: guestFen ?? fen }));
}

/** The numbers of a printing; null where no more may be printed. */
function rangeOf(wish: PrintWish, before: readonly Sheet[], usual: number, { siteDayMeals }: SlipLimits): { firstNo: number; lastNo: number } | null {
  const last = Math.max(0, ...before.map(({ lastNo }) => lastNo));
  if (wish.kind === 'again' && last > 0) return { firstNo: 1, lastNo: last };
  const lastNo = Math.min(siteDayMeals, last + (wish.kind === 'more' ? wish.slips : usual));
  return lastNo <= last ? null : { firstNo: last + 1, lastNo };
}
