import { isCivilDate, type CivilDate } from '../../kernel/index.js';

/** Which date of a site's life a target counts. */
export const COUNTED_EVENTS = ['planned', 'accepted', 'open'] as const;
export type CountedEvent = (typeof COUNTED_EVENTS)[number];

/** What a counted site must be on the day that is asked: open, anything but closed, or nothing in particular. */
export const STATES_REQUIRED = ['open', 'notClosed', 'any'] as const;
export type StateRequired = (typeof STATES_REQUIRED)[number];

/** How a target counts. Papers seldom say it in full, so `notes` names what is a reading of ours. */
export interface CountingRule {
  readonly event: CountedEvent;
  /** The first such event of a site lies within these days, both included. */
  readonly from: CivilDate;
  readonly to: CivilDate;
  readonly stateOn: StateRequired;
  /** Kinds of site that count; null: every kind. */
  readonly kinds: readonly string[] | null;
  /** Supply modes that count; null: every mode. */
  readonly supplyModes: readonly string[] | null;
  readonly notes: readonly string[];
}

/** How many there were before; never part of what is counted. */
export interface Baseline {
  readonly number: number;
  readonly on: CivilDate;
  /** True where no paper gives the number as the target's baseline. */
  readonly assumed: boolean;
  readonly note: string;
}

/** A published target: so many sites in a region by a day, from one clause of one document. */
export interface Target {
  readonly code: string;
  readonly name: string;
  readonly document: { readonly title: string; readonly number: string | null; readonly file: string; readonly clause: string; readonly quote: string };
  readonly divisionCode: string;
  readonly required: number;
  readonly deadline: CivilDate;
  readonly baseline: Baseline | null;
  readonly rule: CountingRule;
}

/** A target's file that does not say what a target says. */
export class WrongTarget extends Error {
  override readonly name = 'WrongTarget';
}

type Raw = Readonly<Record<string, unknown>>;

function check(condition: unknown, where: string, wanted: string): asserts condition {
  if (!condition) throw new WrongTarget(`${where}: expected ${wanted}`);
}

function objectAt(value: unknown, where: string, keys: readonly string[]): Raw {
  check(typeof value === 'object' && value !== null && !Array.isArray(value), where, 'an object');
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  check(unknown === undefined, `${where}.${unknown}`, `nothing here, only ${keys.join(', ')}`);
  return value as Raw;
}

function text(raw: Raw, key: string, where: string): string {
  const value = raw[key];
  check(typeof value === 'string' && value.trim() !== '', `${where}.${key}`, 'a text');
  return value;
}

function date(raw: Raw, key: string, where: string): CivilDate {
  const value = raw[key];
  check(isCivilDate(value), `${where}.${key}`, 'a day such as 2024-12-31');
  return value;
}

function whole(raw: Raw, key: string, where: string, least: number): number {
  const value = raw[key];
  check(typeof value === 'number' && Number.isSafeInteger(value) && value >= least, `${where}.${key}`, `a whole number of ${least} or more`);
  return value;
}

function word<T extends string>(raw: Raw, key: string, where: string, words: readonly T[]): T {
  const value = words.find((candidate) => candidate === raw[key]);
  check(value !== undefined, `${where}.${key}`, `one of ${words.join(', ')}`);
  return value;
}

function texts(raw: Raw, key: string, where: string): string[] | null {
  const value = raw[key];
  if (value === undefined || value === null) return null;
  check(Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string'), `${where}.${key}`, 'a list of texts, or nothing');
  return value as string[];
}

function readRule(value: unknown): CountingRule {
  const raw = objectAt(value, 'rule', ['event', 'from', 'to', 'stateOn', 'kinds', 'supplyModes', 'notes']);
  const rule = {
    event: word(raw, 'event', 'rule', COUNTED_EVENTS),
    from: date(raw, 'from', 'rule'),
    to: date(raw, 'to', 'rule'),
    stateOn: word(raw, 'stateOn', 'rule', STATES_REQUIRED),
    kinds: texts(raw, 'kinds', 'rule'),
    supplyModes: texts(raw, 'supplyModes', 'rule'),
    notes: texts(raw, 'notes', 'rule') ?? [],
  };
  check(rule.from <= rule.to, 'rule.to', 'a day on or after rule.from');
  return rule;
}

function readBaseline(value: unknown): Baseline | null {
  if (value === undefined || value === null) return null;
  const raw = objectAt(value, 'baseline', ['number', 'on', 'assumed', 'note']);
  check(typeof raw['assumed'] === 'boolean', 'baseline.assumed', 'true or false');
  return { number: whole(raw, 'number', 'baseline', 0), on: date(raw, 'on', 'baseline'), assumed: raw['assumed'], note: text(raw, 'note', 'baseline') };
}

/**
 * Reads a target from its file's content: every key checked, unknown keys refused.
 * @throws WrongTarget with the place and what was expected there
 */
export function readTarget(content: unknown): Target {
  const raw = objectAt(content, 'target', ['code', 'name', 'document', 'divisionCode', 'required', 'deadline', 'baseline', 'rule']);
  const document = objectAt(raw['document'], 'document', ['title', 'number', 'file', 'clause', 'quote']);
  const code = text(raw, 'code', 'target');
  check(/^[a-z0-9-]{3,60}$/.test(code), 'target.code', 'small letters, digits and hyphens');
  const divisionCode = text(raw, 'divisionCode', 'target');
  check(/^\d{6}(\d{3}){0,2}$/.test(divisionCode), 'target.divisionCode', '6, 9 or 12 digits in quotes');
  return {
    code,
    name: text(raw, 'name', 'target'),
    document: {
      title: text(document, 'title', 'document'),
      number: document['number'] === null ? null : text(document, 'number', 'document'),
      file: text(document, 'file', 'document'),
      clause: text(document, 'clause', 'document'),
      quote: text(document, 'quote', 'document'),
    },
    divisionCode,
    required: whole(raw, 'required', 'target', 1),
    deadline: date(raw, 'deadline', 'target'),
    baseline: readBaseline(raw['baseline']),
    rule: readRule(raw['rule']),
  };
}
