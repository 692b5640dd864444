import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CreateStaff } from '../access/index.js';
import { civilDate, invariant, type Outcome, type SettableClock } from '../kernel/index.js';
import { Transactor } from '../platform/index.js';
import { loadCity } from '../region/index.js';
import { LoadTargets, noteData } from '../target/index.js';
import { StaffCaller } from './callers.js';
import { Random, type DemoCommunity } from './domain/index.js';
import type { EnrolTill } from './till.js';
import type { Transport } from './transport.js';

/** The demo city: Liaocheng in Shandong. */
export const CITY_CODE = '371500';

/** Told how far a run is: what is done, how much of it, out of how much. */
export type Progress = (what: string, done: number, total: number) => void;

/** What the parts of a demo run share. */
export interface Stage {
  readonly send: Transport;
  readonly enrolTill: EnrolTill;
  readonly clock: SettableClock;
  readonly random: Random;
  /** Of all demo accounts. */
  readonly password: string;
  readonly progress: Progress;
  /** Who makes accounts. */
  readonly security: StaffCaller;
}

function expectDone<T>(what: string, outcome: Outcome<T>): T {
  invariant(outcome.ok, `${what}: ${outcome.ok ? '' : outcome.code}`);
  return outcome.value;
}

/** The story begins the day before the city's rates take force, so that they are published ahead of their day. */
const BEGINNING = civilDate('2023-09-05');

/** What every page that shows the demo's figures says. */
const INVENTED = '场所、开业日期、老人、就餐和结算均为虚构的演示数据，只有区划、文件和任务数是真实的。';

/**
 * Sets the stage in an empty database: the city's divisions, and the first account, which no HTTP request could make.
 * Everything after this goes through the API.
 */
export async function setStage(app: NestFastifyApplication, given: Omit<Stage, 'security'>): Promise<Stage> {
  const { clock, random, password, send } = given;
  clock.setTo(BEGINNING, 8 * 60);
  expectDone('load city', await app.get(Transactor).run((tx) => loadCity(tx, CITY_CODE, clock)));
  await app.get(LoadTargets, { strict: false }).load(CITY_CODE);
  await app.get(Transactor).run((tx) => noteData(tx, CITY_CODE, [{ code: 'demo', kind: 'demo', sentence: INVENTED }]));
  const account = 'security.admin';
  expectDone('first account', await app.get(CreateStaff, { strict: false }).runFirst(CITY_CODE, 'demo', {
    id: random.branch('first').id(), account, displayName: '安全管理员', password, roles: ['securityAdministrator'], divisionCode: CITY_CODE, siteId: null,
  }));
  return { ...given, security: new StaffCaller(send, account, password) };
}

/** The account of a canteen's manager, where the story gives the canteen one. */
export function managerAccount(siteId: string): string {
  return `manager.${siteId.slice(0, 13)}`;
}

/** Makes an account. */
export async function hire(stage: Stage, account: string, displayName: string, roles: readonly string[], divisionCode: string, siteId: string | null = null): Promise<StaffCaller> {
  const id = stage.random.branch(account).id();
  await stage.security.post('/v1/staff', { id, account, displayName, password: stage.password, roles, divisionCode, siteId });
  return new StaffCaller(stage.send, account, stage.password);
}

interface Division {
  readonly divisionCode: string;
  readonly name: string;
}

/** A county of the city. */
export type County = Division;

async function childrenOf(caller: StaffCaller, parent: string): Promise<Division[]> {
  const all: Division[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: Division[]; nextCursor: string | null } = await caller.get(`/v1/divisions?parent=${parent}&limit=500${cursor === null ? '' : `&cursor=${cursor}`}`);
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}

/** Reads the divisions that the story plays in. */
export async function readDivisions(caller: StaffCaller): Promise<{ counties: County[]; communities: DemoCommunity[] }> {
  const counties = await childrenOf(caller, CITY_CODE);
  const communities: DemoCommunity[] = [];
  for (const county of counties) {
    for (const township of await childrenOf(caller, county.divisionCode)) {
      const here = await childrenOf(caller, township.divisionCode);
      communities.push(...here.map(({ divisionCode, name }) => ({ code: divisionCode, name, townshipCode: township.divisionCode, countyCode: county.divisionCode })));
    }
  }
  return { counties, communities };
}

/** Does work for every entry of a list, some at a time, and tells how far it is. */
export async function inParallel<T, R>(list: readonly T[], atOnce: number, work: (entry: T, index: number) => Promise<R>, told?: (done: number) => void): Promise<R[]> {
  const results: R[] = new Array(list.length);
  let next = 0;
  let finished = 0;
  const lane = async (): Promise<void> => {
    while (next < list.length) {
      const index = next;
      next += 1;
      results[index] = await work(list[index] as T, index);
      finished += 1;
      told?.(finished);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, list.length) }, lane));
  return results;
}
