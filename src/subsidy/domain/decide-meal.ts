import { NO_FEN, fen, minusFen, type Fen } from '../../kernel/index.js';
import { approvalOf, basisFen, failedScope, setScene, type Scene } from './check-condition.js';
import { addScope, collectFacts } from './collect-facts.js';
import { laterCode, type FactUsed, type FundingPart, type MealDecision, type MealQuestion, type Reason, type RefusalCode } from './decision.js';
import { codeAt } from './division.js';
import { evaluateRule, type Evaluation, type Paying } from './evaluate-rule.js';
import type { Use } from './facts.js';
import type { CompiledVersion, Funder, Payee, Rule } from './pack.js';
import { addUses } from './period-key.js';
import { isDayGuessed } from './workday.js';

/**
 * Decides what one meal costs whom. Deterministic, and total over any facts.
 * @returns parts of 0 or more; funding adds up to the subsidy, self-pay and subsidy to the price
 */
export function decideMeal(question: MealQuestion): MealDecision {
  const { version, elder, site, meal, uses } = question;
  if (elder === null) return fullPrice(question, 'guest');
  if (version === null) return fullPrice(question, 'no-pack');
  if (meal.date < version.from || (version.to !== null && meal.date > version.to)) return fullPrice(question, version.endedBy === undefined ? 'not-in-force' : 'funds-ended');
  if (elder.died !== null && meal.date > elder.died) return fullPrice(question, 'deceased');
  const scene = setScene(version, elder, site, meal);
  const outside = failedScope(scene);
  if (outside !== null) return fullPrice(question, outside);
  const { paying, refusal } = elderSide(version, scene, uses);
  const others = otherSides(version, scene, uses, paying.length > 0);
  if (refusal !== null && others.length === 0) return fullPrice(question, refusal);
  return assemble(version, scene, paying, others, refusal);
}

/** A meal at the full price, with the reason why no subsidy applies. */
export function fullPrice(question: MealQuestion, refusal: RefusalCode): MealDecision {
  const { version, meal } = question;
  const funding = version === null ? [] : outlineOf(version).zeroRows;
  return {
    pack: version?.pack ?? null,
    version: refusal === 'not-in-force' ? null : (version?.version ?? null),
    priceFen: meal.priceFen,
    subsidyFen: NO_FEN,
    selfPayFen: meal.priceFen,
    deliveryFen: NO_FEN,
    deliveryFeeFen: NO_FEN,
    siteFen: NO_FEN,
    funding,
    deliveryFunding: funding,
    siteFunding: funding,
    reasons: [],
    uses: [],
    needsProof: false,
    refusal,
  };
}

/** What is the same for every meal under a version, found out once. */
interface Outline {
  /** The rules of the elder's side, group after group in the order written. */
  readonly groups: readonly (readonly Rule[])[];
  /** The rules that pay somebody else. */
  readonly others: readonly Rule[];
  /** Rows of nothing, for what no rule pays; no purse is looked for. */
  readonly zeroRows: readonly FundingPart[];
  /** Where a funder stands among the pack's. */
  readonly places: ReadonlyMap<string, number>;
}

const outlines = new WeakMap<CompiledVersion, Outline>();

function outlineOf(version: CompiledVersion): Outline {
  const known = outlines.get(version);
  if (known !== undefined) return known;
  const elders = version.rules.filter(({ pays }) => pays === 'elder');
  const names = [...new Set(elders.map(({ group }) => group))];
  const outline: Outline = {
    groups: names.map((name) => elders.filter(({ group }) => group === name)),
    others: version.rules.filter(({ pays }) => pays !== 'elder'),
    zeroRows: version.funders.map(({ code }) => ({ funder: code, fen: NO_FEN, division: null })),
    places: new Map(version.funders.map(({ code }, index) => [code, index])),
  };
  outlines.set(version, outline);
  return outline;
}

/** Of what the rules of one group lack, the last; one that only waits for another rule's subsidy keeps silent. */
function lackIn(before: RefusalCode | null, next: RefusalCode): RefusalCode {
  if (before === null || before === 'not-with-meal-subsidy') return next;
  return next === 'not-with-meal-subsidy' ? before : laterCode(before, next);
}

/** The same over groups: a later group that depends on an earlier one, or lies elsewhere, does not hide why the earlier did not pay. */
function lackOver(before: RefusalCode | null, next: RefusalCode | null): RefusalCode | null {
  if (next === null || (before !== null && next === 'site-not-covered')) return before;
  return lackIn(before, next);
}

