import type { CategoryCode } from '../../elder/domain/index.js';
import { plainText } from './cell.js';

/** A class of elders that a file's cell names. */
export interface NamedCategory {
  readonly code: CategoryCode;
  readonly grade: string | null;
}

/** Words of offices, the longer before those that they contain. */
const WORDS: readonly (readonly [RegExp, CategoryCode])[] = [
  [/^(分散供养特困|特困分散|分散特困|特困供养分散|散居特困|分散供养|分散五保)/, 'extremePovertyHome'],
  [/^(集中供养特困|特困集中|集中特困|集中供养|集中五保)/, 'extremePovertyCollective'],
  [/^(特困|五保)/, 'extremePovertyRecipient'],
  [/^(低保边缘|最低生活保障边缘|边缘户|低边)/, 'borderlineRecipient'],
  [/^(低保|最低生活保障|城市低保|农村低保|城乡低保|城镇低保)/, 'minLivingRecipient'],
  [/^低收入/, 'lowIncome'],
  [/^独居/, 'livingAlone'], [/^空巢/, 'emptyNest'], [/^留守/, 'leftBehind'], [/^(孤寡|无子女)/, 'withoutKin'],
  [/^(半失能|部分失能)/, 'halfDependent'], [/^(失能|完全失能)/, 'careDependent'], [/^(失智|认知症|老年痴呆|认知障碍)/, 'dementia'],
  [/^(重残|重度残疾|重度残疾人)/, 'severelyDisabled'], [/^(残疾人两项补贴|两项补贴)/, 'disabilitySubsidies'],
  [/^(计生特殊家庭|计划生育特殊家庭|计生特扶|失独|特扶)/, 'specialFamily'],
  [/^(优抚|重点优抚|三属|烈属|复员军人|残疾军人)/, 'entitledGroup'],
  [/^基本养老服务/, 'basicServiceRecipient'], [/^特殊困难/, 'vulnerableElder'],
];

/** Words that name no class, or one that is computed from the date of birth. */
const NONE = /^(无|普通|一般|其他|其它|社会老人|普通老人|普通老年人|社会老年人|高龄.*|百岁.*|\d{2,3}(周?岁)?(及)?以上.*|\d{2}-\d{2}周?岁.*|否|\/|-)$/;

const GRADES: Readonly<Record<string, string>> = { 一: '1', 壹: '1', Ⅰ: '1', I: '1', 二: '2', 贰: '2', Ⅱ: '2', II: '2', 三: '3', 叁: '3', Ⅲ: '3', III: '3', 四: '4', 肆: '4', Ⅳ: '4', IV: '4' };

/** The classes that a cell names; `unknown` holds the words that name none. */
export function readCategories(text: string): { categories: NamedCategory[]; unknown: string[] } {
  const words = plainText(text).split(/[、,，;；/+和及|\s]+/u).map((word) => word.trim()).filter((word) => word !== '');
  const categories: NamedCategory[] = [];
  const unknown: string[] = [];
  for (const word of words) {
    const code = WORDS.find(([pattern]) => pattern.test(word))?.[1];
    if (code !== undefined) {
      if (!categories.some((one) => one.code === code)) categories.push({ code, grade: null });
    } else if (!NONE.test(word)) unknown.push(word);
  }
  return { categories, unknown };
}

/** A disability's grade, 1 (worst) to 4; null where the cell says that there is none; undefined where it names no grade. */
export function readDisabilityGrade(text: string): string | null | undefined {
  const word = plainText(text).replace(/^.*残疾?/, '').replace(/[级等]/g, '');
  if (word === '' || /^(无|否|\/|-)$/.test(plainText(text))) return null;
  const grade = GRADES[word] ?? word;
  return /^[1-4]$/.test(grade) ? grade : undefined;
}
