import { Auditor, ELDERS, MENU, SITES, type Happening } from './domain/index.js';
import type { Books, TapRow } from './books.store.js';
import type { Month } from './month.js';
import type { Entry, VoidEntry } from './till.js';

/** What is wrong with a month that was played, in words; nothing where everything holds. */
export interface Findings {
  readonly acknowledged: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly differences: readonly string[];
}

/** Compares the rows of a month with what was acknowledged, and with the auditor's own books. */
export function checkBooks(month: Month, books: Books): Findings {
  const entries = new Map(month.tills.flatMap((till) => till.entries).map((entry) => [entry.sale.tapId, entry]));
  const differences: string[] = [...month.oddities];
  const auditor = replay(month, books, entries, differences);
  compareTaps(auditor, books, entries, differences);
  compareMoney(auditor, books, differences);
  compareClaims(auditor, books, differences);
  for (const one of voidsOf(month)) if (new Set(one.answers).size > 1) differences.push(`void ${one.voidId} got different answers: ${one.answers.join(' ')}`);
  if (books.openJobs.length > 0) differences.push(`jobs are still open: ${books.openJobs.join(', ')}`);
  const answered = [...entries.values()].filter((entry) => entry.answers.length > 0);
  return { acknowledged: answered.length + [...month.deeds.values()].filter((deed) => deed.acknowledged).length + voidsOf(month).filter((one) => one.answers.length > 0).length, lost: lostOf(month, books, answered), doubled: books.twice, differences };
}

function voidsOf(month: Month): VoidEntry[] {
  return month.tills.flatMap((till) => till.voids);
}

/** Acknowledged deeds that left no row. */
function lostOf(month: Month, books: Books, answered: readonly Entry[]): string[] {
  const taps = new Set(books.taps.map((row) => row.tapId));
  const deeds = new Set(books.deeds.map((row) => row.deedId));
  const voids = new Set(books.voids.map((row) => row.voidId));
  return [
    ...answered.filter((entry) => !taps.has(entry.sale.tapId)).map((entry) => `tap ${entry.sale.tapId}`),
    ...[...month.deeds].filter(([id, deed]) => deed.acknowledged && !deeds.has(id)).map(([id]) => `deed ${id}`),
    ...voidsOf(month).filter((one) => one.answers.length > 0 && !voids.has(one.voidId)).map((one) => `void ${one.voidId}`),
  ];
}

/** Replays what the rows say happened, one after the other in the order of their commits, in the auditor's books. */
function replay(month: Month, books: Books, entries: ReadonlyMap<string, Entry>, differences: string[]): Auditor {
  const auditor = new Auditor(MENU);
  const batches = new Map<number, TapRow[]>();
  for (const row of books.taps) batches.set(row.committed, [...(batches.get(row.committed) ?? []), row]);
  const events = [...batches].map(([committed, rows]): { committed: number; happening: Happening } => {
    const taps = rows.sort(byMealTime).flatMap((row) => {
      const entry = entries.get(row.tapId);
      if (entry === undefined) differences.push(`a tap that no till wrote: ${row.tapId}`);
      return entry === undefined ? [] : [{ sale: entry.sale, receivedAt: row.receivedAt, offline: row.offline, terminalId: row.terminalId, journalNumber: row.journalNumber }];
    });
    return { committed, happening: { what: 'taps', taps } };
  });
  const voids = new Map(books.voids.map((row) => [row.voidId, row.at]));
  const taken = new Map(voidsOf(month).map((one) => [one.voidId, one]));
  for (const { deedId, committed, at } of books.deeds) {
    const voided = taken.get(deedId);
    if (voided !== undefined) events.push({ committed, happening: { what: 'void', tapId: voided.tapId, at: voids.get(deedId) ?? at } });
    for (const happening of month.deeds.get(deedId)?.meaning({ at }) ?? []) events.push({ committed, happening });
  }
  events.sort((a, b) => a.committed - b.committed);
  for (const { happening } of events) auditor.take(happening);
  return auditor;
}

/** The order inside a transaction: by the meals' time, then terminal; those of one terminal at one time are told apart by their journal. */
function byMealTime(a: TapRow, b: TapRow): number {
  return a.deviceTime - b.deviceTime || (a.terminalId < b.terminalId ? -1 : a.terminalId > b.terminalId ? 1 : a.journalNumber - b.journalNumber);
}

