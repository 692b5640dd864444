import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CITY_CODE, hire, inProcess, publishRules, Random, setStage } from '../demo/index.js';
import { insertElders } from '../elder/index.js';
import { checkDigit, type Registration } from '../elder/domain/index.js';
import { addDays, civilDate, SettableClock, systemClock } from '../kernel/index.js';
import type { FieldCipher, Transactor } from '../platform/index.js';
import { BENCH_CITY, openSites } from './tap-city.js';

const CHUNK = 5_000;
/** Days of birth, so that everybody is between 60 and 95. */
const BORN_FROM = civilDate('1931-01-01');
const DAYS = 12_700;
const NAMES = ['王秀英', '李建国', '张桂兰', '刘玉珍', '陈志强', '欧阳淑华'] as const;

/** What the till of the bench begins with. */
export interface TillCity {
  /** The one-time code that enrols it. */
  readonly code: string;
  /** Card numbers of everybody who lives in the canteen's street. */
  readonly cards: readonly string[];
}

function person(index: number, residenceCode: string): Registration {
  const born = addDays(BORN_FROM, (index * 37) % DAYS);
  const first17 = `371502${born.replaceAll('-', '')}${String(Math.floor(index / DAYS) * 2 + (index % 2) + 1).padStart(3, '0')}`;
  const sex = index % 2 === 0 ? 'male' : 'female';
  return {
    elderId: randomUUID(), name: NAMES[index % NAMES.length] as string, identity: { number: first17 + checkDigit(first17), born, sex }, phone: null,
    hukouCode: residenceCode, residenceCode, cardNumber: `BN${String(index).padStart(9, '0')}`, categories: [],
  };
}

/** The service that the city is furnished in, and its clock. */
export interface Furnished {
  readonly app: NestFastifyApplication;
  readonly transactor: Transactor;
  readonly cipher: FieldCipher;
  readonly clock: SettableClock;
}

/** A city whose rules are published, with a canteen in a street of so many elders, each with a card, and a till to enrol. */
export async function furnishTillCity({ app, transactor, cipher, clock }: Furnished, elders: number): Promise<TillCity> {
  const random = new Random(1);
  const enrolTill = (): never => {
    throw new Error('the bench enrols its own till');
  };
  const stage = await setStage(app, { send: inProcess(app), enrolTill, clock, random, password: `Bench-${random.branch('password').id()}`, progress: () => undefined });
  await publishRules(stage, await hire(stage, 'city.officer', '市民政局经办', ['cityOfficer'], CITY_CODE));
  clock.set(systemClock.now());
  const [place] = await openSites(transactor, cipher, clock);
  if (place === undefined) throw new Error('no canteen was opened');
  const cards: string[] = [];
  for (let from = 0; from < elders; from += CHUNK) {
    const people = Array.from({ length: Math.min(CHUNK, elders - from) }, (_, index) => person(from + index, place.divisionCode));
    await transactor.run((tx) => insertElders(tx, cipher, { cityCode: BENCH_CITY, by: 'bench', now: clock.now() }, people));
    cards.push(...people.map(({ cardNumber }) => cardNumber ?? ''));
  }
  const supervisor = await hire(stage, 'county.officer', '区县民政局经办', ['countyOfficer'], place.divisionCode.slice(0, 6));
  const { code } = await supervisor.post<{ code: string }>('/v1/terminals', { id: randomUUID(), siteId: place.siteId, label: '一号收银台' });
  return { code, cards };
}
