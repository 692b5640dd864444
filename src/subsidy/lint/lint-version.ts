import type { CompiledVersion } from '../domain/index.js';
import type { Pack } from '../load-packs.js';
import { checkBands, checkBirthdays, checkPlaceLists, checkSiteWords } from './check-classes.js';
import { MealCheck } from './check-meals.js';
import { MoneyCheck } from './check-money.js';
import { VersionCheck } from './check-version.js';
import { Findings, type LintContext, type LintFinding } from './finding.js';
import { Examples, mealGrid } from './meal-grid.js';

/**
 * Looks for what is wrong or strange in a version before it is signed: overlaps, gaps, rules and classes that never
 * apply, edges of birthdays and residence, missing funders, limits that never bind. What the version mentions is
 * crossed into a finite set of elders and meals, the engine itself decides them, and each finding shows one.
 * @param context what is known beside the pack; without it the checks that need it are left out
 * @returns errors first, then warnings, each in the order of the file
 */
export function lintVersion(pack: Pick<Pack, 'source' | 'versions'>, version: CompiledVersion, context: LintContext = {}): LintFinding[] {
  const findings = new Findings();
  const grid = mealGrid(pack.source, version);
  const examples = new Examples(version, grid);
  new MealCheck(pack.source, version, examples, findings).run(grid);
  checkBands(version, examples, findings);
  checkBirthdays(version, examples, context, findings);
  checkSiteWords(version, findings);
  checkPlaceLists(version, findings);
  new MoneyCheck(version, examples, findings).run();
  new VersionCheck(pack.source, pack.versions, version, examples, context, findings).run();
  const rank = ({ severity }: LintFinding): number => (severity === 'error' ? 0 : 1);
  return findings.list.sort((a, b) => rank(a) - rank(b) || compare(a.path, b.path));
}

function compare(a: LintFinding['path'], b: LintFinding['path']): number {
  const [left, right] = [a[1], b[1]].map((part) => (typeof part === 'number' ? part : -1)) as [number, number];
  return left - right;
}