function compareTaps(auditor: Auditor, books: Books, entries: ReadonlyMap<string, Entry>, differences: string[]): void {
  const shares = new Map<string, Record<string, number>>();
  for (const { tapId, funderCode, fen } of books.shares) shares.set(tapId, { ...shares.get(tapId), [funderCode]: fen });
  for (const row of books.taps) {
    const judged = auditor.judged.get(row.tapId);
    if (judged === undefined) continue;
    const { tapId, outcome, code, priceFen, selfPayFen, subsidyFen, siteBorneFen, mealDate, bookedMonth } = row;
    const elder = row.elderId === null ? null : ELDERS.findIndex((one) => one.elderId === row.elderId);
    const is = { outcome, code, priceFen, selfPayFen, subsidyFen, siteBorneFen, shares: shares.get(tapId) ?? {}, elder, mealDate, bookedMonth };
    const { outcome: o, code: c, priceFen: p, selfPayFen: s, subsidyFen: f, siteBorneFen: b, shares: h, elder: e, mealDate: d, bookedMonth: m } = judged;
    const must = { outcome: o, code: c, priceFen: p, selfPayFen: s, subsidyFen: f, siteBorneFen: b, shares: h, elder: e, mealDate: d, bookedMonth: m };
    if (stable(is) !== stable(must)) differences.push(`tap ${tapId}: the rows say ${stable(is)}, the auditor ${stable(must)}`);
    compareAnswers(is, entries.get(tapId)?.answers ?? [], tapId, differences);
  }
}

/** Every answer that a till ever got for a deed is the same, and says what the row says. */
function compareAnswers(is: Record<string, unknown>, answers: readonly string[], tapId: string, differences: string[]): void {
  for (const text of new Set(answers)) {
    const { funding, ...answer } = JSON.parse(text) as Record<string, unknown> & { funding: { funderCode: string; fen: number }[] };
    const told = Object.fromEntries(Object.keys(is).filter((key) => key !== 'elder' && key !== 'shares').map((key) => [key, answer[key]]));
    const shares = Object.fromEntries(funding.map((part) => [part.funderCode, part.fen]));
    const row = { ...is, elder: undefined };
    if (stable({ ...told, shares, elder: undefined }) !== stable(row) || text !== answers[0]) differences.push(`tap ${tapId}: a till was told ${text}, first ${answers[0]}, the row says ${stable(row)}`);
  }
}

function compareMoney(auditor: Auditor, books: Books, differences: string[]): void {
  for (const [name, rows] of [['balance', books.balances], ['transfers', books.transfers]] as const) {
    const seen = new Set<string>();
    for (const { month, account, debit, credit } of rows) {
      const key = `${month} ${account}`;
      seen.add(key);
      const own = auditor.accounts.get(key) ?? { debit: 0, credit: 0 };
      if (own.debit !== debit || own.credit !== credit) differences.push(`${name} of ${key}: ${debit} and ${credit}, the auditor has ${own.debit} and ${own.credit}`);
    }
    for (const [key, { debit, credit }] of auditor.accounts) if (!seen.has(key)) differences.push(`${name} of ${key} is missing, the auditor has ${debit} and ${credit}`);
  }
}

function compareClaims(auditor: Auditor, books: Books, differences: string[]): void {
  const must = new Map([...auditor.lines].filter(([key, line]) => auditor.closed.includes(key.slice(0, 7) as never) && (line.fen !== 0 || line.meals !== 0)).map(([key, line]) => [key, `${line.meals} ${line.fen}`]));
  const site = (siteId: string): number => SITES.findIndex((one) => one.siteId === siteId);
  const is = new Map(books.lines.map((line) => [`${line.month} ${site(line.siteId)} ${line.mealMonth} ${line.funderCode}`, `${line.meals} ${line.fen}`]));
  for (const key of new Set([...must.keys(), ...is.keys()])) if (must.get(key) !== is.get(key)) differences.push(`claim line ${key}: ${is.get(key) ?? 'missing'}, the auditor has ${must.get(key) ?? 'none'}`);
  const sites = new Set([...auditor.subsidised.keys()].filter((key) => auditor.closed.includes(key.slice(0, 7) as never)));
  for (const claim of books.claims) {
    const key = `${claim.month} ${site(claim.siteId)}`;
    sites.delete(key);
    if (claim.meals !== (auditor.subsidised.get(key) ?? 0)) differences.push(`claim ${key}: ${claim.meals} meals, the auditor has ${auditor.subsidised.get(key) ?? 0}`);
    if (claim.differenceFen !== 0) differences.push(`claim ${key}: meals and money differ by ${claim.differenceFen}`);
    if (claim.state === 'building') differences.push(`claim ${key} is not built`);
    if (claim.state === 'paid' && claim.paidFen !== claim.claimedFen) differences.push(`claim ${key}: paid ${claim.paidFen} of ${claim.claimedFen}`);
  }
  for (const key of sites) differences.push(`claim ${key} is missing`);
}

/** JSON with its keys in order. */
function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'none';
  return `{${Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => `${key}:${stable(one)}`).join(',')}}`;
}
