import { Screen, touch } from '../screen.js';
import type { Booking } from '../shapes.js';
import { heading, text, type Block, type Button } from '../view.js';
import { dayWords, PERIODS, periodWords, wayWords, type Period } from '../words.js';
import { STATE_WORDS } from './booked.js';
import { isDue, moneyWords, readBookings } from './menu-data.js';

const ORIGIN_WORDS: Readonly<Record<string, string>> = { telephone: '打电话请食堂订的', counter: '工作人员当面帮着订的', standing: '工作日都订，自动订的', group: '社区一起订的' };

const refundWords = ({ paidFen }: Booking): string => ((paidFen ?? 0) > 0 ? '付了的钱会退回微信。' : '');

/** What is booked, and what was. */
export class BookingsScreen extends Screen {
  readonly title = '我订的饭';
  readonly twin = '取消也可以打电话给食堂，报哪天哪一餐和取餐号就行。';
  private bookings: readonly Booking[] = [];
  /** The one that is to be cancelled, once that is said again. */
  private asked: string | null = null;

  protected override async load(): Promise<void> {
    const { elder } = this.desk;
    if (elder !== null) this.bookings = await readBookings(this.desk, elder.elderId);
  }

  protected blocks(): readonly Block[] {
    const open = this.bookings.filter(({ state }) => state === 'open').sort((a, b) => (a.mealDate < b.mealDate ? -1 : a.mealDate > b.mealDate ? 1 : PERIODS.indexOf(a.mealPeriod as Period) - PERIODS.indexOf(b.mealPeriod as Period)));
    const past = this.bookings.filter(({ state }) => state !== 'open').slice(0, 10);
    return [
      ...(open.length === 0 ? [text('现在没有订饭。'), touch(this.going('去订饭', 'menu', {}, { kind: 'main' }))] : open.map((booking) => this.card(booking))),
      touch(this.going('工作日都订', 'standing')),
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
        ...this.origin(booking), ...(money === '' ? [] : [money]),
        ...(state === 'open' && this.isLate(booking) ? ['过了改和取消的时间。要改、不吃了，请打电话给食堂。'] : []),
      ],
      buttons: state === 'open' ? this.deeds(booking) : [],
    };
  }

  private deeds(booking: Booking): readonly Button[] {
    const { bookingId, way, items, note } = booking;
    const show = this.going(isDue(booking) ? '付款' : '看取餐码', 'booked', { booking: bookingId }, { kind: 'main' });
    if (this.isLate(booking)) return [show];
    if (this.asked === bookingId) {
      return [this.doing('是的，取消这一餐', () => this.cancel(booking)), this.button('不取消，留着', () => this.ask(null))];
    }
    const ways = ['dineIn', 'collect', 'deliver'].filter((one) => one !== way);
    const kept = items.map(({ itemCode, quantity }) => ({ itemCode, quantity }));
    return [show, ...(isDue(booking) ? [] : ways).map((one) => this.doing(`改成${wayWords(one)}`, () => this.change(bookingId, { items: kept, way: one, ...(note === null ? {} : { note }) }))), this.button('取消这一餐', () => this.ask(booking))];
  }

  private isLate({ closesAt }: Booking): boolean {
    return Date.parse(closesAt) <= this.desk.host.now();
  }

  /** Who booked it, where that was not the elder's own telephone. */
  private origin({ channel, byKin }: Booking): readonly string[] {
    const words = byKin ? '家人帮着订的' : ORIGIN_WORDS[channel];
    return words === undefined ? [] : [words];
  }

  private ask(booking: Booking | null): void {
    this.asked = booking?.bookingId ?? null;
    if (booking === null) this.changed();
    else this.announce(`要取消这一餐吗？${refundWords(booking)}`);
  }

  private async change(bookingId: string, wish: object): Promise<void> {
    await this.deed(`/v1/mini/bookings/${bookingId}/change`, wish);
    await this.load();
    this.announce('改好了。');
  }

  private async cancel(booking: Booking): Promise<void> {
    const { bookingId } = booking;
    await this.deed(`/v1/mini/bookings/${bookingId}/cancel`, {});
    this.asked = null;
    await this.load();
    this.announce(`取消了。${refundWords(booking)}`);
  }
}
