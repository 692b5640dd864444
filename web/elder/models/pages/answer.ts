import { Screen, touch } from '../screen.js';
import type { WholeComplaint } from '../shapes.js';
import { text, type Block } from '../view.js';
import { momentWords } from '../words.js';
import { CATEGORY_WORDS } from './complaint.js';

const STEP_WORDS: Readonly<Record<string, string>> = { made: '您说', answered: '答复', told: '已经告诉您', objected: '您不满意', settled: '您满意了', late: '到期没有答复，已转给县区民政' };

/** One complaint with all that was said, and the elder's last word. */
export class AnswerScreen extends Screen {
  readonly title = '投诉和答复';
  readonly twin = '想问办得怎么样，打电话报几号就行。';
  private whole: WholeComplaint | null = null;

  private get path(): string {
    return `/v1/mini/complaints/${this.given['complaint'] ?? ''}`;
  }

  protected override async load(): Promise<void> {
    this.whole = await this.desk.service.ask<WholeComplaint>('GET', this.path);
  }

  protected blocks(): readonly Block[] {
    if (this.whole === null) return [text('没有找到这一件。')];
    const { complaint: { number, siteName, category, state }, steps } = this.whole;
    return [
      text(`${number} 号，${siteName}，${CATEGORY_WORDS[category] ?? category}`, 'big'),
      ...steps.map(({ kind, text: said, madeAt }): Block => ({ is: 'card', title: STEP_WORDS[kind] ?? kind, lines: [momentWords(madeAt), ...(said === null || said === '' ? [] : [said])], buttons: [] })),
      ...(state === 'answered' ? [touch(this.doing('满意', () => this.say('settle'))), touch(this.doing('不满意，请上级再办', () => this.say('object')))] : []),
    ];
  }

  private async say(what: 'settle' | 'object'): Promise<void> {
    await this.deed(`${this.path}/${what}`, {});
    await this.load();
    this.announce(what === 'settle' ? '好的，记下了。' : '已经转给上一级，会再答复您。');
  }
}
