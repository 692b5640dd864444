import { done, refuse, type CivilDate, type Outcome } from '../../kernel/index.js';
import { isCardNumber, normaliseCardNumber } from './card-moves.js';
import { categoryRule, MEAL_APPROVAL, type CategoryCode } from './categories.js';
import { spansMeet } from './elder-record.js';
import { halfWidth, readIdentityNumber, type Identity } from './identity-number.js';

/** A category as staff hand it in. */
export interface CategoryEntry {
  readonly code: CategoryCode;
  readonly grade?: string | null;
  /** The kind of a disability. */
  readonly kind?: string | null;
  readonly from: CivilDate;
  readonly to?: CivilDate | null;
  readonly source: string;
  /** The paper that decided it, such as the number of a certificate or of an authority's list. */
  readonly evidence: string;
}

/** The same, in its one written form. */
export type HeldCategory = CategoryEntry & { readonly grade: string | null; readonly kind: string | null; readonly to: CivilDate | null };

/** An elder as staff hand one in. */
export interface RegistrationForm {
  readonly id: string;
  readonly name: string;
  readonly identityNumber: string;
  readonly born?: CivilDate | null;
  readonly phone?: string | null;
  readonly hukouCode?: string | null;
  readonly residenceCode?: string | null;
  readonly cardNumber?: string | null;
  readonly categories?: readonly CategoryEntry[];
}

/** The same, checked and in its one written form. */
export interface Registration {
  readonly elderId: string;
  readonly name: string;
  readonly identity: Identity;
  readonly phone: string | null;
  readonly hukouCode: string | null;
  readonly residenceCode: string | null;
  readonly cardNumber: string | null;
  readonly categories: readonly HeldCategory[];
}

/** A name in its one written form: blanks at the ends and between Chinese characters out, one kind of middle dot. */
export function normaliseName(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\u2022\u2027\u30fb\uff65\uff0e]/g, '·')
    .replace(/[\s\u200b-\u200d\ufeff]+/gu, ' ')
    .replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '')
    .trim();
}

/** A telephone number as digits alone, without +86; null when it is none. */
export function readPhone(text: string): string | null {
  const digits = halfWidth(text).replace(/[-()]/g, '').replace(/^(\+86|0086)/, '');
  return /^(1[3-9]\d{9}|0\d{9,11}|[2-8]\d{6,7})$/.test(digits) ? digits : null;
}

/**
 * Checks one elder's form.
 * @returns the first of `identity-number-old`, `identity-number-wrong`, `birth-date-differs`, `name-wrong`,
 *   `phone-wrong`, `card-number-wrong`, `place-missing`, `category-span-wrong`, `category-grade-wrong`, `category-overlaps`
 */
export function readRegistration(form: RegistrationForm, today: CivilDate): Outcome<Registration> {
  const identity = readIdentityNumber(form.identityNumber, today);
  if (!identity.ok) return identity;
  if (form.born && form.born !== identity.value.born) return refuse('birth-date-differs');
  const name = normaliseName(form.name);
  if (!/\p{L}/u.test(name)) return refuse('name-wrong');
  const phone = form.phone ? readPhone(form.phone) : null;
  if (form.phone && phone === null) return refuse('phone-wrong');
  const cardNumber = form.cardNumber ? normaliseCardNumber(form.cardNumber) : null;
  if (cardNumber !== null && !isCardNumber(cardNumber)) return refuse('card-number-wrong');
  const [hukouCode, residenceCode] = [form.hukouCode ?? null, form.residenceCode ?? null];
  if (hukouCode === null && residenceCode === null) return refuse('place-missing');
  const categories = (form.categories ?? []).map((entry) => ({ ...entry, grade: entry.grade ?? null, kind: entry.kind ?? null, to: entry.to ?? null }));
  for (const [index, entry] of categories.entries()) {
    const wrong = checkCategory(entry, identity.value.born, categories.slice(0, index));
    if (wrong) return wrong;
  }
  return done({ elderId: form.id, name, identity: identity.value, phone, hukouCode, residenceCode, cardNumber, categories });
}

interface CategorySpan {
  readonly code: string;
  readonly grade: string | null;
  readonly kind?: string | null;
  readonly from: CivilDate;
  readonly to: CivilDate | null;
}

/** Whether the grade and the kind are such as the category has; one without a list takes any grade. */
function isGraded({ code, grade, kind = null }: CategorySpan): boolean {
  const rule = categoryRule(code);
  if (rule?.gradeNeeded === true && grade === null) return false;
  return (grade === null || rule?.grades?.includes(grade) !== false) && (kind === null || rule?.kinds?.includes(kind) === true);
}

/** Why a category cannot be added to those that are held: its days or grade are wrong, or it is held on some of the days already. */
export function checkCategory(entry: CategorySpan, born: CivilDate, held: readonly Omit<CategorySpan, 'kind'>[]): ReturnType<typeof refuse> | null {
  if (entry.from < born || (entry.to !== null && entry.to < entry.from)) return refuse('category-span-wrong', { code: entry.code });
  if (!isGraded(entry)) {
    const { grades, kinds } = categoryRule(entry.code) ?? {};
    return refuse('category-grade-wrong', { code: entry.code, ...(grades === undefined ? {} : { grades }), ...(kinds === undefined ? {} : { kinds }) });
  }
  // Approvals of two packs are two approvals.
  const same = (other: Pick<CategorySpan, 'code' | 'grade'>): boolean => other.code === entry.code && (entry.code !== MEAL_APPROVAL || other.grade === entry.grade);
  if (held.some((other) => same(other) && spansMeet(entry, other))) return refuse('category-overlaps', { code: entry.code });
  return null;
}
