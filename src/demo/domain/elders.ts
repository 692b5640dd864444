import { civilDate, daysBetween, addDays, type CivilDate } from '../../kernel/index.js';
import type { Random } from './random.js';

/** An invented elder of the demo city. */
export interface DemoElder {
  readonly id: string;
  /** With the area code 990000, which no division has: the number belongs to nobody. */
  readonly identityNumber: string;
  readonly name: string;
  readonly born: CivilDate;
  readonly communityCode: string;
  readonly cardNumber: string;
  readonly cardId: string;
}

/**
 * Shares of age bands among those of 60 and over, in ten-thousandths, as of 2024-12-31. Of 105,752 people of 60 and
 * over in Haiyan, 14,561 are 80 and over (haiyan-145, chapter 1): 1,377 of 10,000 here. How the bands split inside
 * these two is assumed.
 */
const AGE_BANDS: readonly { from: number; to: number; weight: number }[] = [
  { from: 60, to: 64, weight: 2_800 }, { from: 65, to: 69, weight: 2_600 }, { from: 70, to: 74, weight: 1_960 },
  { from: 75, to: 79, weight: 1_263 }, { from: 80, to: 84, weight: 800 }, { from: 85, to: 89, weight: 397 },
  { from: 90, to: 94, weight: 145 }, { from: 95, to: 99, weight: 31 }, { from: 100, to: 104, weight: 4 },
];

const SURNAMES = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗'];
const CHECK_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_DIGITS = '10X98765432';

/** Completes 17 digits with the check digit of GB 11643 (ISO 7064 MOD 11-2). */
function withCheckDigit(body: string): string {
  const sum = CHECK_WEIGHTS.reduce((total, weight, index) => total + weight * Number(body[index]), 0);
  return body + CHECK_DIGITS[sum % 11];
}

/** Invents elders over the communities, each with one meal card. */
export function inventElders(random: Random, count: number, communities: readonly string[]): DemoElder[] {
  const sequences = new Map<CivilDate, number>();
  const weights = AGE_BANDS.map((band) => band.weight);
  return Array.from({ length: count }, (_, index) => {
    const band = AGE_BANDS[random.weighted(weights)] as (typeof AGE_BANDS)[number];
    const first = civilDate(`${2024 - band.to}-01-01`);
    const last = civilDate(`${2024 - band.from}-12-31`);
    const born = addDays(first, random.whole(0, daysBetween(first, last)));
    const sequence = (sequences.get(born) ?? 0) + 1;
    sequences.set(born, sequence);
    return {
      id: random.id(),
      identityNumber: withCheckDigit(`990000${born.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`),
      name: `${random.pick(SURNAMES)}示例${String(index + 1).padStart(5, '0')}`,
      born,
      communityCode: random.pick(communities),
      cardNumber: `LC${String(10_000_000 + index)}`,
      cardId: random.id(),
    };
  });
}
