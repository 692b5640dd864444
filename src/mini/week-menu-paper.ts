import { chinaDate, chinaMinute, clockWords, dayWords, spokenYuan, type CivilDate, type Instant } from '../kernel/index.js';
import type { Paper, PaperPart } from '../platform/index.js';
import type { OfferedDay, OfferedItem, OfferedMeal, SiteMenu } from './view-menu.js';

const FOOT = '价格是原价。您自己付多少，请带卡问食堂。';

/** A week's menu for the wall and for the fridge: whom to call stands before what there is. */
export function weekMenuPaper(menu: SiteMenu, madeAt: Instant): Paper {
  const [first, last] = [menu.days[0], menu.days.at(-1)];
  const head: PaperPart[] = [
    { kind: 'text', text: menu.name, size: 'title', bold: true, withNext: true },
    { kind: 'text', text: `一周菜谱　${shortDay(first?.date)}到${shortDay(last?.date)}`, size: 'head', bold: true, withNext: true },
    { kind: 'text', text: menu.phone === null ? '订餐请到食堂，或请社区代订' : `订餐、问事请打电话 ${menu.phone}`, size: 'large', bold: true },
  ];
  return { title: `${menu.name} 一周菜谱`, parts: [...head, ...menu.days.flatMap(dayParts)], foot: FOOT, madeAt };
}

function shortDay(date: CivilDate | undefined): string {
  return date === undefined ? '' : `${Number(date.slice(5, 7))}月${Number(date.slice(8))}日`;
}

function dayParts({ date, isOpen, isPublished, meals }: OfferedDay): PaperPart[] {
  const head = { kind: 'text', text: dayWords(date), size: 'head', bold: true, withNext: true } as const;
  if (!isOpen) return [{ kind: 'rule' }, head, { kind: 'text', text: '这一天不营业' }];
  if (meals.length === 0) return [{ kind: 'rule' }, head, { kind: 'text', text: '菜谱还没有公布，请打电话问食堂' }];
  const unsaid: PaperPart[] = isPublished ? [] : [{ kind: 'text', text: '菜谱还没有公布，平时供应：', withNext: true }];
  return [{ kind: 'rule' }, head, ...unsaid, ...meals.flatMap((meal) => mealParts(meal, date))];
}

function mealParts({ words, beginsMinute, endsMinute, closesAt, items }: OfferedMeal, date: CivilDate): PaperPart[] {
  const closes = `${chinaDate(closesAt) === date ? '当天' : '前一天'}${clockWords(chinaMinute(closesAt))}前预订`;
  return [
    { kind: 'text', text: `${words} ${clockWords(beginsMinute)} 到 ${clockWords(endsMinute)}　${closes}`, bold: true, withNext: true },
    ...items.map((item): PaperPart => ({ kind: 'row', left: { text: itemText(item) }, right: { text: item.priceFen === null ? '' : `${spokenYuan(item.priceFen)}元`, bold: true } })),
  ];
}

/** 套餐：米饭、烧茄子【少盐】含花生 */
function itemText({ name, dishes, marks, warning }: OfferedItem): string {
  const made = dishes.length === 0 ? '' : `：${dishes.join('、')}`;
  const good = marks.length === 0 ? '' : `【${marks.join('、')}】`;
  return `${name}${made}${good}${warning === null ? '' : ` ${warning}`}`;
}
