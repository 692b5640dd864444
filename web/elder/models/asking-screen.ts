import { Screen, touch } from './screen.js';
import { text, type Block } from './view.js';

/** A message of WeChat's that the city has set up. */
interface Template {
  readonly kind: string;
  readonly templateId: string;
}

/** WeChat asks for so many at once. */
const MOST = 3;
const WORDS = '有通知微信告诉我一声';

/** What matters most to whoever asks: the elder, and whoever looks after one. */
const FIRST_OF = {
  self: ['notBooked', 'cancelled', 'noShow', 'answered', 'family', 'booked', 'notEaten', 'ate'],
  kin: ['ate', 'notEaten', 'notBooked', 'noShow', 'family', 'cancelled', 'booked', 'answered'],
} as const;

/** A page that can ask leave for messages of WeChat's: by a button, never by itself. All that they say is in the inbox anyway. */
export abstract class AskingScreen extends Screen {
  private templates: readonly Template[] = [];
  /** What WeChat was told and the service was not yet. */
  private unsent: readonly string[] = [];
  private outcome: string | null = null;

  /** Reads what there is to ask leave for. It is nothing to wait for, and nothing to complain of. */
  protected readTemplates(): void {
    if (this.desk.host.askLeave === null) return;
    void this.desk.service.ask<{ readonly items: readonly Template[] }>('GET', '/v1/mini/notices/templates').then(({ items }) => {
      this.templates = this.chosen(items);
      this.changed();
    }, () => undefined);
  }

  /** One kind of a template each, since one press is good for one message. */
  private chosen(items: readonly Template[]): readonly Template[] {
    const order: readonly string[] = FIRST_OF[this.desk.elder?.self === false ? 'kin' : 'self'];
    const sorted = [...items].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
    return sorted.filter(({ templateId }, at) => sorted.findIndex((one) => one.templateId === templateId) === at).slice(0, MOST);
  }

  /** The button, where WeChat can be asked and the city has something to ask for. */
  protected asking(): readonly Block[] {
    if (this.templates.length === 0) return [];
    return [...(this.outcome === null ? [] : [text(this.outcome, 'good')]), touch(this.doing(WORDS, () => this.askLeave(), { hint: '按一回，告诉一回' }))];
  }

  private say(words: string): void {
    this.outcome = words;
    this.announce(words);
  }

  private async askLeave(): Promise<void> {
    const { askLeave } = this.desk.host;
    // WeChat hears only whoever asks within the touch itself: nothing is waited for before it.
    if (this.unsent.length === 0 && askLeave !== null) {
      const allowed = await askLeave(this.templates.map(({ templateId }) => templateId));
      this.unsent = this.templates.filter(({ templateId }) => allowed.includes(templateId)).map(({ kind }) => kind);
    }
    if (this.unsent.length === 0) return this.say('好的，微信不提醒。有什么事，在“通知”里都能看到。');
    await this.deed('/v1/mini/notices/permits', { kinds: this.unsent });
    this.unsent = [];
    this.say('记下了，下一次有通知，微信告诉您。');
  }
}
