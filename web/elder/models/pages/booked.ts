import { AskingScreen } from '../asking-screen.js';
import { touch } from '../screen.js';
import type { PaymentSheet } from '../host.js';
import type { Booking } from '../shapes.js';
import { text, type Block } from '../view.js';
import { dayWords, periodWords, wayWords, yuan } from '../words.js';
import { findBooking, isDue, moneyWords } from './menu-data.js';

export const STATE_WORDS: Readonly<Record<string, string>> = { open: '订好了', collected: '吃过了', cancelled: '取消了', noShow: '没有来取' };

/** The answer of WeChat comes through the service; it is looked for this often. */
const LOOK_AGAIN_MS = 2_000;
const LOOKS = 30;

/** One booking: whether it stands, whether it is paid, and what to show at the counter. */
export class BookedScreen extends AskingScreen {
  readonly title = '我订的这一份';
  readonly twin = '到食堂窗口报取餐号，或者刷助餐卡，不用手机。';
  private booking: Booking | null = null;
  private looks = 0;
  private stop: () => void = () => undefined;

  protected override async load(): Promise<void> {
    this.readTemplates();
    await this.look();
    if (this.booking !== null) this.announce(this.saying(this.booking));
  }

  protected override leave(): void {
    this.stop();
  }

  private async look(): Promise<void> {
    const waited = this.booking !== null && isDue(this.booking);
    const found = await findBooking(this.desk, this.given['booking'] ?? '');
    this.booking = found?.booking ?? null;
    if (found !== null && found.elderId !== this.desk.elder?.elderId) this.desk.choose(found.elderId);
    if (waited && this.booking !== null && !isDue(this.booking)) {
      this.desk.host.vibrate();
      this.announce(this.saying(this.booking));
    }
    this.await();
  }

  private await(): void {
    this.stop();
    if (!this.inSight || this.booking === null || !isDue(this.booking) || this.looks >= LOOKS) return;
    this.looks += 1;
    this.stop = this.desk.host.later(LOOK_AGAIN_MS, () => void this.look().then(() => this.changed(), () => this.await()));
  }

  private saying(booking: Booking): string {
    if (booking.state !== 'open') return `这一份${STATE_WORDS[booking.state] ?? '办完了'}。${moneyWords(booking)}`;
    return isDue(booking) ? moneyWords(booking) : `订好了。取餐号 ${booking.number} 号。${moneyWords(booking)}`;
  }

  protected blocks(): readonly Block[] {
    const { booking } = this;
    if (booking === null) return [text('没有找到这一份预订。请到“我订的饭”里看一看。'), touch(this.going('我订的饭', 'bookings'))];
    const what = booking.items.map(({ name, quantity }) => `${name} ${quantity} 份`).join('，');
    return [
      text(this.saying(booking), isDue(booking) || booking.state !== 'open' ? 'plain' : 'good'),
      text(`${dayWords(booking.mealDate, this.desk.today)} ${periodWords(booking.mealPeriod)}，${wayWords(booking.way)}。${what}。`),
      text(booking.siteName),
      ...(booking.code === null || booking.state !== 'open' ? [] : [{ is: 'code', text: booking.code, digits: booking.code, says: `取餐码，取餐号 ${booking.number} 号。${booking.way === 'deliver' ? '送到的时候给送餐的人看，或者报号。' : '给窗口看，或者报号。'}` } as const]),
      ...(isDue(booking) ? [
        touch(this.doing(`付 ${yuan(booking.expectedFen ?? booking.priceFen)}`, () => this.pay(booking), { kind: 'main' })),
        touch(this.doing('看看付好了没有', () => this.look())),
      ] : []),
      ...(booking.state === 'open' && this.desk.may('ordering') ? [touch(this.going('以后工作日都订这一份', 'standing', { booking: booking.bookingId }))] : []),
      ...(booking.state === 'open' ? this.asking() : []),
      touch(this.going('我订的饭', 'bookings')),
      touch(this.button('回到首页', () => this.desk.host.home())),
    ];
  }

  private async pay({ bookingId }: Booking): Promise<void> {
    const { payment } = await this.desk.service.ask<{ readonly payment: PaymentSheet }>('POST', `/v1/mini/bookings/${bookingId}/pay`, {});
    if ((await this.desk.host.requestPayment(payment, { booking: bookingId })) === 'left') return;
    await this.look();
  }
}
