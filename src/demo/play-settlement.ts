import { addDays, addMonths, firstDay, invariant, monthOf, today, type CivilMonth } from '../kernel/index.js';
import type { StaffCaller } from './callers.js';
import type { DemoSite } from './domain/index.js';
import type { Played } from './play-month.js';
import type { CountyStaff } from './play-sites.js';
import { hire, inParallel, managerAccount, type Stage } from './stage.js';

/** The sums of a month's claims, fen. */
export interface Settled {
  readonly claims: number;
  readonly claimedFen: number;
  readonly cutFen: number;
  readonly approvedFen: number;
  readonly paidFen: number;
}

interface Claim {
  readonly claimId: string;
  readonly siteId: string;
  readonly state: string;
  readonly claimedFen: number;
  readonly cutFen: number;
  readonly approvedFen: number;
  readonly paidFen: number;
}

/** How far a county's claims get. */
type Stop = 'draft' | 'submitted' | 'townshipReviewed' | 'countyApproved' | 'batched' | 'released' | 'paid';
const STOPS: readonly Stop[] = ['draft', 'submitted', 'townshipReviewed', 'countyApproved', 'batched', 'released', 'paid'];

const AT_ONCE = 4;
const TOGETHER = 500;
/** Claims that the county cuts, in the first county: a number that lunch does not explain. */
const CUT_CLAIMS = 3;
const CUT_FEN = 100;
/** Days after the month's end on which the steps are taken. */
const CALENDAR = { close: 0, submit: 1, review: 4, approve: 7, release: 12, paid: 15 } as const;

/** Closes the month and takes every claim to the treasury's receipt. */
export async function settleMonth(stage: Stage, played: Played, idle: () => Promise<void>): Promise<Settled> {
  const month = await closeMonth(stage, played, idle);
  const counties = await countiesWithClaims(played, month);
  for (const [index, county] of counties.entries()) {
    await settleCounty(stage, played, month, county, index, 'paid');
    stage.progress('结算区县', index + 1, counties.length);
  }
  return sums(await claimsOf(played.bureaus.city, month));
}

/** Closes the month and leaves each county's claims at another stage, so that every desk of the demo city has work. */
export async function settleInPart(stage: Stage, played: Played, idle: () => Promise<void>): Promise<void> {
  const month = await closeMonth(stage, played, idle);
  const counties = await countiesWithClaims(played, month);
  const stops: readonly Stop[] = ['paid', 'released', 'batched', 'countyApproved', 'townshipReviewed', 'submitted', 'draft'];
  for (const [index, county] of counties.entries()) {
    await settleCounty(stage, played, month, county, index, stops[index % stops.length] as Stop);
  }
}

function goTo(stage: Stage, month: CivilMonth, step: keyof typeof CALENDAR): void {
  stage.clock.setTo(addDays(firstDay(addMonths(month, 1)), CALENDAR[step]), 8 * 60);
}

async function closeMonth(stage: Stage, { bureaus }: Played, idle: () => Promise<void>): Promise<CivilMonth> {
  const month = monthOf(today(stage.clock));
  goTo(stage, month, 'close');
  const { runId, claimsTotal } = await bureaus.city.post<{ runId: string; claimsTotal: number }>(`/v1/settlement/months/${month}/close`, { id: stage.random.branch(`close ${month}`).id() });
  await idle();
  const run = await bureaus.city.get<{ claimsDone: number; claimsWithDifference: number }>(`/v1/settlement/runs/${runId}`);
  invariant(run.claimsDone === claimsTotal && run.claimsWithDifference === 0, 'every claim of the closed month is built, and meals agree with money');
  stage.progress('结算单', run.claimsDone, claimsTotal);
  return month;
}

async function claimsOf(caller: StaffCaller, month: CivilMonth, more = ''): Promise<Claim[]> {
  const all: Claim[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: Claim[]; nextCursor: string | null } = await caller.get(`/v1/claims?month=${month}&limit=500${more}${cursor === null ? '' : `&cursor=${cursor}`}`);
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}

function sums(claims: readonly Claim[]): Settled {
  const sum = (pick: (claim: Claim) => number): number => claims.reduce((total, claim) => total + pick(claim), 0);
  return {
    claims: claims.length, claimedFen: sum((claim) => claim.claimedFen), cutFen: sum((claim) => claim.cutFen),
    approvedFen: sum((claim) => claim.approvedFen), paidFen: sum((claim) => claim.paidFen),
  };
}

async function countiesWithClaims({ bureaus, serving }: Played, month: CivilMonth): Promise<CountyStaff[]> {
  const settled = new Set((await claimsOf(bureaus.city, month)).map((claim) => claim.siteId));
  const codes = new Set(serving.filter((site) => settled.has(site.id)).map((site) => site.community.countyCode));
  return [...bureaus.counties].filter(([code]) => codes.has(code)).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, staff]) => staff);
}

