import { AskingScreen } from '../asking-screen.js';
import type { Notice } from '../shapes.js';
import { text, type Block } from '../view.js';
import { momentWords } from '../words.js';

/** What there is to know. Whoever opens the page has read it. */
export class InboxScreen extends AskingScreen {
  readonly title = '通知';
  readonly twin = '要紧的事，社区会打电话或上门告诉您。';
  private notices: readonly Notice[] = [];

  protected override async load(): Promise<void> {
    this.readTemplates();
    this.notices = (await this.desk.service.ask<{ readonly items: readonly Notice[] }>('GET', '/v1/mini/notices')).items;
    const unread = this.notices.filter(({ read }) => !read).map(({ noticeId }) => noticeId);
    // That somebody read it is no matter to wait for, nor one to complain of.
    if (unread.length > 0) void this.desk.service.ask('POST', '/v1/mini/notices/read', { noticeIds: unread }).catch(() => undefined);
  }

  protected blocks(): readonly Block[] {
    const notices = this.notices.map(({ text: words, madeAt, read }): Block => ({ is: 'card', title: words, lines: [`${momentWords(madeAt)}${read ? '' : '　新'}`], buttons: [] }));
    return [...(notices.length === 0 ? [text('现在没有通知。')] : notices), ...this.asking()];
  }
}
