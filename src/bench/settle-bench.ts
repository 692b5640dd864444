import { createPublicKey, randomUUID, verify } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { makeTerminalKeys, signJournalEntry } from '../access/index.js';
import { CITY_CODE, hire, inProcess, Random, setStage } from '../demo/index.js';
import { addMonths, civilMonth, firstDay, invariant, lastDay, type CivilMonth, type SettableClock } from '../kernel/index.js';
import { bookingMonth, endDays } from '../ledger/index.js';
import { openOwner, sha256, type JobRunner, type Parts } from '../platform/index.js';
import { SealDays } from '../seal/index.js';
import { addMeals, analyze, areBuilt, bareAggregate, countSettled, keepTills } from './settle.store.js';
import { insertBenchTerminals } from './tap-city.store.js';
import { openSites } from './tap-city.js';

/** What one month of meals took. */
interface MonthTimes {
  readonly meals: number;
  readonly siteDays: number;
  readonly sealSeconds: number;
  /** From the officer's word until every claim is built and compared with the ledger. */
  readonly closeSeconds: number;
  /** The officer's request alone: nothing more is booked in the month, and claims have their numbers. */
  readonly answerSeconds: number;
  readonly bareSeconds: number;
}

export interface SettleFigures {
  readonly meals: number;
  readonly siteDays: number;
  readonly sealSeconds: number;
  readonly closeSeconds: number;
  readonly answerSeconds: number;
  readonly bareSeconds: number;
  readonly closeRatio: number;
  /** Against a tenth of the meals over as many days of sites. */
  readonly sealGrowth: number;
  readonly closeGrowth: number;
  readonly signaturesPerSecond: number;
}

/** A running service on an empty database. */
export interface SettleGround {
  readonly app: NestFastifyApplication;
  readonly jobs: JobRunner;
  readonly parts: Parts;
  readonly ownerUrl: string;
  readonly clock: SettableClock;
  readonly say: (line: string) => void;
}

const SMALL = civilMonth('2024-11');
const LARGE = civilMonth('2024-12');
const GROWTH = 10;
const BARE_RUNS = 5;
const SIGNATURES = 4_000;
const LOCK_MS = 30_000;
const LOOK_MS = 10;

const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

async function medianSeconds(runs: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < runs; index += 1) times.push(await seconds(work));
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] as number;
}

/** Seals and closes a month with a tenth of the meals, then one with all of them, over as many days of sites. */
export async function measureSettling(ground: SettleGround, meals: number): Promise<SettleFigures> {
  const { app, clock, parts: { transactor, cipher }, say } = ground;
  const random = new Random(1);
  const enrolTill = (): never => {
    throw new Error('the bench makes its meals by SQL');
  };
  clock.setTo(firstDay(SMALL), 8 * 60);
  const stage = await setStage(app, { send: inProcess(app), enrolTill, clock, random, password: `Bench-${random.branch('password').id()}`, progress: () => undefined });
  clock.setTo(firstDay(SMALL), 8 * 60);
  const places = await openSites(transactor, cipher, clock);
  await transactor.run((tx) => insertBenchTerminals(tx, CITY_CODE, places.map((place) => ({ ...place, terminalId: randomUUID(), publicKey: Buffer.from(makeTerminalKeys().publicKey, 'base64') })), clock.now()));
  const boss = await hire(stage, 'city.officer', '市民政局经办', ['cityOfficer'], CITY_CODE);
  const close = (month: CivilMonth) => boss.post(`/v1/settlement/months/${month}/close`, { id: random.branch(`close ${month}`).id() });
  // As many meals for every till, so that its journal goes on in the next month without a gap.
  const each = Math.floor(meals / GROWTH / places.length);
  const small = await settleOne(ground, SMALL, each * places.length, 0, close);
  const large = await settleOne(ground, LARGE, each * GROWTH * places.length, each, close);
  say('signatures of tills');
  return {
    meals: large.meals, siteDays: large.siteDays, sealSeconds: round(large.sealSeconds), closeSeconds: round(large.closeSeconds), answerSeconds: round(large.answerSeconds), bareSeconds: round(large.bareSeconds, 3),
    closeRatio: round(large.closeSeconds / large.bareSeconds), sealGrowth: round(large.sealSeconds / small.sealSeconds), closeGrowth: round(large.closeSeconds / small.closeSeconds),
    signaturesPerSecond: await signaturesPerSecond(),
  };
}

async function settleOne({ app, jobs, clock, ownerUrl, parts: { transactor, jobTransactor }, say }: SettleGround, month: CivilMonth, meals: number, before: number, close: (month: CivilMonth) => Promise<unknown>): Promise<MonthTimes> {
  say(`${meals} meals in ${month}`);
  clock.setTo(lastDay(month), 12 * 60);
  await transactor.run((tx) => bookingMonth(tx, clock, CITY_CODE, firstDay(month)));
  const owner = await openOwner(ownerUrl, LOCK_MS);
  try {
    await addMeals(owner, CITY_CODE, month, meals, await keepTills(owner, CITY_CODE), before);
    await analyze(owner);
  } finally {
    await owner.close();
  }
  const bareSeconds = await medianSeconds(BARE_RUNS, () => jobTransactor.run((tx) => bareAggregate(tx, CITY_CODE, month)));
  const bare = await jobTransactor.run((tx) => bareAggregate(tx, CITY_CODE, month));
  say('sealing');
  // By day: at night other jobs would run beside it.
  clock.setTo(firstDay(addMonths(month, 1)), 6 * 60);
  await transactor.run((tx) => endDays(tx, CITY_CODE, lastDay(month)));
  const seals = app.get(SealDays, { strict: false });
  const sealSeconds = await seconds(async () => {
    const { findings } = await jobTransactor.run((tx) => seals.allOver(tx, CITY_CODE));
    invariant(findings === 0, 'the bench makes journals that hold');
  });
  say('closing');
  clock.setTo(firstDay(addMonths(month, 1)), 9 * 60);
  const begun = performance.now();
  await close(month);
  const answerSeconds = (performance.now() - begun) / 1000;
  while (!(await transactor.run((tx) => areBuilt(tx, CITY_CODE, month)))) await pause(LOOK_MS);
  const closeSeconds = (performance.now() - begun) / 1000;
  await jobs.waitUntilIdle(600_000);
  const settled = await transactor.run((tx) => countSettled(tx, CITY_CODE, month));
  invariant(settled.leaves === meals && settled.built === settled.claims && settled.differing === 0 && settled.claimedFen === bare.fen, 'the claims are what the bare aggregate says, and agree with the ledger');
  return { meals, siteDays: settled.siteDays, sealSeconds, closeSeconds, answerSeconds, bareSeconds };
}

/** How many signatures a process checks on its thread pool: what signed meals add to sealing. */
async function signaturesPerSecond(): Promise<number> {
  const keys = makeTerminalKeys();
  const key = createPublicKey({ key: Buffer.from(keys.publicKey, 'base64'), format: 'der', type: 'spki' });
  const entries = Array.from({ length: SIGNATURES }, (_, index) => sha256(String(index)));
  const signed = entries.map((hash) => ({ hash, signature: Buffer.from(signJournalEntry(keys.privateKey, hash), 'base64url') }));
  const check = promisify(verify) as unknown as (algorithm: string, data: Buffer, key: object, signature: Buffer) => Promise<boolean>;
  const taken = await seconds(() => Promise.all(signed.map(({ hash, signature }) => check('sha256', Buffer.from(hash, 'hex'), { key, dsaEncoding: 'ieee-p1363' }, signature))));
  return Math.round(SIGNATURES / taken);
}
