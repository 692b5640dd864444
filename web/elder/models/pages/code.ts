import { digitsInFours } from '../../../../src/till/domain/eating-code.js';
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

  /** Without a code it still says what to do. */
  protected override instead(): readonly Block[] {
    return this.blocks();
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
    if (this.desk.state === 'away') return this.goWithout(elderId);
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

  /** Without a network the code is here at once. Once the network is back the desk goes on, and this page ends. */
  private goWithout(elderId: string): void {
    const own = offlineCode(this.desk.host, elderId);
    if (own !== null) this.show({ ...own, offline: true }, own.leftMs);
    void this.desk.look().catch(() => undefined);
  }

  private show(shown: Shown, nextMs: number): void {
    this.shown = shown;
    if (this.inSight) this.stop = this.desk.host.later(nextMs, () => void this.work('renew', () => this.renew()));
  }

  /** What codes are worked out from without a network. Not having it is no trouble today. */
  private async prepare(elderId: string): Promise<void> {
    const { elder, host } = this.desk;
    try {
      if (elder?.elderId === elderId) keepSecret(host, elder, await this.deed<OfflineSecret>(`/v1/mini/elders/${elderId}/offline-code`, {}));
    } catch {
      // The next opening of the page asks again.
    }
  }

  protected blocks(): readonly Block[] {
    const { elder } = this.desk;
    if (this.elderId === null) return [text(`${elder?.name ?? '老人'}还没有同意您帮着订饭，所以不能在这里看用餐码。老人可以刷助餐卡。`), touch(this.going('家人和授权', 'family'))];
    if (this.shown === null) return [text('现在没有取到用餐码。'), touch(this.doing('再取一次', () => this.renew(), { kind: 'main' })), text('着急就刷助餐卡，一样吃饭。')];
    const digits = digitsInFours(this.shown.digits);
    const isAway = this.desk.state === 'away';
    return [
      ...(isAway && this.desk.kin.length > 1 ? [this.whose()] : elder?.self === true ? [] : [text(`这是 ${elder?.name ?? ''} 的码。`)]),
      { is: 'code', text: this.shown.text, digits, says: '给收银员扫一下，就可以吃饭。扫不了，就念下面的数字。' },
      text(this.shown.offline ? '现在没有网，这个码照样能用。' : '这个码会自己换新，不用着急，也不用按。', 'soft'),
      text('不要把码拍照发给别人。', 'soft'),
      isAway ? touch(this.doing('再连一次网', () => this.tryAgain())) : touch(this.going('食堂断网时用的码', 'pass')),
    ];
  }

  private whose(): Block {
    const { elder, kin } = this.desk;
    return { is: 'choice', label: '谁的码', buttons: kin.map(({ elderId, name }) => this.doing(name, () => this.turn(elderId), { chosen: elderId === elder?.elderId })) };
  }

  private turn(elderId: string): Promise<void> {
    this.desk.choose(elderId);
    return this.renew();
  }

  private async tryAgain(): Promise<void> {
    await this.desk.start();
    if (this.desk.state === 'away') this.announce('还是没有网。这个码照样能用。');
  }
}
