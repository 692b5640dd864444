import { invariant, type Fen } from '../../kernel/index.js';

const DIGITS = '零壹贰叁肆伍陆柒捌玖';
const UNITS = ['', '拾', '佰', '仟'];

/** A whole number below ten thousand; zeros inside are read once, those at the end not at all. */
function underTenThousand(value: number): string {
  let text = '';
  let zero = false;
  for (let place = 3; place >= 0; place -= 1) {
    const digit = Math.floor(value / 10 ** place) % 10;
    if (digit === 0) {
      zero = text !== '';
      continue;
    }
    text += (zero ? '零' : '') + DIGITS.charAt(digit) + (UNITS[place] as string);
    zero = false;
  }
  return text;
}

function wholeNumber(value: number): string {
  for (const [size, name] of [[100_000_000, '亿'], [10_000, '万']] as const) {
    if (value < size) continue;
    const rest = value % size;
    return wholeNumber(Math.floor(value / size)) + name + (rest > 0 && rest < size / 10 ? '零' : '') + (rest > 0 ? wholeNumber(rest) : '');
  }
  return underTenThousand(value);
}

/**
 * An amount in Chinese capitals (大写金额) as papers of finance print it: 支付结算办法 1997 附件一 and 会计基础工作规范
 * Art. 52. Ends in 整 after 元 and, which satisfies both, after 角; never after 分.
 * @param amount fen, not negative: what is to be deducted is printed as a line of its own with a positive amount
 */
export function capitalAmount(amount: Fen): string {
  invariant(amount >= 0, 'an amount in capitals is never negative');
  const [yuan, jiao, fen] = [Math.floor(amount / 100), Math.floor(amount / 10) % 10, amount % 10];
  let text = yuan > 0 ? `${wholeNumber(yuan)}元` : '';
  if (jiao > 0) text += `${yuan > 0 && yuan % 10 === 0 ? '零' : ''}${DIGITS.charAt(jiao)}角`;
  if (fen > 0) text += `${jiao === 0 && yuan > 0 ? '零' : ''}${DIGITS.charAt(fen)}分`;
  if (text === '') text = '零元';
  return `人民币${text}${fen > 0 ? '' : '整'}`;
}
