import { civilDate, civilMonth } from '../../kernel/index.js';
import { Random } from '../../demo/domain/index.js';
import { ageOn, Auditor, CITY_CODE, DRAWN_KINDS, ELDERS, makeStory, MENU, rateOf, SAMPLE, SERVER_FAULTS, SITES, splitOf, WORKER_FAULTS, type ArrivedSale } from './index.js';

describe('the stream of random numbers', () => {
  test('is fixed by the seed, and stays so', () => {
    const random = new Random(1);
    expect([random.next(), random.next(), random.whole(1, 6)]).toEqual([0.6270739405881613, 0.002735721180215478, 4]);
  });

  test('branches without moving the trunk', () => {
    const [one, two] = [new Random(7), new Random(7)];
    one.branch('story').next();
    expect(one.next()).toBe(two.next());
  });
});

describe('a story', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(makeStory(42)).toEqual(makeStory(42));
    expect(makeStory(42).steps).not.toEqual(makeStory(43).steps);
  });

  test('holds two to four faults, at most one of the worker, and its steps in order', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const { faults, steps } = makeStory(seed);
      expect(faults.length).toBeGreaterThanOrEqual(2);
      expect(faults.length).toBeLessThanOrEqual(4);
      expect(faults.filter((fault) => WORKER_FAULTS.includes(fault)).length).toBeLessThanOrEqual(1);
      expect(steps.map(({ at }) => at)).toEqual(steps.map(({ at }) => at).sort((a, b) => a - b));
    }
  });

  test('has every kind of fault in 200 seeds, and never stops a server of somebody’s', () => {
    const drawn = (own: boolean) => new Set(Array.from({ length: 200 }, (_, seed) => makeStory(seed + 1, own).faults).flat());
    expect([...drawn(true)].sort()).toEqual([...DRAWN_KINDS].sort());
    expect(SERVER_FAULTS.filter((fault) => drawn(false).has(fault))).toEqual([]);
  });

  test('makes every id once', () => {
    const ids = makeStory(5).steps.flatMap((step) => (step.do === 'sell' ? step.sales.map(({ id }) => id) : 'id' in step ? [step.id] : []));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the auditor’s arithmetic', () => {
  test.each([['1944-12-31', '2024-12-30', 79], ['1944-12-31', '2024-12-31', 80], ['1944-02-29', '2025-02-28', 80], ['1944-02-29', '2025-03-01', 81]])('%s is on %s %i years old', (born, day, age) => {
    expect(ageOn(born, day)).toBe(age);
  });

  test('gives each age its rate', () => {
    expect(['1955-01-01', '1954-12-31', '1949-12-31', '1944-12-31', '1934-12-31'].map((born) => rateOf(SAMPLE, born, '2024-12-31'))).toEqual([0, 100, 200, 300, 400]);
  });

  test('splits to the fen, the larger rest first, then the city', () => {
    expect([splitOf(301, [1, 1]), splitOf(151, [2, 1]), splitOf(152, [2, 1]), splitOf(1, [1, 1]), splitOf(0, [2, 1])]).toEqual([[151, 150], [101, 50], [101, 51], [1, 0], [0, 0]]);
  });
});

