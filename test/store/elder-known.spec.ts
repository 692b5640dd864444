import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { checkDigit, type ElderRecord } from '../../src/elder/domain/index.js';
import { factsAsKnown, factsOf } from '../../src/elder/index.js';
import type { Instant } from '../../src/kernel/index.js';
import { CITY, StaffedCity } from '../support/staffed-city.js';

let place: StaffedCity;
let county: string;
let second: string;
let made = 0;

beforeAll(async () => {
  place = await StaffedCity.start();
  await place.add('county', ['countyOfficer'], CITY);
  await place.add('second', ['cityOfficer'], CITY);
  [county, second] = [await place.tokenOf('county'), await place.tokenOf('second')];
}, 60_000);
afterAll(() => place?.close());

const post = (url: string, body: object, token = county) => place.call('POST', url, { token, body: { id: randomUUID(), ...body } });
const transact = <T>(work: Parameters<typeof place.service.parts.transactor.run<T>>[0]) => place.service.parts.transactor.run(work);

const days = fc.integer({ min: 0, max: 330 }).map((day) => new Date(Date.UTC(2024, 0, 5 + day)).toISOString().slice(0, 10));
const spans = fc.tuple(days, fc.option(days)).map(([from, to]) => ({ from, to: to !== null && to >= from ? to : null }));
/** Which earlier record is corrected, and whether it is taken back; null for a new one. */
const corrections = fc.option(fc.record({ of: fc.nat(20), withdrawn: fc.boolean() }));
const codes = fc.constantFrom('371502001', '371502002', '371521', '110105', null);
const steps = fc.oneof(
  fc.record({ kind: fc.constant('category' as const), code: fc.constantFrom('livingAlone', 'minLivingRecipient'), span: spans, correction: corrections }),
  fc.record({ kind: fc.constant('stay' as const), span: spans, correction: corrections }),
  fc.record({ kind: fc.constant('death' as const), diedOn: fc.option(days), correction: fc.boolean() }),
  fc.record({ kind: fc.constant('home' as const), of: fc.constantFrom('hukou', 'residence'), code: codes, from: fc.option(days, { freq: 4 }), correction: corrections }),
  fc.record({ kind: fc.constant('assessment' as const), level: fc.nat(4), on: days, correction: corrections }),
  fc.record({ kind: fc.constant('birth' as const), born: fc.constantFrom('1938-02-01', '1940-06-01', '1941-03-05') }),
);
type Step = typeof steps extends fc.Arbitrary<infer S> ? S : never;

/** One elder, with what the test did so far. */
class Life {
  readonly known: Record<string, string[]> = {};
  readonly answers: { at: Instant; facts: ElderRecord | undefined }[] = [];
  taken = 0;

  constructor(readonly elderId: string) {}

  static async begin(): Promise<Life> {
    made += 1;
    const first17 = `37150219400601${String(made % 1000).padStart(3, '0')}`;
    const { body } = await post('/v1/elders', { name: '李四', identityNumber: first17 + checkDigit(first17), residenceCode: '371502001', hukouCode: made % 2 === 0 ? '371502' : null });
    const life = new Life(body.elderId);
    await life.note();
    return life;
  }

  /** What a correction adds to a record of a kind. */
  correcting(kind: string, correction: { of: number; withdrawn: boolean } | null): object {
    const list = this.known[kind] ?? [];
    return correction === null || list.length === 0 ? {} : { corrects: list[correction.of % list.length], withdrawn: correction.withdrawn };
  }

  async take(step: Step): Promise<void> {
    const base = `/v1/elders/${this.elderId}`;
    const paper = { source: '名单', evidence: '文号' };
    if (step.kind === 'category') await this.done(step.code, await post(`${base}/categories`, { code: step.code, ...step.span, ...paper, ...this.correcting(step.code, step.correction) }));
    if (step.kind === 'stay') await this.done('stay', await post(`${base}/care-home-stays`, { ...step.span, source: '系统', ...this.correcting('stay', step.correction) }));
    if (step.kind === 'death') await this.done('death', await post(`${base}/death`, { diedOn: step.diedOn, source: '证明', correction: step.correction }));
    if (step.kind === 'home') await this.done(step.of, await post(`${base}/homes`, { kind: step.of, divisionCode: step.code, from: step.from, source: '户籍', ...this.correcting(step.of, step.correction) }));
    if (step.kind === 'assessment') {
      await this.done('assessment', await post(`${base}/assessments`, {
        level: step.level, assessor: '01', institution: '中心', assessedOn: step.on, validUntil: '2026-12-31', evidence: '报告', ...this.correcting('assessment', step.correction),
      }));
    }
    if (step.kind === 'birth') {
      const proposed = await post(`${base}/revisions`, { born: step.born, reason: '档案不符', evidence: '户籍证明' });
      if (proposed.status === 200) await this.done('birth', await post(`/v1/revisions/${proposed.body.revisionId}/decision`, { decision: 'confirmed', reason: '属实' }, second));
    }
  }

  private async done(kind: string, { status, body }: { status: number; body: { entryId?: string } }): Promise<void> {
    expect(status).toBeLessThan(500);
    if (status !== 200) return;
    this.taken += 1;
    (this.known[kind] ??= []).push(body.entryId ?? '');
    if (kind === 'hukou' || kind === 'residence') await this.learnFirstHomes();
  }

  /** The first homes are written down with the first move; they can be corrected from then on. */
  private async learnFirstHomes(): Promise<void> {
    const rows = await transact((tx) => tx.query<{ id: string; kind: string }>('SELECT entry_id AS id, kind FROM elder_home WHERE city_code = $1 AND elder_id = $2 AND from_date IS NULL', [CITY, this.elderId]));
    for (const { id, kind } of rows) if (!(this.known[kind] ?? []).includes(id)) (this.known[kind] ??= []).push(id);
  }

  /** Keeps what the service knows now, and lets time pass. */
  async note(): Promise<void> {
    const at = place.clock.now();
    this.answers.push({ at, facts: (await transact((tx) => factsOf(tx, CITY, [this.elderId]))).get(this.elderId) });
    place.clock.set(at + 1_000);
  }
}

it('what was known at a moment is what was answered then, whatever was recorded, corrected, taken back or revised since', async () => {
  let taken = 0;
  await fc.assert(fc.asyncProperty(fc.array(steps, { minLength: 4, maxLength: 14 }), async (course) => {
    const life = await Life.begin();
    for (const step of course) {
      await life.take(step);
      await life.note();
    }
    taken += life.taken;
    for (const { at, facts } of life.answers) {
      for (const moment of [at, at + 999]) {
        const known = await transact((tx) => factsAsKnown(tx, CITY, [life.elderId, randomUUID()], moment));
        expect([...known.keys()]).toEqual([life.elderId]);
        expect(known.get(life.elderId)).toEqual(facts);
      }
    }
    expect((await transact((tx) => factsAsKnown(tx, CITY, [life.elderId], (life.answers[0]?.at ?? 0) - 1))).size).toBe(0);
  }), { numRuns: 40 });
  expect(taken).toBeGreaterThan(100);
}, 120_000);
