import { chinaMinute, type CivilDate, type Instant } from '../../kernel/index.js';
import type { MealPeriod } from '../../menu/domain/index.js';

/** What accounts are told about. */
export const NOTICE_KINDS = ['ate', 'notEaten', 'booked', 'cancelled', 'noShow', 'notBooked', 'answered', 'family'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Kinds that say something of an elder's meals, and what the elder must let a relative do for it to be shown to them. */
export const RIGHT_TO_READ: Readonly<Partial<Record<NoticeKind, 'meals' | 'ordering'>>> = { ate: 'meals', notEaten: 'meals', booked: 'meals', cancelled: 'meals', noShow: 'meals', notBooked: 'ordering' };

/** What a notice says in parts: templates of WeChat are filled from them. */
export interface Said {
  /** The whole sentence, for the inbox. */
  readonly text: string;
  readonly who: string;
  readonly site: string;
  readonly time: string;
  readonly what: string;
}

export const SAID_PARTS = ['text', 'who', 'site', 'time', 'what'] as const;
export type SaidPart = (typeof SAID_PARTS)[number];

const PERIODS: Readonly<Record<MealPeriod, string>> = { breakfast: '早餐', lunch: '午餐', dinner: '晚餐' };

/** `11:42` in China. */
export function clockWords(at: Instant): string {
  const minute = chinaMinute(at);
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** `12月3日`. */
function dayWords(date: CivilDate): string {
  return `${Number(date.slice(5, 7))}月${Number(date.slice(8, 10))}日`;
}

/** `妈妈 11:42 在幸福里食堂用餐了`. */
export function sayAte(who: string, site: string, at: Instant): Said {
  const time = clockWords(at);
  return { text: `${who} ${time} 在${site}用餐了`, who, site, time, what: '已用餐' };
}

/** What is told of a meal that was told and then taken back. */
export function sayTakenBack(who: string, site: string, at: Instant): Said {
  const time = clockWords(at);
  return { text: `更正：${who} ${time} 在${site}的用餐记录已撤销，可能没有用餐`, who, site, time, what: '用餐记录已撤销' };
}

/** A meal that is booked. */
export interface BookedMeal {
  readonly mealDate: CivilDate;
  readonly mealPeriod: MealPeriod;
}

const SENTENCES: Readonly<Record<'notEaten' | 'booked' | 'cancelled' | 'noShow', readonly [what: string, sentence: (who: string, meal: string, site: string) => string]>> = {
  notEaten: ['订了餐，还没有用', (who, meal, site) => `${who}订了${meal}（${site}），到现在还没有用餐`],
  booked: ['已订好', (who, meal, site) => `${who}的${meal}已在${site}订好`],
  cancelled: ['预订已取消', (who, meal, site) => `${who}在${site}的${meal}预订已取消`],
  noShow: ['订了餐，没有来取', (who, meal, site) => `${who}在${site}订的${meal}没有来取；社区会打电话问候，您也可以先打个电话`],
};

/** What is told about a booking. */
export function sayBooking(kind: 'notEaten' | 'booked' | 'cancelled' | 'noShow', who: string, site: string, { mealDate, mealPeriod }: BookedMeal): Said {
  const [what, sentence] = SENTENCES[kind];
  const time = `${dayWords(mealDate)}${PERIODS[mealPeriod]}`;
  return { text: sentence(who, time, site), who, site, time, what };
}

const OVER = '可以另订一家，或';
/** Why a day of a standing order could not be booked, and what to do. Whom to call follows. */
const NOT_BOOKED: Readonly<Record<string, string>> = {
  'booking-sold-out': `已经订满了。${OVER}`,
  'booking-site-closed': `食堂这一天不开饭。${OVER}`,
  'booking-item-unknown': '食堂这一餐没有原来那份了。请到“工作日都订”停掉，另选一份再订，或',
  'booking-closed': '订饭时间已经过了。可以当天直接到店，或',
  'booking-elder-no-card': '没有能用的助餐卡。请带身份证到社区办卡，或',
  'consent-missing': '帮忙订的家人现在没有同意了。要接着吃，请自己订，或',
};

/** Whom to call about a canteen. @param phone its own; null for the line that answers in every city */
const callWords = (phone: string | null): string => (phone === null ? '打 12345' : `打食堂电话 ${phone}`);

/** What is told of a day of a standing order that could not be booked. @param code why, as booking refused it */
export function sayNotBooked(code: string, who: string, site: string, phone: string | null, { mealDate, mealPeriod }: BookedMeal): Said {
  const time = `${dayWords(mealDate)}${PERIODS[mealPeriod]}`;
  const why = NOT_BOOKED[code === 'not-found' ? 'consent-missing' : code] ?? `没有订成。${OVER}`;
  return { text: `${who}${dayWords(mealDate)}的${PERIODS[mealPeriod]}没有订上（${site}）：${why}${callWords(phone)}`, who, site, time, what: '没有订上' };
}

/** What is told, once, to whoever orders every day for an elder who died. */
export function sayNotBookedAnyMore(site: string, phone: string | null, mealPeriod: MealPeriod): Said {
  return { text: `登记里老人已经离世，“工作日都订”的${PERIODS[mealPeriod]}（${site}）不再订了。登记有误，请告诉社区，或${callWords(phone)}`, who: '老人', site, time: PERIODS[mealPeriod], what: '不再订' };
}

/** What is told once a complaint was answered. */
export function sayAnswered(number: number, site: string, at: Instant): Said {
  return { text: `您的 ${number} 号投诉（${site}）已有答复，请点开查看；不满意可以再提一次`, who: '您', site, time: clockWords(at), what: '投诉已答复' };
}

const FAMILY: Readonly<Record<'bound' | 'boundElder' | 'consented' | 'withdrawn' | 'left' | 'relativeLeft' | 'ownEnded' | 'ownMoved' | 'reused', readonly [what: string, text: string]>> = {
  bound: ['绑定成功', '绑定成功；能看什么、办什么，由老人同意'],
  boundElder: ['家人已绑定', '有一位家人的微信刚绑定了您；不是您同意的，请在“家人和授权”里解除，或打社区电话'],
  consented: ['老人已同意', '老人改了给您的同意；现在能看什么、办什么，请看“家人和授权”'],
  withdrawn: ['同意已收回', '老人收回了给您的同意；从现在起看不到用餐，也不能代办'],
  left: ['已解除绑定', '您已解除和这位老人的绑定，不再替老人办事；要再帮老人办，请老人再给一个绑定码'],
  relativeLeft: ['家人已解除绑定', '有一位家人自己解除了和您的绑定，从现在起看不到您的用餐，也不能代办；您不用做什么'],
  ownMoved: ['微信已换绑', '您的助餐账户已改绑到另一个微信，这个微信已解除；不是您本人办的，请马上打社区电话'],
  ownEnded: ['微信已解绑', '这个微信与您助餐账户的绑定已在食堂或社区解除；不是您本人办的，请马上打社区电话'],
  reused: ['登录已退出', '您的一处登录可能被别人复制，已自动退出；不是您本人换手机或重新安装的，请打社区电话'],
};

/** What is told about who may see and do what. */
export function sayFamily(what: keyof typeof FAMILY, at: Instant): Said {
  const [short, text] = FAMILY[what];
  return { text, who: '您', site: '', time: clockWords(at), what: short };
}

/** Minutes of the day by which a booked meal should be eaten. */
const EATEN_BY: Readonly<Record<MealPeriod, number>> = { breakfast: 9 * 60, lunch: 13 * 60, dinner: 19 * 60 };

/** Meals of today that should be eaten by now. */
export function dueMeals(now: Instant): MealPeriod[] {
  const minute = chinaMinute(now);
  return (Object.keys(EATEN_BY) as MealPeriod[]).filter((period) => minute >= EATEN_BY[period]);
}
