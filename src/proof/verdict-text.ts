import type { Verdict } from './invariant.js';
import { INVARIANTS } from './invariants.store.js';

/** What a verdict says to machines: `violations` counts what is broken, over all invariants. */
export function verdictJson(verdict: Verdict): { checked: number; violations: number; list: Verdict['violations'] } {
  return { checked: verdict.checked, violations: verdict.violations.reduce((sum, { count }) => sum + count, 0), list: verdict.violations };
}

/** A verdict as a table for people, one line an invariant and the samples below the broken ones. */
export function verdictTable(verdict: Verdict): string {
  const lines = INVARIANTS.flatMap(({ id, sentence }) => {
    const broken = verdict.violations.find((violation) => violation.id === id);
    return broken === undefined ? [`  ✓ ${id}  ${sentence}`] : [`  ✗ ${id}  ${sentence}：${broken.count} 处`, ...broken.sample.map((what) => `          ${what}`)];
  });
  const { checked, violations } = verdictJson(verdict);
  return `${lines.join('\n')}\n\n  核对 ${checked} 条，违反 ${violations} 处\n`;
}
