import { ageOn, mondayOf } from '../kernel/index.js';
import type { CompiledVersion, Condition } from '../subsidy/domain/index.js';
import type { BenchMeal, BenchPack } from './bench-meals.js';
import { splitOf } from './hand-written.js';

/** What the rules engine finds for a meal, its amount divided by the hand-written split, since it has none. */
export type RulesEngine = (meal: BenchMeal) => Promise<ReturnType<typeof splitOf>>;

interface Test {
  readonly fact: string;
  readonly operator: string;
  readonly value: unknown;
}
type Node = Test | { readonly all: Node[] } | { readonly any: Node[] };

const MISSING = '比较需要开发依赖 json-rules-engine：请在源码目录运行 npm ci（不带 --omit=dev）后再试';

/** @throws Error with one sentence when the package is not installed */
async function engineClass(): Promise<typeof import('json-rules-engine').Engine> {
  try {
    return (await import('json-rules-engine')).Engine;
  } catch {
    throw new Error(MISSING);
  }
}

function wantedNode(wanted: NonNullable<Condition['anyCategory']>[number]): Node {
  if (wanted.grades === undefined) return { fact: 'categories', operator: 'contains', value: wanted.code };
  return { any: wanted.grades.map((grade) => ({ fact: 'categories', operator: 'contains', value: `${wanted.code}:${grade}` })) };
}

/** The same condition in the words of the rules engine. */
function nodesOf(when: Condition): Node[] {
  const nodes: Node[] = [];
  if (when.hukou !== undefined) nodes.push({ any: when.hukou.map((value) => ({ fact: 'hukou', operator: 'contains', value })) });
  if (when.residence !== undefined) nodes.push({ any: when.residence.map((value) => ({ fact: 'residence', operator: 'contains', value })) });
  if (when.periods !== undefined) nodes.push({ fact: 'period', operator: 'in', value: when.periods });
  if (when.ageFrom !== undefined) nodes.push({ fact: 'age', operator: 'greaterThanInclusive', value: when.ageFrom });
  if (when.ageTo !== undefined) nodes.push({ fact: 'age', operator: 'lessThanInclusive', value: when.ageTo });
  if (when.anyCategory !== undefined) nodes.push({ any: when.anyCategory.map(wantedNode) });
  if (when.allCategories !== undefined) nodes.push({ all: when.allCategories.map(wantedNode) });
  if (when.any !== undefined) nodes.push({ any: when.any.map((each) => ({ all: nodesOf(each) })) });
  return nodes;
}

function limitNodes(version: CompiledVersion): Node[] {
  return (version.rules[0]?.limits ?? []).map(({ per, count }) => ({ fact: `used-${per}`, operator: 'lessThan', value: count ?? 0 }));
}

/** The facts of a meal as the rules engine takes them; the engine has no ages, weeks or counters of its own. */
function factsOf({ question: { elder, meal, uses } }: BenchMeal): Record<string, unknown> {
  const used = (key: string): number => uses.reduce((sum, use) => (use.periodKey === key ? sum + use.count : sum), 0);
  return {
    age: elder === null ? 0 : ageOn(elder.born, meal.date),
    hukou: elder?.hukou ?? [],
    residence: elder?.residence ?? [],
    categories: (elder?.categories ?? []).flatMap(({ code, grade }) => [code, `${code}:${grade ?? ''}`]),
    careHome: (elder?.careHomeStays ?? []).some((stay) => stay.from <= meal.date && (stay.to === null || meal.date <= stay.to)),
    period: meal.period,
    'used-period': used(`d:${meal.date}:${meal.period}`),
    'used-day': used(`d:${meal.date}`),
    'used-week': used(`w:${mondayOf(meal.date)}`),
  };
}

/**
 * One engine for each city, its rules made from the same versions that our engine reads: one rule for each class.
 * @throws Error with one sentence when the package is not installed
 */
export async function rulesEngine(versions: Readonly<Record<BenchPack, CompiledVersion>>): Promise<RulesEngine> {
  const Engine = await engineClass();
  const engines = Object.fromEntries(Object.entries(versions).map(([pack, version]) => {
    const engine = new Engine([], { allowUndefinedFacts: false });
    const rule = version.rules[0];
    for (const each of rule?.classes ?? []) {
      const amount = each.amounts.lunch;
      const all = [...nodesOf(rule?.when ?? {}), ...nodesOf(each.when), ...limitNodes(version), ...(rule?.excludeCareHome === true ? [{ fact: 'careHome', operator: 'equal', value: false }] : [])];
      engine.addRule({ conditions: { all } as never, event: { type: each.id, params: { fen: amount?.form === 'fixed' ? amount.fen : 0 } } });
    }
    return [pack, engine];
  })) as Record<BenchPack, InstanceType<typeof Engine>>;
  return async (meal) => {
    const { events } = await engines[meal.pack].run(factsOf(meal));
    const amount = events.reduce((best, { params }) => Math.max(best, Number(params?.['fen'] ?? 0)), 0);
    return splitOf(meal.pack, meal.question, amount);
  };
}