describe('the auditor’s books', () => {
  const noon = Date.parse('2024-12-30T12:00:00+08:00');
  /** 81 years old: 300 fen a day. */
  const { card } = ELDERS[3] as { card: string };
  const sale = (tapId: string, minute: number, over: Partial<ArrivedSale> = {}, shown: ArrivedSale['sale']['shown'] = null): ArrivedSale => ({
    sale: { tapId, site: 0, card, items: [{ itemCode: 'set-lunch', quantity: 1 }], mealPeriod: 'lunch', priceListVersion: 1, deviceTime: noon + minute * 60_000, tender: 'cash', shown },
    receivedAt: noon + minute * 60_000, offline: false, terminalId: 'a', journalNumber: 1, ...over,
  });
  const books = (): Auditor => new Auditor(MENU);
  const due = `2024-12 due/${SITES[0]?.siteId}/city@${CITY_CODE}`;
  const borne = `2024-12 borne/${SITES[0]?.siteId}`;

  test('give one meal a day, and the next one after a void', () => {
    const auditor = books();
    auditor.take({ what: 'taps', taps: [sale('one', 0)] });
    auditor.take({ what: 'taps', taps: [sale('two', 1)] });
    auditor.take({ what: 'void', tapId: 'one', at: noon + 120_000 });
    auditor.take({ what: 'taps', taps: [sale('three', 3)] });
    expect(['one', 'two', 'three'].map((tapId) => [auditor.judged.get(tapId)?.subsidyFen, auditor.judged.get(tapId)?.code])).toEqual([[300, null], [0, 'second-meal-today'], [300, null]]);
    expect(auditor.accounts.get(due)).toEqual({ debit: 300, credit: 150 });
  });

  test('give an offline meal its turn by its time, and let the site bear what another one showed', () => {
    const auditor = books();
    const shown = { selfPayFen: 900, subsidyFen: 300 };
    auditor.take({ what: 'taps', taps: [sale('later', 9, { offline: true }, shown)] });
    expect(auditor.judged.get('later')?.subsidyFen).toBe(300);
    auditor.take({ what: 'taps', taps: [sale('earlier', 2, { offline: true, terminalId: 'b', receivedAt: noon + 3_600_000 }, shown)] });
    expect(auditor.judged.get('earlier')?.subsidyFen).toBe(300);
    expect(auditor.accounts.get(due)).toEqual({ debit: 300, credit: 150 });
    expect(auditor.accounts.get(borne)).toEqual({ debit: 300, credit: 0 });
  });

  test('leave the turn to the next meal where the eater had paid in full', () => {
    const auditor = books();
    auditor.take({ what: 'taps', taps: [sale('later', 9, { offline: true }, { selfPayFen: 900, subsidyFen: 300 })] });
    auditor.take({ what: 'taps', taps: [sale('paid', 2, { offline: true, receivedAt: noon + 3_600_000 }, { selfPayFen: 1_200, subsidyFen: 0 })] });
    expect(auditor.judged.get('paid')).toMatchObject({ selfPayFen: 1_200, subsidyFen: 0, siteBorneFen: 0 });
    expect(auditor.accounts.get(due)).toEqual({ debit: 150, credit: 0 });
  });

  test('put what comes after the closing into the next month, by its meal’s month', () => {
    const auditor = books();
    auditor.take({ what: 'close', month: civilMonth('2024-12') });
    auditor.take({ what: 'taps', taps: [sale('late', 0, { offline: true, receivedAt: noon + 3 * 86_000_000 })] });
    expect(auditor.judged.get('late')?.bookedMonth).toBe('2025-01');
    expect(auditor.lines.get(`2025-01 0 2024-12 city@${CITY_CODE}`)).toEqual({ meals: 1, fen: 150 });
  });

  test('refuse what the rules refuse, and let a lost card eat as a guest', () => {
    const auditor = books();
    auditor.take({ what: 'lost', card, at: noon });
    auditor.take({ what: 'taps', taps: [sale('future', 10, { receivedAt: noon })] });
    auditor.take({ what: 'taps', taps: [sale('after', 1)] });
    auditor.take({ what: 'taps', taps: [sale('before', -5, { offline: true, receivedAt: noon + 600_000 })] });
    expect(['future', 'after', 'before'].map((tapId) => auditor.judged.get(tapId)?.code)).toEqual(['time-in-future', 'card-lost', null]);
  });

  test('keep a death’s correction between funders and site', () => {
    const auditor = books();
    auditor.take({ what: 'taps', taps: [sale('meal', 0)] });
    auditor.take({ what: 'adjust', tapId: 'meal' });
    expect([auditor.accounts.get(due), auditor.accounts.get(borne)]).toEqual([{ debit: 150, credit: 150 }, { debit: 300, credit: 0 }]);
    expect(auditor.ratesOn(civilDate('2024-12-30'))).toEqual(SAMPLE);
  });
});
