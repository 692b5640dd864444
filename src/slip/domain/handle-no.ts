/** A quasigroup of order 10 that is totally anti-symmetric (H. M. Damm, 2004): it notices every wrong digit and every swap of neighbours. */
const TABLE = [
  [0, 3, 1, 7, 5, 9, 8, 6, 4, 2], [7, 0, 9, 2, 1, 5, 4, 8, 6, 3], [4, 2, 0, 6, 8, 7, 1, 3, 5, 9], [1, 7, 5, 0, 9, 8, 3, 4, 2, 6], [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
  [3, 6, 7, 4, 2, 0, 9, 5, 8, 1], [5, 8, 6, 9, 7, 2, 0, 1, 3, 4], [8, 9, 4, 5, 3, 6, 2, 0, 1, 7], [9, 4, 3, 8, 6, 1, 7, 2, 0, 5], [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];
const LEAST_DIGITS = 3;

function damm(digits: string): number {
  return [...digits].reduce((interim, digit) => TABLE[interim]?.[Number(digit)] as number, 0);
}

/** An elder's number at a canteen as it is printed and written: at least three digits, and one that checks them. */
export function handleText(handleNo: number): string {
  const digits = String(handleNo).padStart(LEAST_DIGITS, '0');
  return `${digits}${damm(digits)}`;
}

/** The number behind what somebody wrote; null where a digit is wrong or two are swapped. */
export function readHandle(text: string): number | null {
  const digits = text.normalize('NFKC').replace(/\s/g, '');
  if (!/^\d{4,7}$/.test(digits) || damm(digits) !== 0) return null;
  const handleNo = Number(digits.slice(0, -1));
  return handleNo >= 1 ? handleNo : null;
}
