import { isId } from '../../kernel/index.js';

const CITY_DIGITS = 6;
/** 128 bits in digits of five bits. */
const ID_DIGITS = 26;

/**
 * The number of an order or a refund at WeChat Pay, where 32 signs is the most: the city's code, then the id in base 32.
 * A notice knows nothing else of ours, so the city has to be in it.
 */
export function tradeNumber(cityCode: string, id: string): string {
  return cityCode + BigInt(`0x${id.replaceAll('-', '')}`).toString(32).padStart(ID_DIGITS, '0');
}

/** Whose number it is, or null where it is none of ours. */
export function readTradeNumber(text: string): { readonly cityCode: string; readonly id: string } | null {
  if (!/^\d{6}[0-7][0-9a-v]{25}$/.test(text)) return null;
  let value = 0n;
  for (const digit of text.slice(CITY_DIGITS)) value = value * 32n + BigInt(Number.parseInt(digit, 32));
  const hex = value.toString(16).padStart(32, '0');
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  return isId(id) ? { cityCode: text.slice(0, CITY_DIGITS), id } : null;
}
