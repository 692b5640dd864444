/** Notes and coins that are counted when a shift ends, in fen, the largest first. */
export const DENOMINATIONS = [10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10] as const;

/** How many notes or coins of one kind lie in the drawer. */
export interface Pieces {
  /** Face value in fen, one of `DENOMINATIONS`. */
  readonly fen: number;
  readonly count: number;
}

/** Whether each face value is one that there is, and named once. */
export function areDenominations(pieces: readonly Pieces[]): boolean {
  const known: readonly number[] = DENOMINATIONS;
  return new Set(pieces.map(({ fen }) => fen)).size === pieces.length && pieces.every(({ fen }) => known.includes(fen));
}

/** What counted notes and coins come to, in fen. */
export function countedFen(pieces: readonly Pieces[]): number {
  return pieces.reduce((sum, { fen, count }) => sum + fen * count, 0);
}

/** Numbers of a journal that are not there, both ends included. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** An entry that does not follow the one before it: that one is missing, or has another hash. */
export interface Edge {
  readonly number: number;
  /** Number of the entry before it within the range, null for the first. */
  readonly before: number | null;
  readonly chained: boolean;
}

/**
 * What is missing of a range of a journal, and where its chain breaks.
 * @param edges by number
 * @param newest the highest number that is there, null where none is
 */
export function holesOf(first: number, last: number, edges: readonly Edge[], newest: number | null): { gaps: Gap[]; brokenAt: number[] } {
  if (last < first) return { gaps: [], brokenAt: [] };
  const gaps = edges.flatMap(({ number, before }): Gap[] => {
    const from = before === null ? first : before + 1;
    return from < number ? [{ from, to: number - 1 }] : [];
  });
  const end = newest === null ? first - 1 : newest;
  if (end < last) gaps.push({ from: end + 1, to: last });
  return { gaps, brokenAt: edges.filter(({ chained }) => !chained).map(({ number }) => number) };
}

/** One sentence about a closed shift's journal, with the terminal and the numbers. */
export function journalSentence(label: string, gaps: readonly Gap[], brokenAt: readonly number[]): string {
  if (gaps.length === 0 && brokenAt.length === 0) return '流水完整。';
  const missing = gaps.map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`)).join('、');
  return [
    ...(gaps.length === 0 ? [] : [`终端“${label}”的流水缺第 ${missing} 号`]),
    ...(brokenAt.length === 0 ? [] : [`终端“${label}”的流水在第 ${brokenAt.join('、')} 号前后不相扣`]),
  ].join('；') + '，合计不含缺号；请在收银机上导出未上传记录交负责人导入，或联系管理员。';
}
