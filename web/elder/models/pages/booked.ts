import { Screen, touch } from '../screen.js';
import type { PaymentSheet } from '../host.js';
import type { Booking } from '../shapes.js';
import { text, type Block } from '../view.js';
import { dayWords, periodWords, wayWords, yuan } from '../words.js';
import { readBookings } from './menu-data.js';

/** The answer of WeChat comes through the service; it is looked for this often. */
const LOOK_AGAIN_MS = 2_000;
const LOOKS = 30;

/** One booking: whether it stands, whether it is paid, and what to show at the counter. */
export class BookedScreen extends Screen {
  readonly title = '我订的这一份';
  readonly twin = '到食堂窗口报取餐号，或者刷助餐卡，不用手机。';
  private booking: Booking | null = null;
  private looks = 0;
  private stop: () => void = () => undefined;

  protected override async load(): Promise<void> {
    await this.look();
    if (this.booking !== null) this.announce(this.saying(this.booking));
  }

  protected override leave(): void {
    this.stop();
  }

  private async look(): Promise<void> {
    const { elder } = this.desk;
    if (elder === null) return;
    const before = this.booking?.payment;
    this.booking = (await readBookings(this.desk, elder.elderId)).find(({ bookingId }) => bookingId === this.given['booking']) ?? null;
    if (before === 'due' && this.booking?.payment === 'paid') {
      this.desk.host.vibrate();
      this.announce(this.saying(this.booking));
    }
    this.await();
  }

  private await(): void {
    this.stop();
    if (!this.inSight || this.booking?.payment !== 'due' || this.looks >= LOOKS) return;
    this.looks += 1;
    this.stop = this.desk.host.later(LOOK_AGAIN_MS, () => void this.look().then(() => this.changed(), () => this.await()));
  }

  private saying({ payment, expectedSelfPayFen, number }: Booking): string {
    if (payment === 'paid') return `订好了，已经付了 ${yuan(expectedSelfPayFen)}。取餐号 ${number} 号。`;
    if (payment === 'due') return `还没有收到付款 ${yuan(expectedSelfPayFen)}。`;
    if (payment === 'refunded') return '钱已经退回您的微信。';
    return `订好了，吃饭时付 ${yuan(expectedSelfPayFen)}。取餐号 ${number} 号。`;
  }

  protected blocks(): readonly Block[] {
    const { booking } = this;
    if (booking === null) return [text('没有找到这一份预订。请到“我订的饭”里看一看。'), touch(this.going('我订的饭', 'bookings'))];
    const what = booking.items.map(({ name, quantity }) => `${name} ${quantity} 份`).join('，');
    return [
      text(this.saying(booking), booking.payment === 'due' ? 'plain' : 'good'),
      text(`${dayWords(booking.mealDate, this.desk.today)} ${periodWords(booking.mealPeriod)}，${wayWords(booking.way)}。${what}。`),
      text(booking.siteName),
      { is: 'code', text: booking.code, digits: booking.code, says: `取餐码，取餐号 ${booking.number} 号。给窗口看，或者报号。` },
      ...(booking.payment === 'due' ? [
        touch(this.doing(`付 ${yuan(booking.expectedSelfPayFen)}`, () => this.pay(booking), { kind: 'main' })),
        touch(this.doing('看看付好了没有', () => this.look())),
      ] : []),
      touch(this.going('我订的饭', 'bookings')),
      touch(this.button('回到首页', () => this.desk.host.home())),
    ];
  }

  private async pay({ bookingId }: Booking): Promise<void> {
    const { payment } = await this.deed<{ readonly payment: PaymentSheet | null }>(`/v1/mini/bookings/${bookingId}/pay`, {});
    if (payment !== null && (await this.desk.host.requestPayment(payment, { booking: bookingId })) === 'left') return;
    await this.look();
  }
}
