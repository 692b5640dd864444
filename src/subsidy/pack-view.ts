import { yuanText } from '../kernel/index.js';
import { MEAL_PERIODS, type AmountForm, type CompiledVersion, type MealPeriod, type PeriodAmounts, type Rule } from './domain/index.js';
import type { Pack } from './load-packs.js';
import type { PackRuleView, PackSummary, PackVersionView, PackView } from './subsidy.dto.js';

const PERIOD: Readonly<Record<MealPeriod, string>> = { breakfast: '早餐', lunch: '午餐', dinner: '晚餐' };

function amountText(amount: AmountForm): string {
  if (amount.form === 'fixed') return `${yuanText(amount.fen)}元`;
  if (amount.form === 'voucher') return '助餐券面额';
  return `餐费的${amount.basisPoints / 100}%${amount.capFen === null ? '' : `，最高${yuanText(amount.capFen)}元`}`;
}

function amountsText(amounts: PeriodAmounts): string {
  const texts = MEAL_PERIODS.map((period) => {
    const amount = amounts[period];
    return amount === null ? null : amountText(amount);
  });
  if (new Set(texts).size === 1) return texts[0] ?? '';
  return MEAL_PERIODS.flatMap((period, index) => (texts[index] == null ? [] : [`${PERIOD[period]}${texts[index]}`])).join('，');
}

function notesOf(rule: Rule): string[] {
  return [...rule.notes, ...rule.classes.flatMap(({ notes }) => notes)];
}

function ruleView(rule: Rule): PackRuleView {
  const notes = notesOf(rule);
  return {
    id: rule.id, name: rule.name, pays: rule.pays, clause: rule.clause, document: rule.document.id,
    assumed: notes.length > 0, notes,
    classes: rule.classes.map(({ id, name, amounts }) => ({ id, name, amount: amountsText(amounts) })),
  };
}

function versionView(version: CompiledVersion): PackVersionView {
  const rules = version.rules.map(ruleView);
  const { from, to, sha256, sample } = version;
  return { version: version.version, from, to, sha256, sample, assumed: rules.some(({ assumed }) => assumed), rules };
}

/** A pack in one line of a list. */
export function packSummary(pack: Pack): PackSummary {
  const { pack: name, name: title, issuer, division } = pack.source;
  const assumed = pack.versions.some(({ rules }) => rules.some((rule) => notesOf(rule).length > 0));
  return { pack: name, name: title, issuer, divisionCode: division, versions: pack.versions.map(({ version }) => version), assumed };
}

/** A pack with its versions, sources and what is assumed. */
export function packView(pack: Pack): PackView {
  const { pack: name, name: title, issuer, division, funders } = pack.source;
  return {
    pack: name, name: title, issuer, divisionCode: division,
    funders: funders.map(({ code, name: funderName, short, level }) => ({ code, name: funderName, short, level })),
    documents: [...(pack.versions.at(-1)?.documents ?? [])],
    versions: pack.versions.map(versionView),
  };
}
