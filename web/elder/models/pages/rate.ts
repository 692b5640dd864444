import { Screen, touch } from '../screen.js';
import type { Rating } from '../shapes.js';
import { text, type Block } from '../view.js';

const STARS = [[5, '很满意'], [4, '满意'], [3, '一般'], [2, '不满意'], [1, '很不满意']] as const;
const GOOD = [['tasty', '好吃'], ['soft', '软烂合口'], ['hot', '热乎'], ['kind', '态度好'], ['clean', '干净']] as const;
const POOR = [['tooSalty', '太咸'], ['tooOily', '太油'], ['tooHard', '太硬'], ['cold', '凉了'], ['tooLittle', '太少'], ['slow', '等太久'], ['unkind', '态度不好']] as const;

/** What somebody thinks of a meal, by one touch, and why by more of them. */
export class RateScreen extends Screen {
  readonly title = '这餐怎么样';
  readonly twin = '食堂有意见簿，也可以打电话说。';
  private stars: number | null = null;
  private readonly words = new Set<string>();
  private may = true;
  private done = false;

  private get path(): string {
    return `/v1/mini/meals/${this.given['tap'] ?? ''}/rating`;
  }

  protected override async load(): Promise<void> {
    const { rating, mayRate } = await this.desk.service.ask<Rating>('GET', this.path);
    this.may = mayRate;
    this.stars = rating?.stars ?? null;
    for (const word of rating?.words ?? []) this.words.add(word);
  }

  protected blocks(): readonly Block[] {
    if (this.done) return [text('记下了，谢谢您。食堂看不到是谁评的。', 'good'), touch(this.button('回到首页', () => this.desk.host.home(), { kind: 'main' }))];
    if (!this.may) return [text('这一餐现在不能评了。一餐吃完以后七天之内可以评。')];
    const why = this.stars === null ? [] : this.stars >= 4 ? GOOD : POOR;
    return [
      { is: 'choice', label: '您满意吗', buttons: STARS.map(([stars, words]) => this.button(words, () => this.turn(stars), { chosen: this.stars === stars })) },
      ...(why.length === 0 ? [] : [{ is: 'choice', label: '因为什么（可以不选，也可以选几样）', buttons: why.map(([word, words]) => this.button(words, () => this.toggle(word), { chosen: this.words.has(word) })) } as const]),
      ...(this.stars === null ? [] : [touch(this.doing('就这样评', () => this.rate(), { kind: 'main' }))]),
    ];
  }

  private turn(stars: number): void {
    if (this.stars !== null && this.stars >= 4 !== stars >= 4) this.words.clear();
    this.stars = stars;
    this.changed();
  }

  private toggle(word: string): void {
    if (!this.words.delete(word)) this.words.add(word);
    this.changed();
  }

  private async rate(): Promise<void> {
    await this.deed(this.path, { stars: this.stars, words: [...this.words], dishes: [] });
    this.done = true;
    this.desk.host.vibrate();
    this.announce('记下了，谢谢您。');
  }
}
