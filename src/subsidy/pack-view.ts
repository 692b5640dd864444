import { yuanText, type Fen } from '../kernel/index.js';
import { MEAL_PERIODS, type AmountForm, type CompiledVersion, type MealPeriod, type PeriodAmounts, type Rule } from './domain/index.js';
import type { Pack } from './load-packs.js';
import type { PackRuleView, PackSummary, PackVersionView, PackView } from './subsidy.dto.js';

const PERIOD: Readonly<Record<MealPeriod, string>> = { breakfast: '早餐', lunch: '午餐', dinner: '晚餐' };

function capText(capFen: Fen | null): string {
  return capFen === null ? '' : `，最高${yuanText(capFen)}元`;
}

function shareText({ basisPoints, denominator }: { basisPoints: number; denominator?: number }): string {
  return denominator === undefined ? `${basisPoints / 100}%` : `${denominator}分之${basisPoints}`;
}

function rangeText({ ofAboveFen, ofUpToFen }: { ofAboveFen?: Fen; ofUpToFen?: Fen }): string {
  const above = ofAboveFen === undefined ? '' : `超过${yuanText(ofAboveFen)}元`;
  const upTo = ofUpToFen === undefined ? '' : `不超过${yuanText(ofUpToFen)}元`;
  return above === '' && upTo === '' ? '餐费' : `餐费中${[above, upTo].filter((text) => text !== '').join('、')}的部分`;
}

/** An amount in words, as a list of rules shows it. */
function amountText(amount: AmountForm): string {
  switch (amount.form) {
    case 'fixed':
      return `${yuanText(amount.fen)}元`;
    case 'voucher':
      return '助餐券面额';
    case 'percentage':
      return `${rangeText(amount)}的${shareText(amount)}${amount.floorFen === undefined ? '' : `，最低${yuanText(amount.floorFen)}元`}${capText(amount.capFen)}`;
    case 'rest':
      return `老人付${yuanText(amount.elderPaysFen)}元，其余补贴${capText(amount.capFen)}`;
    case 'steps':
      return amount.steps.map(({ fromFen, amount: each }) => `满${yuanText(fromFen)}元补${amountText(each)}`).join('，');
    case 'slices':
      return `${amount.slices.map(({ upToFen, basisPoints }) => `${upToFen === null ? '其余' : `至${yuanText(upToFen)}元`}${basisPoints / 100}%`).join('，')}${capText(amount.capFen)}`;
    case 'per-unit':
      return `每${{ squareMetres: '平方米', meals: '餐', diners: '人次', seats: '座' }[amount.of]}${yuanText(amount.fen)}元${capText(amount.capFen)}`;
  }
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
