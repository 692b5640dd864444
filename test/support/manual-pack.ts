import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';

/** The manual of the policy language, cut into what comes before its recipes and the recipes. */
export const MANUAL = readFileSync(new URL('../../docs/policy-language.md', import.meta.url), 'utf8');
export const [RECIPES, MAIN] = [MANUAL.slice(MANUAL.indexOf('## 12. Recipes')), MANUAL.slice(0, MANUAL.indexOf('## 12. Recipes'))];
const fences = [...MAIN.matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1] ?? '');

/** The example of the manual that begins with a text. */
export const fence = (begins: string): string => fences.find((each) => each.startsWith(begins)) ?? '';

type Named = Record<string, unknown> & { id?: string; kind?: string; pays?: string; amount?: unknown; classes?: { amount?: unknown; funding?: unknown }[] };

/** What a recipe leaves out because it is not its point. */
function whole(row: Named, id: string): Named {
  const paid = row.amount !== undefined || (row.classes ?? []).some(({ amount }) => amount !== undefined);
  const funding = paid && row.pays !== 'fee' ? { funding: { parts: [{ funder: 'city', rest: true }] } } : {};
  return { id, name: '样例', document: 'ap-2024', clause: '第三条', ...funding, ...row };
}

/** A version file of a recipe: one rule, or a whole version. */
export function versionOf(recipe: Record<string, unknown>): string {
  const { rules, siteGrants, ...rest } = recipe['rules'] === undefined ? { rules: [recipe as Named] } : (recipe as { rules: Named[]; siteGrants?: Named[] });
  return stringify({
    version: '1', from: '2020-01-01', ...rest,
    rules: rules.map((rule) => whole(rule, 'meal')),
    ...(siteGrants === undefined ? {} : { siteGrants: siteGrants.map((grant) => whole(grant, 'grant')) }),
  });
}

const BASE = { elder: { hukou: '131125', age: 82 }, site: { division: '131125' }, meal: { date: '2024-06-05', period: 'lunch', priceFen: 1200 } };

/** Cases of a recipe, the elder 82 unless something else is said. */
export function casesText(rows: readonly object[]): string {
  return stringify({ base: BASE, cases: rows });
}