async function settleCounty(stage: Stage, played: Played, month: CivilMonth, staff: CountyStaff, index: number, until: Stop): Promise<void> {
  const code = staff.county.divisionCode;
  const reaches = (stop: Stop): boolean => STOPS.indexOf(until) >= STOPS.indexOf(stop);
  const claims = await claimsOf(played.bureaus.city, month, `&county=${code}`);
  const id = (step: string): string => stage.random.branch(`${step} ${month} ${code}`).id();
  if (reaches('submitted')) {
    goTo(stage, month, 'submit');
    await submit(stage, played, claims);
  }
  if (reaches('townshipReviewed')) {
    goTo(stage, month, 'review');
    await reviewByTownship(stage, played, claims);
  }
  if (reaches('countyApproved')) {
    goTo(stage, month, 'approve');
    await approveByCounty(stage, staff, claims, index === 0 ? CUT_CLAIMS : 0, id('approve'));
  }
  if (!reaches('batched')) return;
  const batchId = id('batch');
  await staff.officer.post('/v1/batches', { id: batchId, month, countyCode: code, budgets: ['city', 'county'].map((funderKind) => ({ funderKind, budgetYear: 2024, budgetDocument: `示例财社指〔2024〕${funderKind === 'city' ? 12 : 34}号` })) });
  if (!reaches('released')) return;
  goTo(stage, month, 'release');
  await staff.reviewer.post(`/v1/batches/${batchId}/review`, { id: id('review') });
  await staff.approver.post(`/v1/batches/${batchId}/release`, { id: id('release') });
  if (!reaches('paid')) return;
  goTo(stage, month, 'paid');
  await importReceipts(staff, batchId, index === 0 ? 2 : 1, id);
}

/** Each canteen's manager submits its own claim. */
async function submit(stage: Stage, { serving }: Played, claims: readonly Claim[]): Promise<void> {
  await inParallel(claims, AT_ONCE, async (claim) => {
    const site = serving.find((one) => one.id === claim.siteId) as DemoSite;
    const manager = await hire(stage, managerAccount(site.id), '食堂负责人', ['canteenManager'], site.community.code, site.id);
    await manager.post(`/v1/claims/${claim.claimId}/submit`, { id: stage.random.branch(`submit ${claim.claimId}`).id() });
  }, (done) => stage.progress('食堂申报', done, claims.length));
}

async function reviewByTownship(stage: Stage, { bureaus, serving }: Played, claims: readonly Claim[]): Promise<void> {
  const places = new Map(serving.map((site) => [site.id, site.community.townshipCode]));
  for (const township of new Set(claims.map((claim) => places.get(claim.siteId) as string))) {
    const officer = bureaus.townships.get(township) as StaffCaller;
    const here = claims.filter((claim) => places.get(claim.siteId) === township).map((claim) => claim.claimId);
    await officer.post('/v1/claims/approvals', { id: stage.random.branch(`township ${here[0]}`).id(), step: 'township', claimIds: here });
  }
}

/** The county cuts some claims, which it then approves one by one, and the clean ones together. */
async function approveByCounty(stage: Stage, { officer }: CountyStaff, claims: readonly Claim[], cuts: number, id: string): Promise<void> {
  const exceptions = claims.filter((claim) => claim.claimedFen > 2 * CUT_FEN).slice(0, cuts);
  for (const { claimId } of exceptions) {
    const { lines } = await officer.get<{ lines: { lineNo: number; claimedFen: number }[] }>(`/v1/claims/${claimId}`);
    const line = lines.find((one) => one.claimedFen > CUT_FEN);
    invariant(line, 'a claim of this size has a line to cut');
    await officer.post(`/v1/claims/${claimId}/cuts`, { id: stage.random.branch(`cut ${claimId}`).id(), lineNo: line.lineNo, fen: CUT_FEN, reason: '抽查：一人次无法核实' });
    await officer.post(`/v1/claims/${claimId}/approve`, { id: stage.random.branch(`approve ${claimId}`).id() });
  }
  const clean = claims.filter((claim) => !exceptions.includes(claim)).map((claim) => claim.claimId);
  for (let from = 0; from < clean.length; from += TOGETHER) await officer.post('/v1/claims/approvals', { id, step: 'county', claimIds: clean.slice(from, from + TOGETHER) });
}

/** The treasury's receipts come back, in one file or several, and only they say paid. */
async function importReceipts(staff: CountyStaff, batchId: string, files: number, id: (step: string) => string): Promise<void> {
  const { items } = await staff.reviewer.get<{ items: { legNumber: string; fen: number }[] }>(`/v1/batches/${batchId}/legs?limit=500`);
  const size = Math.ceil(items.length / files);
  for (let from = 0; from < items.length; from += size) {
    const rows = items.slice(from, from + size).map(({ legNumber, fen }) => `${legNumber},${fen},2025-01-15,${legNumber.replace(/\W/g, '-')}-GK`);
    await staff.reviewer.post('/v1/receipts', { id: id(`receipt ${from}`), csv: `legNumber,fen,paidOn,serial\r\n${rows.join('\r\n')}\r\n` });
  }
}
