import type { CompiledVersion, Condition, ElderFacts, Rule, RuleClass } from '../domain/index.js';
import { SITE_KINDS, SUPPLY_MODES } from '../../site/domain/index.js';
import type { Facts, Findings, LintContext } from './finding.js';
import { bornFor, conditionsOf, sampleDay, type Examples } from './meal-grid.js';

interface Band {
  readonly each: RuleClass;
  readonly at: number;
  readonly from: number;
  /** Infinity without an upper age. */
  readonly to: number;
}

function bandOf(each: RuleClass, at: number): Band {
  return { each, at, from: each.when.ageFrom ?? 0, to: each.when.ageTo ?? Infinity };
}

/** Classes that differ in nothing but the age are bands of one table. */
function bandsOf(rule: Rule): Band[][] {
  const tables = new Map<string, Band[]>();
  rule.classes.forEach((each, at) => {
    const { ageFrom, ageTo, ...rest } = each.when;
    if (ageFrom === undefined && ageTo === undefined) return;
    const key = JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
    tables.set(key, [...(tables.get(key) ?? []), bandOf(each, at)]);
  });
  return [...tables.values()].map((bands) => bands.sort((a, b) => a.from - b.from || a.to - b.to));
}

/** A meal that the rule pays, with an elder of the wanted age on that day. */
function exampleFor(examples: Examples, rule: Rule, each: RuleClass, version: CompiledVersion, age: number): Facts | null {
  const facts = examples.of(rule, each.id);
  return facts === null ? null : { ...facts, elder: { ...facts.elder, born: bornFor(version, age, facts.meal.date, true) } };
}

/** Age bands that meet badly: two hold on one birthday and on the year after it, though each has an upper end. */
export function checkBands(version: CompiledVersion, examples: Examples, findings: Findings): void {
  version.rules.forEach((rule, index) => {
    for (const bands of bandsOf(rule)) {
      bands.forEach((band, position) => {
        const next = bands[position + 1];
        if (next === undefined || band.to === Infinity || next.from > band.to || next.to <= band.to || next.from === band.from) return;
        const years = band.to === next.from ? `${next.from}周岁` : `${next.from}至${band.to}周岁`;
        findings.add('error', 'age-bands-overlap', { path: ['rules', index, 'classes', next.at], ruleId: rule.id, classId: next.each.id },
          `“${band.each.name}”与“${next.each.name}”重叠：${years}的老人（生日当天起）两档都符合；请把前一档的 to 改为${next.from - 1}`,
          exampleFor(examples, rule, next.each, version, next.from));
      });
    }
  });
}

function usesAge(version: CompiledVersion): boolean {
  return conditionsOf(version.rules).some(({ ageFrom, ageTo }) => ageFrom !== undefined || ageTo !== undefined);
}

/** Ages from which something holds, lowest first. */
function edgesOf(version: CompiledVersion): number[] {
  return conditionsOf(version.rules).flatMap(({ ageFrom }) => (ageFrom === undefined ? [] : [ageFrom])).sort((a, b) => a - b);
}

/** How a birthday is read: said by the file, and not so that a 29 February birth waits two days. */
export function checkBirthdays(version: CompiledVersion, examples: Examples, context: LintContext, findings: Findings): void {
  if (!usesAge(version)) return;
  const age = edgesOf(version)[0] ?? 60;
  const day = sampleDay(version);
  if (context.saysAge === false) {
    findings.add('warning', 'birthday-not-said', { path: [] },
      `没有写 age，生日当天是否算满${age}周岁未说明（默认算满）；请写 age: {reachedOn: …}，文件未公布时加 assumed 和 note`, examples.on(day, age, true));
  }
  if (version.reachedOn === 'day-after' && version.leapBirthday === 'march-1') {
    // Somebody born in a leap year comes to an age in a common year where the age is not divisible by 4.
    const edge = edgesOf(version).find((each) => each % 4 !== 0);
    const year = [1, 2, 3, 4].map((years) => Number(day.slice(0, 4)) + years).find((each) => edge !== undefined && (each - edge) % 4 === 0);
    const facts = year === undefined ? null : examples.on(`${year}-03-01` as Facts['meal']['date']);
    const born = `${(year ?? 0) - (edge ?? 0)}-02-29` as ElderFacts['born'];
    findings.add('warning', 'leap-day-waits', { path: ['age'] },
      '次日算满（day-after）又取3月1日（march-1）时，2月29日出生的老人平年要到3月2日才算满；请改 leap: february-28，或确认文件如此规定',
      facts === null ? null : { ...facts, elder: { ...facts.elder, born } });
  }
}

function placeOf(version: CompiledVersion, condition: Condition): { path: (string | number)[]; ruleId?: string } {
  for (const [index, rule] of version.rules.entries()) {
    if (conditionsOf([{ ...rule, classes: [] }]).includes(condition)) return { path: ['rules', index, 'when'], ruleId: rule.id };
    const at = rule.classes.findIndex((each) => conditionsOf([{ ...rule, when: {}, classes: [each] }]).includes(condition));
    if (at >= 0) return { path: ['rules', index, 'classes', at, 'when'], ruleId: rule.id };
  }
  return { path: ['rules'] };
}

/** Words for sites that no site of the register can bear. */
export function checkSiteWords(version: CompiledVersion, findings: Findings): void {
  const known = { siteKinds: SITE_KINDS as readonly string[], supplyModes: SUPPLY_MODES as readonly string[] };
  for (const condition of conditionsOf(version.rules)) {
    for (const key of ['siteKinds', 'supplyModes'] as const) {
      for (const word of condition[key] ?? []) {
        if (known[key].includes(word)) continue;
        findings.add('error', key === 'siteKinds' ? 'site-kind-unknown' : 'supply-mode-unknown', { ...placeOf(version, condition), key: word },
          `没有食堂会是“${word}”；请改用 ${key} 的词：${known[key].join('、')}`);
      }
    }
  }
}

/** Places that contain one another in one list. */
export function checkPlaceLists(version: CompiledVersion, findings: Findings): void {
  for (const condition of conditionsOf(version.rules)) {
    for (const key of ['hukou', 'residence', 'siteIn'] as const) {
      const codes = condition[key] ?? [];
      const inner = codes.find((code, at) => codes.some((outer, other) => other !== at && (outer === code ? other < at : stem(code).startsWith(stem(outer)))));
      if (inner !== undefined) findings.add('warning', 'place-twice', { ...placeOf(version, condition), key }, `${key} 中的“${inner}”已包含在另一个代码里；请删去较小的，或删去较大的（若本意只是较小的）`);
    }
  }
}

/** A code without the zeros that stand for "all of it". */
function stem(code: string): string {
  return code.replace(/(000){1,2}$/, '').replace(/(00){1,2}$/, '');
}
