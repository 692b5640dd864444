import { addMonths, civilMonth, monthOf, civilDate } from '../../../../src/kernel/civil-date.js';
import { Screen, touch } from '../screen.js';
import type { MealStory, Statement } from '../shapes.js';
import { text, type Block } from '../view.js';
import { monthWords, periodWords, yuan } from '../words.js';
import { readRecent } from './menu-data.js';

/** So many months are offered: half a year of meals for who eats all the year round. */
const MOST_MONTHS = 6;

/** A month of meals and what they cost, a sentence each. */
export class HistoryScreen extends Screen {
  readonly title = '吃过的饭和账单';
  readonly twin = '账单可以请食堂或社区打印成大字的，也可以打电话问。';
  /** Which month is shown; null before it is known when there was a meal. */
  private month: string | null = this.given['month'] ?? null;
  private months: readonly string[] | null = null;
  private statement: Statement | null = null;

  protected override async load(): Promise<void> {
    const { elder } = this.desk;
    if (elder === null) return;
    this.months ??= (await readRecent(this.desk, elder.elderId)).months;
    this.month ??= this.months[0] ?? this.latest;
    this.statement = await this.desk.service.ask<Statement>('GET', `/v1/mini/elders/${elder.elderId}/statement?month=${this.month}`);
  }

  private get latest(): string {
    return monthOf(civilDate(this.desk.today));
  }

  protected blocks(): readonly Block[] {
    const month = this.month ?? this.latest;
    return [
      text(monthWords(month), 'big'),
      text(this.statement?.words ?? '没有读到这个月的账。'),
      ...(this.statement?.prepaidWords == null ? [] : [text(this.statement.prepaidWords)]),
      touch(this.button('看上一个月', () => this.turn(addMonths(civilMonth(month), -1)))),
      ...(month < this.latest ? [touch(this.button('看下一个月', () => this.turn(addMonths(civilMonth(month), 1))))] : []),
      ...this.eaten(month),
      ...[...(this.statement?.items ?? [])].reverse().map((meal) => this.meal(meal)),
    ];
  }

  /** The months that hold something to read, so that nobody leafs through empty ones. */
  private eaten(month: string): readonly Block[] {
    const months = (this.months ?? []).slice(0, MOST_MONTHS);
    if (months.every((one) => one === month)) return [];
    return [{ is: 'choice', label: '最近有用餐的月份', buttons: months.map((one) => this.button(monthWords(one), () => this.turn(one), { chosen: one === month })) }];
  }

  private turn(to: string): void {
    this.month = to;
    void this.read();
  }

  private meal({ dayWords, mealPeriod, time, siteName, itemsWords, words, note, standing, selfPayFen, tapId, siteId }: MealStory): Block {
    return {
      is: 'card', title: `${dayWords} ${periodWords(mealPeriod)}`, figure: standing === 'voided' ? '已撤销' : `您付了 ${yuan(selfPayFen)}`, lines: [`${time} ${siteName}`, itemsWords, words, ...(note === null ? [] : [note])],
      buttons: standing === 'voided' ? [] : [this.going('评一评', 'rate', { tap: tapId }), this.going('这餐有问题', 'complaint', { tap: tapId, site: siteId, name: siteName })],
    };
  }
}