/** The rules of the elder's side: the best of each group, group after group on what is left of the bill. */
function elderSide(version: CompiledVersion, scene: Scene, uses: readonly Use[]): { paying: Paying[]; refusal: RefusalCode | null } {
  const paying: Paying[] = [];
  let billFen = scene.meal.priceFen;
  let refusal: RefusalCode | null = null;
  // What the elder pays in any case by a rule that has paid holds for the groups after it too.
  let keptFen: Fen | null = null;
  for (const group of outlineOf(version).groups) {
    let best: Paying | null = null;
    let lack: RefusalCode | null = null;
    for (const rule of group) {
      const alone = rule.onlyWithSubsidy && paying.length === 0;
      const outcome: Evaluation = alone ? 'not-with-meal-subsidy' : evaluateRule(rule, scene, uses, billFen, keptFen);
      if (typeof outcome === 'string') lack = lackIn(lack, outcome);
      else if (best === null || outcome.worked.wholeFen > best.worked.wholeFen) best = outcome;
    }
    refusal = lackOver(refusal, lack);
    if (best === null) continue;
    paying.push(best);
    billFen = minusFen(billFen, best.worked.wholeFen);
    keptFen = best.working.selfPayFen ?? keptFen;
  }
  return { paying, refusal: paying.length > 0 ? null : (refusal ?? 'not-in-category') };
}

const NOBODY: readonly Paying[] = [];

/** The rules that pay the site, the deliverer or charge the fee; one of each group, the highest. */
function otherSides(version: CompiledVersion, scene: Scene, uses: readonly Use[], subsidised: boolean): readonly Paying[] {
  const { others } = outlineOf(version);
  if (others.length === 0) return NOBODY;
  const best = new Map<string, Paying>();
  for (const rule of others) {
    if (rule.onlyWithSubsidy && !subsidised) continue;
    if (rule.pays !== 'site' && scene.meal.delivered !== true) continue;
    const outcome = evaluateRule(rule, scene, uses, null);
    if (typeof outcome === 'string') continue;
    const key = `${rule.pays} ${rule.group}`;
    const before = best.get(key);
    if (before === undefined || outcome.worked.wholeFen > before.worked.wholeFen) best.set(key, outcome);
  }
  return [...best.values()];
}

interface Sums {
  elder: number;
  site: number;
  deliverer: number;
  fee: number;
}

// Loops rather than array methods: this runs for every meal, and flatMap alone cost a third of a decision.
function assemble(version: CompiledVersion, scene: Scene, billed: readonly Paying[], others: readonly Paying[], refusal: RefusalCode | null): MealDecision {
  const all = others.length === 0 ? billed : [...billed, ...others];
  const outline = outlineOf(version);
  const sums: Sums = { elder: 0, site: 0, deliverer: 0, fee: 0 };
  const reasons: Reason[] = [];
  const purses = all.length === 0 ? NO_PURSES : pursesOf(version, scene);
  for (const paying of all) {
    sums[paying.rule.pays] += paying.worked.wholeFen;
    addReasons(version, scene, paying, purses, reasons);
  }
  const subsidyFen = fen(sums.elder);
  const { zeroRows } = outline;
  return {
    pack: version.pack,
    version: version.version,
    priceFen: scene.meal.priceFen,
    subsidyFen,
    selfPayFen: minusFen(scene.meal.priceFen, subsidyFen),
    deliveryFen: fen(sums.deliverer),
    deliveryFeeFen: fen(sums.fee),
    siteFen: fen(sums.site),
    funding: sums.elder === 0 ? zeroRows : fundingOf(version, purses, all, 'elder'),
    deliveryFunding: sums.deliverer === 0 ? zeroRows : fundingOf(version, purses, all, 'deliverer'),
    siteFunding: sums.site === 0 ? zeroRows : fundingOf(version, purses, all, 'site'),
    reasons,
    uses: all.length === 1 ? (all[0] as Paying).uses : addUses([], all.flatMap(({ uses }) => uses)),
    needsProof: version.choices.proofForFreeMeal && subsidyFen > 0 && subsidyFen === scene.meal.priceFen,
    refusal,
  };
}

/** The public purse that bears a funder's part, by the pack's choice of whose division decides. */
function purseOf(funder: Funder, scene: Scene): string | null {
  if (funder.of === 'pack') return funder.division;
  return codeAt(funder.of === 'site' ? scene.site.division : scene.elder[funder.of], funder.level);
}

const NO_PURSES: readonly (string | null)[] = [];

