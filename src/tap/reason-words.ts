import { canonicalJson, sha256 } from '../platform/index.js';
import { wordsOf } from './domain/index.js';
import type { Reason } from '../subsidy/domain/index.js';

/** Words of a reason with their name, which is their SHA-256. */
export interface NamedWords {
  readonly name: string;
  readonly text: string;
}

interface Known extends NamedWords {
  readonly reason: Reason;
}

const known = new Map<string, Known>();
/** Far more than the classes of all rules of a province. */
const MOST_KNOWN = 10_000;

/**
 * Names the words of a reason. The engine hands the same lists out for every meal of a rule, so that a look at them is
 * enough to know words again; new ones are written out and hashed.
 */
export function nameOfWords(reason: Reason): NamedWords {
  const { pays, ruleId, classId, versionSha256, notes } = reason;
  // A guessed day or a birthday adds notes to some meals of a class.
  const key = `${pays} ${ruleId} ${classId} ${versionSha256} ${notes.length} ${notes.at(-1) ?? ''}`;
  const before = known.get(key);
  if (before !== undefined && isSame(before.reason, reason)) return before;
  const text = canonicalJson(wordsOf(reason));
  const named = { name: sha256(text), text, reason };
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, named);
  return named;
}

function isSame(a: Reason, b: Reason): boolean {
  return a.working.amount === b.working.amount && a.working.funding === b.working.funding && a.document === b.document && a.clause === b.clause
    && a.ruleName === b.ruleName && a.version === b.version && a.assumed === b.assumed && a.funderShort === b.funderShort
    && (a.notes === b.notes || (a.notes.length === b.notes.length && a.notes.every((note, index) => note === b.notes[index])));
}
