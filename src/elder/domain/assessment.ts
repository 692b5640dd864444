import { addDays, type CivilDate } from '../../kernel/index.js';

/** 老年人能力评估等级, GB/T 42195-2022: the index is the level. */
export const ABILITY_LEVELS = ['能力完好', '能力轻度受损（轻度失能）', '能力中度受损（中度失能）', '能力重度受损（重度失能）', '能力完全丧失（完全失能）'] as const;

/** An assessment as far as its days and its level go. */
export interface Assessed {
  readonly level: number;
  readonly institution: string;
  readonly evidence: string;
  readonly assessedOn: CivilDate;
  readonly validUntil: CivilDate;
}

/** From when to when a level holds, as a category. */
export interface LevelSpan {
  readonly grade: string;
  readonly from: CivilDate;
  readonly to: CivilDate;
  readonly source: string;
  readonly evidence: string;
}

/** The spans of levels: an assessment holds until it expires or the next one was made. No two are of one day. */
export function levelSpans(assessments: readonly Assessed[]): LevelSpan[] {
  const sorted = assessments.toSorted((a, b) => (a.assessedOn < b.assessedOn ? -1 : 1));
  return sorted.map(({ level, institution, evidence, assessedOn, validUntil }, index) => {
    const next = sorted[index + 1];
    const before = next === undefined ? validUntil : addDays(next.assessedOn, -1);
    return { grade: String(level), from: assessedOn, to: before < validUntil ? before : validUntil, source: institution, evidence };
  });
}

/** An entry of the levels as it is kept. */
export interface HeldLevel {
  readonly entryId: string;
  readonly grade: string | null;
  readonly from: CivilDate;
  readonly to: CivilDate | null;
  readonly source: string;
  readonly evidence: string;
}

/** An entry that is to be written: a new span, the correction of one, or its withdrawal. */
export type LevelChange = LevelSpan & { readonly corrects: string | null; readonly withdrawn: boolean };

/** What brings the entries that are held to the spans that should be: new ones, corrections and withdrawals. */
export function levelChanges(held: readonly HeldLevel[], spans: readonly LevelSpan[]): LevelChange[] {
  const gone = held.filter((entry) => !spans.some((span) => span.from === entry.from))
    .map((entry) => ({ grade: entry.grade ?? '', from: entry.from, to: entry.to ?? entry.from, source: entry.source, evidence: entry.evidence, corrects: entry.entryId, withdrawn: true }));
  const changed = spans.flatMap((span): LevelChange[] => {
    const entry = held.find((other) => other.from === span.from);
    if (entry === undefined) return [{ ...span, corrects: null, withdrawn: false }];
    const same = entry.grade === span.grade && entry.to === span.to && entry.source === span.source && entry.evidence === span.evidence;
    return same ? [] : [{ ...span, corrects: entry.entryId, withdrawn: false }];
  });
  return [...gone, ...changed];
}
