import { done, systemClock, type Outcome } from '../kernel/index.js';
import { Metrics, openLog, type Transactor } from '../platform/index.js';
import type { PolicyLibrary } from '../subsidy/index.js';
import type { TapAnswer } from './domain/index.js';
import type { ArrivedTap } from './record-taps.js';
import { BATCH_SIZE, QUEUE_SIZE, SECOND_SIZE, TapBatcher } from './tap-batcher.js';

/** A batcher over a database of the test's making. */
class ScriptedBatcher extends TapBatcher {
  readonly batches: string[][] = [];
  inFlight = 0;
  mostInFlight = 0;
  gate: Promise<void> = Promise.resolve();
  fail: (ids: string[]) => Error | undefined = () => undefined;

  constructor() {
    super(undefined as unknown as Transactor, undefined as unknown as PolicyLibrary, systemClock, openLog('silent'), new Metrics());
  }

  protected override async record(_cityCode: string, taps: readonly ArrivedTap[]): Promise<Outcome<TapAnswer>[]> {
    const ids = taps.map(({ tap }) => tap.tapId);
    this.batches.push(ids);
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    await this.gate;
    this.inFlight -= 1;
    const error = this.fail(ids);
    if (error !== undefined) throw error;
    return ids.map((tapId) => done({ tapId } as TapAnswer));
  }
}

const tap = (tapId: string): ArrivedTap => ({ tap: { tapId }, bodyHash: '', prevHash: '', entryHash: '' }) as unknown as ArrivedTap;
const idsOf = (answers: Outcome<TapAnswer>[]) => answers.map((answer) => (answer.ok ? answer.value.tapId : answer.code));

describe('batches', () => {
  test('gather what arrives while one is under way, one at a time in a city, each answered on its own', async () => {
    const batcher = new ScriptedBatcher();
    let open = (): void => undefined;
    batcher.gate = new Promise((resolve) => (open = resolve));
    const first = batcher.submit('371500', [tap('a')]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const rest = ['b', 'c', 'd'].map((id) => batcher.submit('371500', [tap(id)]));
    open();
    expect(idsOf(await first)).toEqual(['a']);
    expect((await Promise.all(rest)).map(idsOf)).toEqual([['b'], ['c'], ['d']]);
    expect(batcher.batches).toEqual([['a'], ['b', 'c', 'd']]);
    expect(batcher.mostInFlight).toBe(1);
  });

  test('go beside one that is under way once they are large, two at a time at most', async () => {
    const batcher = new ScriptedBatcher();
    let open = (): void => undefined;
    batcher.gate = new Promise((resolve) => (open = resolve));
    const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
    const send = (name: string, count: number) => Array.from({ length: count }, (_, index) => batcher.submit('371500', [tap(`${name}${index}`)]));
    const sent = [...send('a', 1)];
    await turn();
    sent.push(...send('b', SECOND_SIZE - 1));
    await turn();
    expect(batcher.batches).toHaveLength(1);
    sent.push(...send('c', 1));
    await turn();
    expect(batcher.batches.map((batch) => batch.length)).toEqual([1, SECOND_SIZE]);
    sent.push(...send('d', SECOND_SIZE));
    await turn();
    expect(batcher.mostInFlight).toBe(2);
    open();
    expect((await Promise.all(sent)).every(([answer]) => answer?.ok)).toBe(true);
    expect(batcher.batches.map((batch) => batch.length)).toEqual([1, SECOND_SIZE, SECOND_SIZE]);
  });

  test('of two cities do not wait for each other', async () => {
    const batcher = new ScriptedBatcher();
    let open = (): void => undefined;
    batcher.gate = new Promise((resolve) => (open = resolve));
    const both = [batcher.submit('371500', [tap('a')]), batcher.submit('370100', [tap('b')])];
    await new Promise((resolve) => setTimeout(resolve, 5));
    open();
    await Promise.all(both);
    expect(batcher.batches).toEqual([['a'], ['b']]);
    expect(batcher.mostInFlight).toBe(2);
  });

  test('hold no more than their size, and never split an upload', async () => {
    const batcher = new ScriptedBatcher();
    const singles = Array.from({ length: BATCH_SIZE + 10 }, (_, index) => batcher.submit('371500', [tap(`s${index}`)]));
    const upload = batcher.submit('371500', Array.from({ length: 500 }, (_, index) => tap(`u${index}`)));
    await Promise.all(singles);
    expect(idsOf(await upload)).toHaveLength(500);
    expect(batcher.batches.map((batch) => batch.length)).toEqual([BATCH_SIZE, 10, 500]);
  });

  test('that are nothing cost nothing', async () => {
    const batcher = new ScriptedBatcher();
    expect(await batcher.submit('371500', [])).toEqual([]);
    expect(batcher.batches).toEqual([]);
  });
});

describe('a failing batch', () => {
  test('is recorded one by one: a bad row fails nobody else', async () => {
    const batcher = new ScriptedBatcher();
    batcher.fail = (ids) => (ids.includes('bad') ? new Error('bad row') : undefined);
    const [good, bad, upload] = [batcher.submit('371500', [tap('good')]), batcher.submit('371500', [tap('bad')]), batcher.submit('371500', [tap('u1'), tap('u2')])];
    await expect(bad).rejects.toThrow('bad row');
    expect(idsOf(await good)).toEqual(['good']);
    expect(idsOf(await upload)).toEqual(['u1', 'u2']);
  });

  test('of an upload answers the bad tap alone, so that the rest need not be sent for ever', async () => {
    const batcher = new ScriptedBatcher();
    batcher.fail = (ids) => (ids.includes('bad') ? new Error('bad row') : undefined);
    expect(idsOf(await batcher.submit('371500', [tap('u1'), tap('bad'), tap('u2')]))).toEqual(['u1', 'internal', 'u2']);
  });

  test('because the database is away is not tried again by the batcher', async () => {
    const batcher = new ScriptedBatcher();
    batcher.fail = () => Object.assign(new Error('gone'), { code: '57P01' });
    const both = [batcher.submit('371500', [tap('a')]), batcher.submit('371500', [tap('b')])];
    for (const one of both) await expect(one).rejects.toThrow('gone');
    expect(batcher.batches).toEqual([['a', 'b']]);
    batcher.fail = () => undefined;
    expect(idsOf(await batcher.submit('371500', [tap('c')]))).toEqual(['c']);
  });
});

test('a full queue asks to come back, and takes taps again when it has emptied', async () => {
  const batcher = new ScriptedBatcher();
  const waiting = Array.from({ length: QUEUE_SIZE }, (_, index) => batcher.submit('371500', [tap(`q${index}`)]));
  await expect(batcher.submit('371500', [tap('late')])).rejects.toMatchObject({ code: 'busy', retryAfter: 1 });
  await Promise.all(waiting);
  expect(idsOf(await batcher.submit('371500', [tap('later')]))).toEqual(['later']);
});
