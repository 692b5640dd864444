import type { HeldPass } from '../desk.js';
import { Screen, touch } from '../screen.js';
import type { Site } from '../shapes.js';
import { heading, text, type Block } from '../view.js';
import { momentWords } from '../words.js';
import { readSites, usualSite } from './menu-data.js';

/** A code for one canteen whose till has no network: it says by itself, under the service's signature, what the till needs. */
export class PassScreen extends Screen {
  readonly title = '食堂断网时用的码';
  readonly twin = '食堂断网也能刷助餐卡吃饭，不用手机。';
  private sites: readonly Site[] = [];
  private last: string | null = null;
  private choosing = false;
  private stop: () => void = () => undefined;

  protected override async load(): Promise<void> {
    const { elderId } = this;
    if (elderId === null) return;
    // A pass that was taken is shown without asking anybody: by now this telephone may be without a network too.
    if (this.held === null) await this.readSites(elderId);
    else this.await(this.held);
  }

  protected override leave(): void {
    this.stop();
  }

  private get elderId(): string | null {
    return this.desk.may('ordering') ? (this.desk.elder?.elderId ?? null) : null;
  }

  private get held(): HeldPass | null {
    return this.elderId === null ? null : this.desk.passOf(this.elderId);
  }

  private async readSites(elderId: string, at: Parameters<typeof readSites>[2] = null): Promise<void> {
    const sites = (await readSites(this.desk, elderId, at)).filter(({ isOpen }) => isOpen);
    this.last ??= (await usualSite(this.desk, elderId))?.siteId ?? null;
    this.sites = at === null ? [...sites].sort((a, b) => Number(b.siteId === this.last) - Number(a.siteId === this.last)) : sites;
  }

  protected blocks(): readonly Block[] {
    const { held } = this;
    if (this.elderId === null) return [text(`${this.desk.elder?.name ?? '老人'}还没有同意您帮着订饭，所以不能在这里看用餐码。老人可以刷助餐卡。`)];
    return held === null || this.choosing ? this.choice() : this.shown(held);
  }

  private choice(): readonly Block[] {
    return [
      text('收银台没有网、扫不了“我的用餐码”的时候，用这个码。'),
      text('只能吃一餐，只能在选的这家食堂用，只在今天有效。'),
      ...(this.sites.length === 0 ? [text('现在没有找到营业的食堂。请打电话问一问。')] : [heading('在哪家食堂吃'), ...this.sites.map((site) => this.site(site))]),
      touch(this.doing('按离我近的排', () => this.nearest())),
    ];
  }

  private site(site: Site): Block {
    const hint = [...(site.siteId === this.last ? ['上次去的食堂'] : []), site.address, ...(site.distanceWords === null ? [] : [`离您${site.distanceWords}`])].filter((one) => one !== '').join('，');
    return touch(this.doing(site.name, () => this.take(site), { kind: site.siteId === this.last ? 'main' : 'plain', ...(hint === '' ? {} : { hint }) }));
  }

  private shown({ text: drawn, siteName, expiresAt }: HeldPass): readonly Block[] {
    const { elder } = this.desk;
    return [
      ...(elder?.self === true ? [] : [text(`这是 ${elder?.name ?? ''} 的码。`)]),
      { is: 'code', text: drawn, digits: '', fine: true, says: `给${siteName}的收银员扫一下。` },
      text(`只能吃一餐，只能在${siteName}用，${momentWords(expiresAt)} 以前有效。`),
      text('扫不上，把屏幕调亮、手机拿近一点，或者刷助餐卡。', 'soft'),
      text('不要把码拍照发给别人。', 'soft'),
      touch(this.doing('换一家食堂', () => this.choose())),
    ];
  }

  private async choose(): Promise<void> {
    if (this.elderId !== null) await this.readSites(this.elderId);
    this.choosing = true;
  }

  private async take({ siteId, name }: Site): Promise<void> {
    const { elderId } = this;
    if (elderId === null) return;
    const pass = await this.deed<{ readonly text: string; readonly expiresAt: string }>(`/v1/mini/elders/${elderId}/pass`, { siteId });
    const held = { ...pass, elderId, siteName: name };
    this.desk.hold(held);
    this.choosing = false;
    this.await(held);
    this.announce('码取好了，给收银员扫一下。');
  }

  /** Takes the pass off the page once it has ended. */
  private await({ expiresAt }: HeldPass): void {
    this.stop();
    if (this.inSight) this.stop = this.desk.host.later(Math.max(0, Date.parse(expiresAt) - this.desk.host.now()), () => void this.read());
  }

  private async nearest(): Promise<void> {
    const at = await this.desk.host.location();
    if (at === null || this.elderId === null) return this.announce('没有取到您在哪里，还是原来的顺序。');
    await this.readSites(this.elderId, at);
    this.announce('已经按远近排好了。');
  }
}
