import { AskingScreen } from '../asking-screen.js';
import { touch } from '../screen.js';
import type { Notice, Notices } from '../shapes.js';
import { text, type Block } from '../view.js';
import { momentWords } from '../words.js';

/** Where more of it stands. */
const MORE: Readonly<Record<string, { readonly words: string; readonly page: string }>> = {
  answered: { words: '看答复', page: 'complaint' }, family: { words: '看家人和授权', page: 'family' }, ate: { words: '看账单', page: 'history' },
  booked: { words: '看我订的饭', page: 'bookings' }, cancelled: { words: '看我订的饭', page: 'bookings' }, notEaten: { words: '看我订的饭', page: 'bookings' }, noShow: { words: '看我订的饭', page: 'bookings' },
};

/** What there is to know. Whoever opens the page has read it. */
export class InboxScreen extends AskingScreen {
  readonly title = '通知';
  readonly twin = '要紧的事，社区会打电话或上门告诉您。';
  private notices: readonly Notice[] = [];
  private next: string | null = null;

  protected override async load(): Promise<void> {
    this.readTemplates();
    this.notices = await this.readPage('');
  }

  /** A page of the inbox; whatever is on it has been read. */
  private async readPage(query: string): Promise<readonly Notice[]> {
    const { items, nextCursor } = await this.desk.service.ask<Notices>('GET', `/v1/mini/notices${query}`);
    this.next = nextCursor;
    const unread = items.filter(({ read }) => !read).map(({ noticeId }) => noticeId);
    // That somebody read it is no matter to wait for, nor one to complain of.
    if (unread.length > 0) void this.desk.service.ask('POST', '/v1/mini/notices/read', { noticeIds: unread }).catch(() => undefined);
    return items;
  }

  private async readOlder(): Promise<void> {
    const older = await this.readPage(`?cursor=${encodeURIComponent(this.next ?? '')}`);
    this.notices = [...this.notices, ...older];
    this.announce(older.length === 0 ? '没有更早的了。' : `又读出 ${older.length} 条。`);
  }

  private card({ text: words, madeAt, read, kind, elderId }: Notice): Block {
    const more = MORE[kind];
    return { is: 'card', title: words, lines: [`${momentWords(madeAt)}${read ? '' : '　新'}`], buttons: more === undefined ? [] : [this.button(more.words, () => {
      if (elderId !== null) this.desk.choose(elderId);
      this.desk.go(more.page);
    })] };
  }

  protected blocks(): readonly Block[] {
    const notices = this.notices.map((notice) => this.card(notice));
    return [...(notices.length === 0 ? [text('现在没有通知。')] : notices), ...(this.next === null ? [] : [touch(this.doing('看更早的', () => this.readOlder()))]), ...this.asking()];
  }
}
