import { addMonths, civilMonth, monthOf, civilDate } from '../../../../src/kernel/civil-date.js';
import { Screen, touch } from '../screen.js';
import type { MealStory, Statement } from '../shapes.js';
import { text, type Block } from '../view.js';
import { monthWords, periodWords, yuan } from '../words.js';

/** A month of meals and what they cost, a sentence each. */
export class HistoryScreen extends Screen {
  readonly title = '吃过的饭和账单';
  readonly twin = '账单可以请食堂或社区打印成大字的，也可以打电话问。';
  private month = this.given['month'] ?? monthOf(civilDate(this.desk.today));
  private statement: Statement | null = null;

  protected override async load(): Promise<void> {
    const { elder } = this.desk;
    if (elder !== null) this.statement = await this.desk.service.ask<Statement>('GET', `/v1/mini/elders/${elder.elderId}/statement?month=${this.month}`);
  }

  protected blocks(): readonly Block[] {
    const latest = monthOf(civilDate(this.desk.today));
    return [
      text(monthWords(this.month), 'big'),
      text(this.statement?.words ?? '没有读到这个月的账。'),
      ...(this.statement?.prepaidWords == null ? [] : [text(this.statement.prepaidWords)]),
      touch(this.button('看上一个月', () => this.turn(-1))),
      ...(this.month < latest ? [touch(this.button('看下一个月', () => this.turn(1)))] : []),
      ...[...(this.statement?.items ?? [])].reverse().map((meal) => this.meal(meal)),
    ];
  }

  private turn(by: number): void {
    this.month = addMonths(civilMonth(this.month), by);
    void this.read();
  }

  private meal({ dayWords, mealPeriod, time, siteName, itemsWords, words, note, standing, selfPayFen, tapId, siteId }: MealStory): Block {
    return {
      is: 'card', title: `${dayWords} ${periodWords(mealPeriod)}`, figure: standing === 'voided' ? '已撤销' : `您付了 ${yuan(selfPayFen)}`, lines: [`${time} ${siteName}`, itemsWords, words, ...(note === null ? [] : [note])],
      buttons: standing === 'voided' ? [] : [this.going('评一评', 'rate', { tap: tapId }), this.going('这餐有问题', 'complaint', { tap: tapId, site: siteId, name: siteName })],
    };
  }
}