/** The purse of each funder in the pack's order. */
function pursesOf({ funders }: CompiledVersion, scene: Scene): readonly (string | null)[] {
  const purses: (string | null)[] = [];
  for (const funder of funders) purses.push(purseOf(funder, scene));
  return purses;
}

function fundingOf(version: CompiledVersion, purses: readonly (string | null)[], all: readonly Paying[], pays: Payee): readonly FundingPart[] {
  const { places, zeroRows } = outlineOf(version);
  const sums = zeroRows.map(() => 0);
  for (const { rule, working, worked } of all) {
    if (rule.pays !== pays) continue;
    const { parts } = working.funding;
    for (let index = 0; index < parts.length; index += 1) {
      const place = places.get(parts[index]?.funder ?? '');
      if (place !== undefined) sums[place] = (sums[place] as number) + (worked.parts[index] ?? 0);
    }
  }
  return zeroRows.map(({ funder }, index) => ({ funder, fen: fen(sums[index] ?? 0), division: purses[index] ?? null }));
}

function factsOf(rule: Rule, paying: Paying, scene: Scene): FactUsed[] {
  const facts: FactUsed[] = [{ fact: 'meal-date', value: scene.meal.date }];
  addScope(rule, scene, facts);
  collectFacts(rule.when, scene, facts);
  collectFacts(paying.chosen.when, scene, facts);
  const approval = rule.needsApproval ? approvalOf(rule, scene) : undefined;
  if (approval !== undefined) facts.push({ fact: 'approval', value: approval.grade ?? '', source: approval.source, from: approval.from });
  if (rule.excludeCareHome) facts.push({ fact: 'in-care-home', value: false });
  if (rule.bill !== null) facts.push({ fact: 'bill', value: basisFen(rule.bill, scene.meal) });
  for (const fact of paying.counted) facts.push(fact);
  if (rule.fundingWhen.length > 0) {
    const found = rule.fundingWhen.find(({ plan }) => plan === paying.working.funding);
    if (found !== undefined) collectFacts(found.when, scene, facts);
  }
  return facts;
}

/** Says of a meal without a calendar that a rule took the plain week for it; nothing where no rule looked at the day. */
function dayNote(scene: Scene, facts: readonly FactUsed[]): readonly string[] {
  if (!isDayGuessed(scene.meal) || !facts.some(({ fact }) => fact === 'workday' || fact === 'day-kind')) return NO_NOTES;
  return [`没有装入${scene.meal.date.slice(0, 4)}年的国务院放假安排，按周一至周五上班推定。`];
}

const NO_NOTES: readonly string[] = [];

function notesOf(version: CompiledVersion, scene: Scene, { rule, chosen }: Paying, facts: readonly FactUsed[]): readonly string[] {
  const guessed = dayNote(scene, facts);
  const { ageNotes, categoryNotes } = version;
  if (chosen.notes.length === 0 && ageNotes.length === 0 && categoryNotes.length === 0 && guessed.length === 0) return rule.notes;
  const byCategory = categoryNotes.length > 0 && facts.some(({ fact }) => fact === 'category');
  const onBirthday = ageNotes.length > 0 && (scene.elder.born.slice(5) === scene.meal.date.slice(5) || scene.elder.born.endsWith('02-29'));
  if (chosen.notes.length === 0 && !byCategory && !onBirthday && guessed.length === 0) return rule.notes;
  return [...rule.notes, ...chosen.notes, ...(onBirthday ? ageNotes : []), ...(byCategory ? categoryNotes : []), ...guessed];
}

function addReasons(version: CompiledVersion, scene: Scene, paying: Paying, purses: readonly (string | null)[], into: Reason[]): void {
  const { rule, chosen, working, worked } = paying;
  const facts = factsOf(rule, paying, scene);
  const notes = notesOf(version, scene, paying, facts);
  const { places } = outlineOf(version);
  const { parts } = working.funding;
  for (let index = 0; index < parts.length; index += 1) {
    const name = parts[index]?.funder ?? '';
    const at = places.get(name) ?? -1;
    const funder = version.funders[at];
    into.push({
      pays: rule.pays,
      funder: name,
      funderName: funder?.name ?? '老人',
      funderShort: funder?.short ?? '',
      division: purses[at] ?? null,
      fen: worked.parts[index] ?? NO_FEN,
      ruleId: rule.id,
      ruleName: rule.name,
      classId: chosen.id,
      version: version.version,
      versionSha256: version.sha256,
      clause: chosen.clause ?? rule.clause,
      document: rule.document,
      assumed: notes.length > 0,
      notes,
      facts,
      caps: worked.caps,
      working,
    });
  }
}
