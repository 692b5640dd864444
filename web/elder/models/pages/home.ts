import { Screen, touch } from '../screen.js';
import { heading, text, type Block } from '../view.js';
import { dayWords } from '../words.js';

/** Three big things to do, and the rest below. */
export class HomeScreen extends Screen {
  readonly title = '幸福食堂';
  private unread = 0;
  readonly twin = '订饭也可以打电话给食堂；吃饭带助餐卡就行；账单可以请食堂或社区打印成大字。';

  protected override load(): void {
    // How many notices wait is good to know, and nothing to wait for.
    if (this.desk.elder !== null) void this.desk.service.ask<{ readonly unread: number }>('GET', '/v1/mini/notices?limit=1').then(({ unread }) => this.note(unread), () => undefined);
  }

  private note(unread: number): void {
    this.unread = unread;
    this.changed();
  }

  protected blocks(): readonly Block[] {
    const { elder } = this.desk;
    if (elder === null) return [text('还不知道这是谁的手机。'), touch(this.going('先绑定', 'bind', {}, { kind: 'main' }))];
    return [
      text(dayWords(this.desk.today, this.desk.today), 'big'),
      text(elder.self ? `${elder.name}，您好。` : `正在帮 ${elder.name} 办。`),
      ...this.others(),
      touch(this.going('订今天的饭', 'menu', {}, { kind: 'main' })),
      touch(this.going('我的用餐码', 'code', {}, { kind: 'main' })),
      touch(this.going('打电话', 'call', {}, { kind: 'main' })),
      heading('别的事'),
      touch(this.going('我订的饭', 'bookings')),
      touch(this.going('吃过的饭和账单', 'history')),
      touch(this.going('通知', 'inbox', {}, this.unread === 0 ? {} : { hint: `${this.unread} 条没有看` })),
      touch(this.going('家人和授权', 'family')),
      touch(this.going('提意见、投诉', 'complaint')),
    ];
  }

  /** Whoever looks after several people changes between them here, and sees for whom. */
  private others(): readonly Block[] {
    const { elder, kin } = this.desk;
    if (kin.length < 2) return [];
    return [{ is: 'choice', label: '给谁办', buttons: kin.map(({ elderId, name, self }) => this.button(self ? `${name}（我自己）` : name, () => {
      this.desk.choose(elderId);
      this.changed();
    }, { chosen: elderId === elder?.elderId })) }];
  }
}
