import { civilDate, type CivilDate } from '../../kernel/index.js';
import type { DivisionLevel } from './division.js';

/** A division that the national snapshot no longer lists, since another one took over. */
export interface DivisionChange {
  readonly cityCode: string;
  readonly code: string;
  readonly name: string;
  readonly level: DivisionLevel;
  readonly parentCode: string;
  readonly successorCode: string;
  /** First day of the successor, the day after the old division's last. */
  readonly successorFrom: CivilDate;
  readonly document: string;
}

/**
 * Changes that records older than the snapshot may still name. Identity numbers and hukou rows of people from
 * 茌平 carry 371523 to this day; the day is that of the province's document, which put the State Council's in force.
 */
export const KNOWN_CHANGES: readonly DivisionChange[] = [
  {
    cityCode: '371500', code: '371523', name: '茌平县', level: 'county', parentCode: '371500', successorCode: '371503',
    successorFrom: civilDate('2019-08-02'), document: '国函〔2019〕60号；鲁政字〔2019〕147号',
  },
];
