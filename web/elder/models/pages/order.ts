import { Screen, touch } from '../screen.js';
import { Trouble } from '../service.js';
import type { PaymentSheet } from '../host.js';
import type { Meal, Menu, Offer } from '../shapes.js';
import { heading, text, type Block } from '../view.js';
import { dayWords, periodWords, wayWords, yuan } from '../words.js';
import { openWords, readBookings, readMenu } from './menu-data.js';
import { offerLines } from './menu.js';

const WAYS = ['dineIn', 'collect', 'deliver'] as const;

interface Booked {
  readonly bookingId: string;
  readonly expectedSelfPayFen: number;
  readonly payment: PaymentSheet | null;
}

/** The last look before a meal is booked: who eats what, who pays how much. Two answers of the same weight, and back. */
export class OrderScreen extends Screen {
  readonly title = '看一看，对不对';
  readonly twin = '打电话给食堂也能订，吃饭时再付钱。';
  private menu: Menu | null = null;
  private way: string = WAYS[0];

  protected override async load(): Promise<void> {
    const { elder } = this.desk;
    if (elder === null) return;
    this.menu = await readMenu(this.desk, this.of('site'), elder.elderId, this.of('date'));
    const chosen = this.chosen();
    if (chosen !== null) this.announce(this.sentence(chosen.offer, chosen.ownFen));
  }

  private of(name: string): string {
    return this.given[name] ?? '';
  }

  private chosen(): { readonly meal: Meal; readonly offer: Offer; readonly ownFen: number } | null {
    const meal = this.menu?.days[0]?.meals.find(({ mealPeriod }) => mealPeriod === this.of('period'));
    const offer = meal?.items.find(({ itemCode }) => itemCode === this.of('item'));
    return meal === undefined || offer?.split == null ? null : { meal, offer, ownFen: offer.split.selfPayFen };
  }

  private sentence(offer: Offer, ownFen: number): string {
    const { elder } = this.desk;
    const whose = elder?.self === true ? '您' : (elder?.name ?? '');
    return `${whose}订 ${dayWords(this.of('date'), this.desk.today)} ${periodWords(this.of('period'))}，${offer.name}一份。${this.payer()}付 ${yuan(ownFen)}。`;
  }

  private payer(): string {
    return this.desk.elder?.self === true ? '您' : '您替老人';
  }

  protected blocks(): readonly Block[] {
    const chosen = this.chosen();
    if (chosen === null) return [text('这份饭现在没有了。请返回换一份，或者打电话给食堂。')];
    const { meal, offer, ownFen } = chosen;
    const { open, words } = openWords(meal, this.desk.host.now());
    return [
      text(this.sentence(offer, ownFen), 'big'),
      text(this.menu?.name ?? ''),
      ...offerLines(offer).map((line) => text(line)),
      { is: 'choice', label: '怎么吃', buttons: WAYS.map((way) => this.button(wayWords(way), () => this.turn(way), { chosen: way === this.way })) },
      ...(this.way === 'deliver' ? [text('送到登记的住址。收不收送餐费、几点送到，先打电话问食堂；上面写的只是饭钱。', 'soft')] : []),
      heading('怎么付钱'),
      text(`钱付给做饭的食堂，数目以吃饭那天为准，多付了自动退回。`, 'soft'),
      ...(open ? this.answers(ownFen) : [text(words, 'trouble')]),
    ];
  }

  private turn(way: string): void {
    this.way = way;
    this.changed();
  }

  private answers(ownFen: number): readonly Block[] {
    const [now, later] = [`订好，现在付 ${yuan(ownFen)}`, '订好，吃饭时再付'];
    const canPay = this.desk.may('paying') && ownFen > 0;
    return [
      ...(canPay ? [touch(this.doing(now, () => this.book('now'), { kind: 'main' }))] : []),
      touch(this.doing(later, () => this.book('atMeal'), { kind: 'main' })),
      touch(this.button('不订了', () => this.desk.host.back())),
    ];
  }

  /** Back from the cashier's page the meal is booked: the booking is where it is paid. @throws whatever else went wrong */
  private async already(error: unknown): Promise<null> {
    if (!(error instanceof Trouble) || error.code !== 'booking-exists') throw error;
    const booking = (await readBookings(this.desk, this.desk.elder?.elderId ?? '')).find(({ state, siteId, mealDate, mealPeriod }) =>
      state === 'open' && siteId === this.of('site') && mealDate === this.of('date') && mealPeriod === this.of('period'));
    if (booking === undefined) throw error;
    this.desk.go('booked', { booking: booking.bookingId });
    return null;
  }

  private async book(pay: 'now' | 'atMeal'): Promise<void> {
    const body = {
      elderId: this.desk.elder?.elderId ?? '', siteId: this.of('site'), mealDate: this.of('date'), mealPeriod: this.of('period'),
      items: [{ itemCode: this.of('item'), quantity: 1 }], way: this.way, pay,
    };
    const booked = await this.deed<Booked>('/v1/mini/bookings', body).catch((error: unknown) => this.already(error));
    if (booked === null) return;
    this.desk.host.vibrate();
    const given = { booking: booked.bookingId };
    if (booked.payment !== null && (await this.desk.host.requestPayment(booked.payment, given)) === 'left') return;
    this.desk.go('booked', given);
  }
}
