import type { Desk } from './desk.js';
import { sentenceOf } from './desk.js';
import type { Given } from './host.js';
import { Trouble } from './service.js';
import { spokenOf, text, type Block, type Button, type View } from './view.js';

const NO_VOICE = '这台手机没有朗读的声音。可以打开手机自带的读屏，或者打电话，有人念给您听。';

const PHONE = '用微信里的手机号';
const NO_PHONE = '微信没有给出手机号。可以自己填，或者请社区登记。';

/** A page without a face: what it says, what can be done, what came of it. */
export abstract class Screen {
  abstract readonly title: string;
  /** How the same is done without a telephone of this kind. */
  abstract readonly twin: string;
  private readonly hearers = new Set<() => void>();
  private readonly ids = new Map<string, string>();
  private drawn: View | null = null;
  private trouble: string | null = null;
  private working: string | null = null;
  private loading = false;
  /** Whether what the page is about could not be read: then it must not look as if there were nothing. */
  private isUnread = false;
  private announced = '';
  private isOpen = false;

  constructor(protected readonly desk: Desk, protected readonly given: Given = {}) {}

  /** What the page shows, from above to below. */
  protected abstract blocks(): readonly Block[];

  /** What the page shows where that could not be read, below the reason. */
  protected instead(): readonly Block[] {
    return [touch(this.button('再读一次', () => void this.read(), { kind: 'main' }))];
  }

  /** Reads what the page needs. */
  protected load(): Promise<void> | void {}

  /** Stops what the page does by itself. */
  protected leave(): void {}

  hear = (hearer: () => void): (() => void) => {
    this.hearers.add(hearer);
    return () => this.hearers.delete(hearer);
  };

  /** The page as it stands: the same object until something changes. */
  view = (): View => (this.drawn ??= this.draw());

  private draw(): View {
    const blocks = this.loading ? [text('正在读取，请稍等…', 'soft')] : this.isUnread ? this.instead() : this.blocks();
    return {
      title: this.title, blocks, twin: this.twin, trouble: this.trouble, announced: this.announced, helpers: this.desk.helpers.map(({ who, number }) => this.call(who, number)),
      spoken: spokenOf(this.title, this.trouble === null ? blocks : [text(this.trouble), ...blocks]),
    };
  }

  async open(): Promise<void> {
    this.isOpen = true;
    await this.read();
  }

  close(): void {
    this.isOpen = false;
    this.desk.host.hush();
    this.leave();
  }

  /** Whether somebody still looks at this page: what comes late for a page that was left changes nothing. */
  protected get inSight(): boolean {
    return this.isOpen;
  }

  protected changed(): void {
    this.drawn = null;
    for (const hearer of this.hearers) hearer();
  }

  /** Reads the page's data, from the beginning or anew. */
  protected async read(): Promise<void> {
    this.loading = true;
    [this.trouble, this.isUnread] = [null, false];
    this.changed();
    try {
      await this.load();
    } catch (error) {
      [this.trouble, this.isUnread] = [sentenceOf(error), true];
    }
    this.loading = false;
    this.changed();
  }

  /** Says something once, by voice where there is one and to a screen reader. */
  protected announce(words: string): void {
    this.announced = words;
    this.desk.host.speak(words);
    this.changed();
  }

  /** Reads the page aloud, or says that there is no voice. */
  readAloud(): void {
    if (this.desk.host.speak(this.view().spoken)) return;
    this.trouble = NO_VOICE;
    this.changed();
  }

  /** Does one thing at a time; what goes wrong is said in a sentence. */
  protected async work(what: string, deed: () => Promise<void>): Promise<void> {
    if (this.working !== null) return;
    this.working = what;
    this.trouble = null;
    this.changed();
    try {
      await deed();
    } catch (error) {
      this.trouble = sentenceOf(error);
      this.desk.host.vibrate();
      this.desk.host.speak(this.trouble);
    }
    this.working = null;
    this.changed();
  }

  /**
   * Sends a deed under an id of its own. After a lost answer the same deed goes out under the same id, so that nothing is
   * done twice; after a refusal, or with another content, it is another deed.
   * @throws Trouble
   */
  protected async deed<T>(path: string, body: object): Promise<T> {
    const key = `${path} ${JSON.stringify(body)}`;
    const id = this.ids.get(key) ?? this.desk.host.newId();
    this.ids.set(key, id);
    try {
      const answer = await this.desk.service.ask<T>('POST', path, { id, ...body });
      this.ids.delete(key);
      return answer;
    } catch (error) {
      if (error instanceof Trouble && error.isRefusal) this.ids.delete(key);
      throw error;
    }
  }

  protected button(words: string, run: () => void, more: Partial<Omit<Button, 'words' | 'run'>> = {}): Button {
    return { words: this.working === words ? '正在办理…' : words, run, kind: 'plain', busy: this.working !== null, ...more };
  }

  /** A button that works for a while. */
  protected doing(words: string, deed: () => Promise<void>, more: Partial<Omit<Button, 'words' | 'run'>> = {}): Button {
    return this.button(words, () => void this.work(words, deed), more);
  }

  protected going(words: string, page: string, given: Given = {}, more: Partial<Omit<Button, 'words' | 'run'>> = {}): Button {
    return this.button(words, () => this.desk.go(page, given), more);
  }

  /** What is known of the account's telephone number, or WeChat's button for it. @param back the page, where the browser leaves for it */
  protected phone(back: Given): readonly Block[] {
    const { me, trouble, host } = this.desk;
    const { phone: known, phoneProven } = me?.account ?? { phone: null, phoneProven: false };
    if (known !== null && phoneProven) return [text(`您的手机号 ${known} 已经登记了。`)];
    const button = this.doing(PHONE, () => host.leaveForPhone(back), { takesPhone: (code) => void this.work(PHONE, () => this.keepPhone(code)) });
    const typed = known === null ? [] : [text(`您自己填的手机号 ${known} 记下了，还没有核对。`)];
    return [...(trouble === null ? [] : [text(trouble, 'trouble')]), ...typed, touch(button)];
  }

  private async keepPhone(code: string | null): Promise<void> {
    if (code === null) throw new Trouble(0, 'no-phone', NO_PHONE);
    await this.desk.keepPhone({ code });
    this.announce('手机号登记好了。');
  }

  private call(who: string, number: string): Button {
    return { words: `打电话：${who}`, hint: number, kind: 'plain', run: () => this.desk.host.callPhone(number) };
  }
}

export const touch = (button: Button): Block => ({ is: 'button', button });
