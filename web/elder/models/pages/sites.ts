import { Screen, touch } from '../screen.js';
import type { Site } from '../shapes.js';
import { text, type Block } from '../view.js';
import { readSites } from './menu-data.js';

/** Canteens, the near ones first for those who say where they are. */
export class SitesScreen extends Screen {
  readonly title = '选一家食堂';
  readonly twin = '社区的公告栏有附近食堂的地址和电话，也可以打电话问。';
  private sites: readonly Site[] = [];
  private sorted = false;

  protected override async load(): Promise<void> {
    const { elder } = this.desk;
    if (elder !== null) this.sites = await readSites(this.desk, elder.elderId);
  }

  protected blocks(): readonly Block[] {
    if (this.sites.length === 0) return [text('现在没有找到营业的食堂。请打电话问一问。')];
    return [
      ...(this.sorted ? [] : [touch(this.doing('按离我近的排', () => this.nearest())), text('会问一下您在哪里，只用这一次，不保存。不愿意就不用按。', 'soft')]),
      ...this.sites.map((site) => this.card(site)),
    ];
  }

  private card(site: Site): Block {
    return {
      is: 'card', title: site.name, lines: [...(site.isOpen ? [] : ['今天不营业']), site.address, ...site.hours.map(({ words }) => words), ...(site.distanceWords === null ? [] : [`离您${site.distanceWords}`])],
      buttons: [
        this.going('看菜单订饭', 'menu', { site: site.siteId }, { kind: 'main' }),
        ...(site.phone === null ? [] : [this.button('打电话', () => this.desk.host.callPhone(site.phone ?? ''), { hint: site.phone })]),
      ],
    };
  }

  private async nearest(): Promise<void> {
    const at = await this.desk.host.location();
    const { elder } = this.desk;
    if (at === null || elder === null) {
      this.announce('没有取到您在哪里，还是原来的顺序。');
      return;
    }
    this.sites = await readSites(this.desk, elder.elderId, at);
    this.sorted = true;
    this.announce('已经按远近排好了。');
  }
}
