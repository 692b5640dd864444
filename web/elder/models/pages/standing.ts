import { addDays, civilDate } from '../../../../src/kernel/civil-date.js';
import { Screen, touch } from '../screen.js';
import type { Booking, StandingOrder } from '../shapes.js';
import { heading, text, type Block } from '../view.js';
import { dateWords, dayWords, periodWords, wayWords } from '../words.js';
import { readBookings } from './menu-data.js';

/** So long it goes on by itself; then it is asked anew. */
const DAYS = 90;
const DAY_WORDS: Readonly<Record<string, string>> = { workdays: '每个工作日', mon: '星期一', tue: '星期二', wed: '星期三', thu: '星期四', fri: '星期五', sat: '星期六', sun: '星期日' };

/** The same meal every workday, without thinking of it. Paid at the meal; each day can be cancelled like any other. */
export class StandingScreen extends Screen {
  readonly title = '工作日都订';
  readonly twin = '打电话给食堂，报助餐卡号，说“工作日都订”；不要了，打电话停掉。';
  private orders: readonly StandingOrder[] = [];
  private booking: Booking | null = null;

  protected override async load(): Promise<void> {
    const { elder } = this.desk;
    if (elder === null) return;
    this.orders = (await this.desk.service.ask<{ readonly items: readonly StandingOrder[] }>('GET', `/v1/mini/standing-orders?elderId=${elder.elderId}`)).items.filter(({ state }) => state === 'standing');
    if (this.given['booking'] !== undefined) this.booking = (await readBookings(this.desk, elder.elderId)).find(({ bookingId }) => bookingId === this.given['booking']) ?? null;
  }

  protected blocks(): readonly Block[] {
    return [...this.offer(), ...(this.orders.length === 0 ? [text('现在没有工作日都订的饭。')] : [heading('正在订着的'), ...this.orders.map((order) => this.card(order))])];
  }

  private offer(): readonly Block[] {
    const { booking } = this;
    if (booking === null || this.orders.some(({ siteId, mealPeriod }) => siteId === booking.siteId && mealPeriod === booking.mealPeriod)) return [];
    const from = this.from(booking);
    return [
      text(`${dayWords(from, this.desk.today)}起，每个工作日${periodWords(booking.mealPeriod)}都订${booking.items.map(({ name }) => name).join('、')}，${wayWords(booking.way)}，吃饭时付钱。`, 'big'),
      text(`${booking.siteName}。放假的日子不订。哪一天不吃，到“我订的饭”里取消那一天。${DAYS} 天以后自己停。`),
      touch(this.doing('好，工作日都订', () => this.stand(booking), { kind: 'main' })),
      touch(this.button('不用了', () => this.desk.host.back())),
    ];
  }

  /** The day after the booked one, tomorrow at the earliest. */
  private from({ mealDate }: Booking): string {
    const last = mealDate > this.desk.today ? mealDate : this.desk.today;
    return addDays(civilDate(last), 1);
  }

  private card({ standingId, siteName, mealPeriod, weekdays, way, until, byStaff, days }: StandingOrder): Block {
    const failed = days.find(({ sentence }) => sentence !== null);
    return {
      is: 'card', title: `${weekdays.map((day) => DAY_WORDS[day] ?? day).join('、')}${periodWords(mealPeriod)}`,
      lines: [siteName, wayWords(way), ...(byStaff ? ['打电话请工作人员订的'] : []), `到 ${dateWords(until)} 为止`, ...(failed === undefined ? [] : [`${dayWords(failed.date, this.desk.today)} 没有订上：${failed.sentence ?? ''}`])],
      buttons: [this.doing(`停掉${periodWords(mealPeriod)}`, () => this.end(standingId))],
    };
  }

  private async stand(booking: Booking): Promise<void> {
    const { siteId, mealPeriod, items, way } = booking;
    const from = this.from(booking);
    await this.deed('/v1/mini/standing-orders', {
      elderId: this.desk.elder?.elderId, siteId, mealPeriod, weekdays: ['workdays'], items: items.map(({ itemCode, quantity }) => ({ itemCode, quantity })), way, from, until: addDays(civilDate(from), DAYS),
    });
    await this.load();
    this.announce('好了，工作日都订。');
  }

  private async end(standingId: string): Promise<void> {
    await this.deed(`/v1/mini/standing-orders/${standingId}/end`, {});
    await this.load();
    this.announce('停掉了。已经订好的，到“我订的饭”里取消。');
  }
}
