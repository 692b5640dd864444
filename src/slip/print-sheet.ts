import { Inject, Injectable } from '@nestjs/common';
import { addDays, done, invariant, refuse, today, type CivilDate, type Clock, type Instant, type Outcome } from '../kernel/index.js';
import { SitePlaces } from '../access/index.js';
import { openSurname } from '../elder/index.js';
import { actorName, CLOCK, doDeed, FieldCipher, Transactor, type StaffActor } from '../platform/index.js';
import { siteNames } from '../site/index.js';
import { dueOn, handleText } from './domain/index.js';
import { readLimits } from './limit.store.js';
import { MakeSheet, type PrintWish } from './make-sheet.js';
import { readPaperSite } from './paper-site.store.js';
import { namesOf, readSheet, type Sheet, type SheetItem } from './sheet.store.js';
import { codeOf } from './slip-keys.js';

/** A sheet that somebody wants printed. */
export interface PrintAsked {
  readonly id: string;
  readonly siteId: string;
  readonly mealDate: CivilDate;
  readonly wish: PrintWish;
}

/** A line as it is printed: enough to know each other face to face, and what to take. */
export interface PrintedLine {
  readonly handle: string;
  readonly surname: string;
  readonly title: 'f' | 'm';
  readonly cardTail: string;
  readonly regular: boolean;
  readonly ownFen: readonly number[];
}

/** Everything that a print page puts on paper. */
export interface PrintedSheet {
  readonly sheetId: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly siteNo: number;
  readonly mealDate: CivilDate;
  readonly version: number;
  readonly mark: string | null;
  readonly firstNo: number;
  readonly lastNo: number;
  readonly dueOn: CivilDate;
  readonly notice: string;
  readonly printedAt: Instant;
  readonly items: readonly SheetItem[];
  readonly lines: readonly PrintedLine[];
  readonly slips: readonly { readonly number: number; readonly code: string }[];
}

const REPRINT_MARK = '补打';
const NOTICE = '供柜台使用，请勿张贴、拍照外传；用餐后与纸质单一并交回街道（镇）。';

/** Prints sheets on demand, and gives what is on them. */
@Injectable()
export class PrintSheet {
  constructor(private readonly transactor: Transactor, private readonly places: SitePlaces, private readonly sheets: MakeSheet, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `outside-scope`, `slip-print-far`, and what `MakeSheet` refuses with */
  print(actor: StaffActor, { id, siteId, mealDate, wish }: PrintAsked): Promise<Outcome<{ sheetId: string }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'slip.print', body: { siteId, mealDate, wish, by: actor.staffId } }, async (tx) => {
      const place = await this.places.openTo(tx, actor, siteId);
      if (!place.ok) return place;
      const day = today(this.clock);
      if (mealDate < day || mealDate > addDays(day, 1)) return refuse('slip-print-far');
      const made = await this.sheets.make(tx, { cityCode, sheetId: id, siteId, mealDate, wish: wish.kind === 'first' ? { kind: 'again' } : wish, actor, by: actorName(actor) });
      if (!made.ok) return made;
      invariant(made.value !== null, 'only the first printing may be there already');
      return done({ sheetId: made.value.sheetId });
    });
  }

  /** @returns `not-found`, `outside-scope` */
  async show(actor: StaffActor, sheetId: string): Promise<Outcome<PrintedSheet>> {
    const { cityCode } = actor;
    return this.transactor.read(async (tx) => {
      const sheet = await readSheet(tx, cityCode, sheetId);
      if (sheet === undefined) return refuse('not-found');
      const place = await this.places.openTo(tx, actor, sheet.siteId);
      if (!place.ok) return place;
      const { siteId, mealDate, version, firstNo, lastNo, printedAt, items } = sheet;
      const site = await readPaperSite(tx, cityCode, siteId);
      invariant(site !== undefined, 'a site with sheets has a register');
      const names = new Map((await namesOf(tx, cityCode, sheet.lines.map(({ elderId }) => elderId))).map((name) => [name.elderId, name]));
      return done({
        sheetId, siteId, siteName: (await siteNames(tx, cityCode, [siteId])).get(siteId) ?? '', siteNo: site.siteNo, mealDate, version, mark: markOf(sheet), firstNo, lastNo,
        dueOn: dueOn(mealDate, await readLimits(tx, cityCode)), notice: NOTICE, printedAt, items,
        lines: sheet.lines.flatMap(({ handleNo, elderId, cardTail, regular, ownFen }): PrintedLine[] => {
          const name = names.get(elderId);
          return name === undefined ? [] : [{ handle: handleText(handleNo), surname: openSurname(this.cipher, cityCode, name), title: name.sex === 'female' ? 'f' : 'm', cardTail, regular, ownFen }];
        }),
        slips: Array.from({ length: lastNo - firstNo + 1 }, (_, index) => ({ number: firstNo + index, code: codeOf(this.cipher, { cityCode, site, mealDate, number: firstNo + index }) })),
      });
    });
  }
}

/** What a reprint says of itself. */
export function markOf({ reprint }: Pick<Sheet, 'reprint'>): string | null {
  return reprint ? REPRINT_MARK : null;
}
