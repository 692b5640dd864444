import { Screen, touch } from '../screen.js';
import type { Complaint, Site } from '../shapes.js';
import { heading, text, type Block } from '../view.js';
import { momentWords } from '../words.js';
import { readSites, usualSite } from './menu-data.js';

export const CATEGORY_WORDS: Readonly<Record<string, string>> = {
  taste: '口味', portion: '分量', wait: '等太久', attitude: '态度', hygiene: '卫生', money: '钱不对', notEaten: '没吃却记了账', other: '别的事',
};
const STATE_WORDS: Readonly<Record<string, string>> = { open: '正在办', answered: '有答复了', settled: '办完了' };
const MOST = 500;

/** Says what is wrong, and shows what came of it. */
export class ComplaintScreen extends Screen {
  readonly title = '提意见、投诉';
  readonly twin = '打电话、到社区当面说都一样受理，工作人员帮您记下来，答复会打电话告诉您。';
  private complaints: readonly Complaint[] = [];
  private site: { readonly siteId: string; readonly name: string } | null = null;
  private category: string | null = null;
  private said = '';
  private number: number | null = null;
  /** Whom else it may be about, while that is being chosen. */
  private others: readonly Site[] | null = null;

  protected override async load(): Promise<void> {
    const { elder } = this.desk;
    if (elder === null) return;
    this.complaints = (await this.desk.service.ask<{ readonly items: readonly Complaint[] }>('GET', `/v1/mini/complaints?elderId=${elder.elderId}`)).items;
    this.site ??= this.given['site'] === undefined ? await this.usual(elder.elderId) : { siteId: this.given['site'], name: this.given['name'] ?? '' };
  }

  /** Where this elder ate or booked last, else the first canteen of the list. */
  private async usual(elderId: string): Promise<{ readonly siteId: string; readonly name: string } | null> {
    return (await usualSite(this.desk, elderId)) ?? (await readSites(this.desk, elderId))[0] ?? null;
  }

  protected blocks(): readonly Block[] {
    return [...(this.number === null ? this.form() : [text(`收到了，${this.number} 号。有了答复，会在“通知”里告诉您。`, 'good'), touch(this.button('回到首页', () => this.desk.host.home(), { kind: 'main' }))]), ...this.earlier()];
  }

  private form(): readonly Block[] {
    if (this.site === null) return [text('没有找到食堂。请打电话说。')];
    return [
      text(`关于：${this.site.name}${this.given['tap'] === undefined ? '' : '的这一餐'}`),
      ...this.elsewhere(this.site.siteId),
      { is: 'choice', label: '哪方面的事', buttons: Object.entries(CATEGORY_WORDS).map(([category, words]) => this.button(words, () => this.turn(category), { chosen: this.category === category })) },
      ...(this.category === null ? [] : [
        { is: 'field', name: 'said', label: '怎么回事', hint: '几个字就行。不用写姓名、电话和证件号。', kind: 'long', most: MOST, value: this.said, set: (value: string) => {
          this.said = value;
          this.changed();
        } } as const,
        touch(this.doing('交上去', () => this.complain(this.category ?? 'other'), { kind: 'main' })),
        text('卫生、钱和记账的事不经过食堂，直接由镇街处理。', 'soft'),
      ]),
    ];
  }

  /** Of a meal it is known whose it was; anything else may be about any canteen. */
  private elsewhere(about: string): readonly Block[] {
    if (this.given['tap'] !== undefined) return [];
    if (this.others === null) return [touch(this.doing('换一家食堂', () => this.offerOthers()))];
    return [{ is: 'choice', label: '是哪一家', buttons: this.others.map(({ siteId, name }) => this.button(name, () => this.choose({ siteId, name }), { chosen: siteId === about })) }];
  }

  private async offerOthers(): Promise<void> {
    const { elder } = this.desk;
    if (elder !== null) this.others = await readSites(this.desk, elder.elderId);
  }

  private choose(site: { readonly siteId: string; readonly name: string }): void {
    [this.site, this.others] = [site, null];
    this.changed();
  }

  private turn(category: string): void {
    this.category = category;
    this.changed();
  }

  private async complain(category: string): Promise<void> {
    const body = { elderId: this.desk.elder?.elderId, siteId: this.site?.siteId, category, text: this.said.trim() === '' ? (CATEGORY_WORDS[category] ?? '') : this.said.trim(), ...(this.given['tap'] === undefined ? {} : { tapId: this.given['tap'] }) };
    this.number = (await this.deed<{ readonly number: number }>('/v1/mini/complaints', body)).number;
    this.said = '';
    await this.load();
    this.announce(`收到了，${this.number} 号。`);
  }

  private earlier(): readonly Block[] {
    if (this.complaints.length === 0) return [];
    return [heading('我提过的'), ...this.complaints.map(({ complaintId, number, siteName, category, state, dueAt }): Block => ({
      is: 'card', title: `${number} 号：${CATEGORY_WORDS[category] ?? category}`, lines: [siteName, state === 'open' ? `正在办，${momentWords(dueAt)} 以前答复` : (STATE_WORDS[state] ?? state)],
      buttons: [this.going(`看 ${number} 号`, 'answer', { complaint: complaintId })],
    }))];
  }
}
