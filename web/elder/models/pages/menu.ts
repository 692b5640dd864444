import { Screen, touch } from '../screen.js';
import type { Meal, Menu, Offer } from '../shapes.js';
import { heading, text, type Block } from '../view.js';
import { clockWords, yuan } from '../words.js';
import { openWords, readMenu, readSites, usualSite } from './menu-data.js';

/** So many days can be chosen from, today among them. */
const DAYS = 7;

/** What there is to eat at a canteen on a day, and what it costs this elder. */
export class MenuScreen extends Screen {
  readonly title = '订饭';
  readonly twin = '打电话给食堂也能订；一周的菜单食堂门口有，也可以请食堂打印大字的。';
  private menu: Menu | null = null;
  private readonly date = this.given['date'] ?? this.desk.today;
  private site = this.given['site'] ?? null;

  protected override async load(): Promise<void> {
    const { elder } = this.desk;
    if (elder === null) return;
    this.site ??= await this.usual(elder.elderId);
    this.menu = this.site === null ? null : await readMenu(this.desk, this.site, elder.elderId, this.desk.today, DAYS);
  }

  /** Where this elder ate or booked last, else the first canteen of the list: nobody has to choose before they see food. */
  private async usual(elderId: string): Promise<string | null> {
    return ((await usualSite(this.desk, elderId)) ?? (await readSites(this.desk, elderId))[0])?.siteId ?? null;
  }

  protected blocks(): readonly Block[] {
    const { menu } = this;
    if (menu === null) return [text('现在没有找到营业的食堂。请打电话问一问。')];
    const meals = menu.days.find(({ date }) => date === this.date)?.meals ?? [];
    return [
      text(menu.days.find(({ date }) => date === this.date)?.words ?? '', 'big'),
      text(menu.name),
      ...this.tomorrow(menu, meals),
      ...(meals.length === 0 ? [text('这一天食堂还没有公布菜单。请换一天，或者打电话问食堂。')] : meals.flatMap((meal) => this.meal(meal))),
      { is: 'choice', label: '换一天', buttons: menu.days.map(({ date, words }) => this.going(words, 'menu', { site: menu.siteId, date }, { chosen: date === this.date })) },
      touch(this.going('换一家食堂', 'sites')),
    ];
  }

  /** Where nothing of today can be booked any more the next day is one touch away. */
  private tomorrow({ siteId, days }: Menu, meals: readonly Meal[]): readonly Block[] {
    const next = days.find(({ date }) => date > this.desk.today);
    if (this.date !== this.desk.today || next === undefined || meals.some((meal) => openWords(meal, this.desk.host.now()).open)) return [];
    return [touch(this.going('订明天的饭', 'menu', { site: siteId, date: next.date }, { kind: 'main' }))];
  }

  private meal(meal: Meal): readonly Block[] {
    const { open, words } = openWords(meal, this.desk.host.now());
    return [
      heading(`${meal.words} ${clockWords(meal.beginsMinute)} 到 ${clockWords(meal.endsMinute)}`),
      text(words, open ? 'soft' : 'plain'),
      ...(open ? meal.items.map((offer) => this.offer(meal, offer)) : [text(meal.items.map(({ name, split }) => (split === null ? name : `${name}，您付 ${yuan(split.selfPayFen)}`)).join('；'))]),
    ];
  }

  private offer(meal: Meal, offer: Offer): Block {
    return {
      is: 'card', title: offer.name, lines: offerLines(offer), ...(offer.split === null ? {} : { figure: `您付 ${yuan(offer.split.selfPayFen)}` }),
      buttons: offer.split !== null ? [this.going(`订这份 ${offer.name}`, 'order', { site: this.site ?? '', date: this.date, period: meal.mealPeriod, item: offer.itemCode }, { kind: 'main' })] : [],
    };
  }
}

/** What an offer is made of, and why it costs what it costs. */
export function offerLines(offer: Offer): readonly string[] {
  return [
    offer.split?.words ?? '这一份今天没有公布价格，请问食堂。',
    ...(offer.dishes.length === 0 ? [] : [`有：${offer.dishes.join('、')}`]),
    ...(offer.marks.length === 0 ? [] : [offer.marks.join('、')]),
    ...(offer.warning === null ? [] : [`注意：${offer.warning}`]),
  ];
}
