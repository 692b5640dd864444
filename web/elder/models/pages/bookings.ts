import { Screen, touch } from '../screen.js';
import type { Booking } from '../shapes.js';
import { heading, text, type Block, type Button } from '../view.js';
import { dayWords, periodWords, wayWords } from '../words.js';
import { STATE_WORDS } from './booked.js';
import { isDue, moneyWords, readBookings } from './menu-data.js';

/** What is booked, and what was. */
export class BookingsScreen extends Screen {
  readonly title = '我订的饭';
  readonly twin = '改订、取消也可以打电话给食堂，报姓名和哪一餐就行。';
  private bookings: readonly Booking[] = [];
  /** The one that is to be cancelled, once that is said again. */
  private asked: string | null = null;

  protected override async load(): Promise<void> {
    const { elder } = this.desk;
    if (elder !== null) this.bookings = await readBookings(this.desk, elder.elderId);
  }

  protected blocks(): readonly Block[] {
    const open = this.bookings.filter(({ state }) => state === 'open');
    const past = this.bookings.filter(({ state }) => state !== 'open').slice(0, 10);
    return [
      ...(open.length === 0 ? [text('现在没有订饭。'), touch(this.going('去订饭', 'menu', {}, { kind: 'main' }))] : open.map((booking) => this.card(booking))),
      touch(this.going('天天都订', 'standing')),
      ...(past.length === 0 ? [] : [heading('以前的'), ...past.map((booking) => this.card(booking))]),
    ];
  }

  private card(booking: Booking): Block {
    const { mealDate, mealPeriod, items, siteName, way, number, state } = booking;
    const money = moneyWords(booking);
    return {
      is: 'card', title: `${dayWords(mealDate, this.desk.today)} ${periodWords(mealPeriod)}`,
      lines: [
        state === 'open' ? `取餐号 ${number} 号` : (STATE_WORDS[state] ?? '办完了'), items.map(({ name, quantity }) => `${name} ${quantity} 份`).join('，'), `${siteName}，${wayWords(way)}`,
        ...(money === '' ? [] : [money]),
      ],
      buttons: state === 'open' ? this.deeds(booking) : [],
    };
  }

  private deeds(booking: Booking): readonly Button[] {
    const { bookingId, way, items, note, closesAt } = booking;
    const show = this.going(isDue(booking) ? '付款' : '看取餐码', 'booked', { booking: bookingId }, { kind: 'main' });
    if (Date.parse(closesAt) <= this.desk.host.now()) return [show];
    if (this.asked === bookingId) {
      return [this.doing('是的，取消这一餐', () => this.cancel(bookingId)), this.button('不取消，留着', () => this.ask(null))];
    }
    const ways = ['dineIn', 'collect', 'deliver'].filter((one) => one !== way);
    const kept = items.map(({ itemCode, quantity }) => ({ itemCode, quantity }));
    return [show, ...(isDue(booking) ? [] : ways).map((one) => this.doing(`改成${wayWords(one)}`, () => this.change(bookingId, { items: kept, way: one, ...(note === null ? {} : { note }) }))), this.button('取消这一餐', () => this.ask(bookingId))];
  }

  private ask(bookingId: string | null): void {
    this.asked = bookingId;
    if (bookingId === null) this.changed();
    else this.announce('要取消这一餐吗？付了的钱会退回微信。');
  }

  private async change(bookingId: string, wish: object): Promise<void> {
    await this.deed(`/v1/mini/bookings/${bookingId}/change`, wish);
    await this.load();
    this.announce('改好了。');
  }

  private async cancel(bookingId: string): Promise<void> {
    await this.deed(`/v1/mini/bookings/${bookingId}/cancel`, {});
    this.asked = null;
    await this.load();
    this.announce('取消了。付了的钱会退回微信。');
  }
}
