import { hasSecret, keepSecret, offlineCode } from '../offline-code.js';
import { Screen, touch } from '../screen.js';
import { Trouble } from '../service.js';
import type { EatingCode, OfflineSecret } from '../shapes.js';
import { text, type Block } from '../view.js';

interface Shown {
  readonly text: string;
  readonly digits: string;
  readonly offline: boolean;
}

/** The code that is shown at the counter in place of the card. It renews itself; nobody has to hurry or to press. */
export class CodeScreen extends Screen {
  readonly title = '我的用餐码';
  readonly twin = '没带手机，到食堂刷助餐卡，或报姓名请收银员查；也可以请社区打印一张纸码。';
  private shown: Shown | null = null;
  private stop: () => void = () => undefined;

  protected override load(): Promise<void> {
    return this.renew();
  }

  protected override leave(): void {
    this.stop();
    this.shown = null;
  }

  private get elderId(): string | null {
    return this.desk.may('ordering') ? (this.desk.elder?.elderId ?? null) : null;
  }

  /** Asks for the next code. Where none comes the old one is not shown as if it were good. */
  private async renew(): Promise<void> {
    const { elderId } = this;
    if (elderId === null) return;
    this.stop();
    try {
      const { text: drawn, digits, nextAfter } = await this.desk.service.ask<EatingCode>('POST', `/v1/mini/elders/${elderId}/code`, {});
      this.show({ text: drawn, digits, offline: false }, nextAfter * 1_000);
      if (!hasSecret(this.desk.host, elderId)) void this.prepare(elderId);
    } catch (error) {
      this.shown = null;
      const own = error instanceof Trouble && !error.isRefusal ? offlineCode(this.desk.host, elderId) : null;
      if (own === null) throw error;
      this.show({ ...own, offline: true }, own.leftMs);
    }
  }

  private show(shown: Shown, nextMs: number): void {
    this.shown = shown;
    if (this.inSight) this.stop = this.desk.host.later(nextMs, () => void this.work('renew', () => this.renew()));
  }

  /** What codes are worked out from without a network. Not having it is no trouble today. */
  private async prepare(elderId: string): Promise<void> {
    try {
      keepSecret(this.desk.host, elderId, await this.deed<OfflineSecret>(`/v1/mini/elders/${elderId}/offline-code`, {}));
    } catch {
      // The next opening of the page asks again.
    }
  }

  protected blocks(): readonly Block[] {
    const { elder } = this.desk;
    if (this.elderId === null) return [text(`${elder?.name ?? '老人'}还没有同意您帮着订饭，所以不能在这里看用餐码。老人可以刷助餐卡。`), touch(this.going('家人和授权', 'family'))];
    if (this.shown === null) return [text('现在没有取到用餐码。'), touch(this.doing('再取一次', () => this.renew(), { kind: 'main' })), text('着急就刷助餐卡，一样吃饭。')];
    const digits = this.shown.digits.replace(/(\d{4})(?=\d)/g, '$1 ');
    return [
      ...(elder?.self === true ? [] : [text(`这是 ${elder?.name ?? ''} 的码。`)]),
      { is: 'code', text: this.shown.text, digits, says: '给收银员扫一下，就可以吃饭。扫不了，就念下面的数字。' },
      text(this.shown.offline ? '现在没有网，这个码照样能用。' : '这个码会自己换新，不用着急，也不用按。', 'soft'),
      text('不要把码拍照发给别人。', 'soft'),
      touch(this.going('食堂断网时用的码', 'pass')),
    ];
  }
}
