import { always, CITY_ALONE, ELDER, fixed, makeClass, makeRule, makeVersion, SITE as SITE_FACTS } from '../../../test/support/make-version.js';
import { chinaInstant, civilDate, fen, type Instant } from '../../kernel/index.js';
import { addUses, type FundingPlan, type Use } from '../../subsidy/domain/index.js';
import { answerOf, byMealTime, decideTap, decideTaps, explain, wordsOf, type AcceptedTap, type HolderFact, type Tap, type TapFacts, type TapPlan } from './index.js';

const DAY = civilDate('2024-12-03');
const NOON = chinaInstant(DAY, 720);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const TWO_FUNDERS: FundingPlan = {
  by: 'weights', cut: 'proportional',
  parts: [{ funder: 'city', fen: null, weight: 1, lostWhenSiteOutside: null }, { funder: 'county', fen: null, weight: 1, lostWhenSiteOutside: null }],
};
/** Five yuan once a day, half from the city and half from the county. */
const ONCE_A_DAY = makeRule({
  classes: [makeClass({ amounts: always(fixed(5)) })], funding: TWO_FUNDERS, limits: [{ per: 'day', count: 1, fen: null, partly: false }],
});

const tapOf = (over: Partial<Tap> = {}): Tap => ({
  tapId: 't1', terminalId: 'a', siteId: 's', items: [{ itemCode: 'set', quantity: 1 }], priceListVersion: 1, mealPeriod: 'lunch', deviceTime: NOON, receivedAt: NOON,
  offline: false, journalNumber: 1, tender: 'cash', shown: null, handle: 'h', ...over,
});
const holder = (over: Partial<HolderFact> = {}): HolderFact => ({ cardId: 'c', cardState: 'active', stateSince: 0, lostAt: null, elderId: 'e', elder: ELDER, ...over });
const factsOf = (over: Partial<TapFacts> = {}): TapFacts => ({
  site: { state: 'open', licenceValid: true, kind: 'canteen', supplyMode: 'hungPlate', path: SITE_FACTS.division, operatorId: 'o', payeeId: 'p' },
  prices: { effectiveFrom: civilDate('2024-01-01'), effectiveTo: null, prices: [{ itemCode: 'set', mealPeriod: 'lunch', fen: fen(1500) }, { itemCode: 'soup', mealPeriod: null, fen: fen(300) }] },
  holder: holder(), version: makeVersion([ONCE_A_DAY]), workday: true, chainHolds: true, ...over,
});
const accepted = (plan: TapPlan): AcceptedTap => {
  if (plan.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(plan)}`);
  return plan;
};
const split = (plan: TapPlan): number[] => {
  const { priceFen, selfPayFen, subsidyFen, siteBorneFen } = accepted(plan);
  return [priceFen, selfPayFen, subsidyFen, siteBorneFen];
};

describe('a tap that stands', () => {
  test('splits the price between own share and funders', () => {
    const plan = accepted(decideTap(tapOf(), factsOf(), []));
    expect(split(plan)).toEqual([1500, 1000, 500, 0]);
    expect(plan.shares).toEqual([{ funderCode: 'city@371500', name: '市', fen: 250 }, { funderCode: 'county@371502', name: '县', fen: 250 }]);
    expect(plan).toMatchObject({ code: null, elderId: 'e', cardId: 'c', flags: [], uses: [{ periodKey: 'd:2024-12-03', count: 1, fen: 500 }] });
  });

  test('takes several items, those without a meal period at every meal', () => {
    expect(split(decideTap(tapOf({ items: [{ itemCode: 'set', quantity: 2 }, { itemCode: 'soup', quantity: 1 }] }), factsOf(), []))).toEqual([3300, 2800, 500, 0]);
  });

  test('explains itself: rule, parts and what a void gives back', () => {
    const words: object[] = [];
    const kept = explain(accepted(decideTap(tapOf(), factsOf(), [])), (reason) => `words ${words.push(wordsOf(reason))}`);
    expect(words).toMatchObject([{ ruleId: 'test/meal', documentId: 'doc', working: { amount: { form: 'fixed' }, funding: { by: 'weights' } } }]);
    expect(kept.reasons).toMatchObject([{ rests: 'words 1', parts: [{ funder: 'city', fen: 250 }, { funder: 'county', fen: 250 }] }]);
    expect(kept.uses).toHaveLength(1);
    expect(JSON.stringify([kept, words])).not.toContain('测试文件');
  });
});

describe('a full price, and why', () => {
  const died = { ...ELDER, died: civilDate('2024-12-02') };
  test.each<[string, Partial<Tap>, Partial<TapFacts>]>([
    ['guest', { handle: null }, { holder: null, version: null }],
    ['card-unknown', {}, { holder: null, version: null }],
    ['card-lost', {}, { holder: holder({ cardState: 'lost', stateSince: NOON - 1, lostAt: NOON - 1 }) }],
    ['card-lost', {}, { holder: holder({ cardState: 'replaced', stateSince: NOON - 1, lostAt: NOON - HOUR }) }],
    ['card-frozen', {}, { holder: holder({ cardState: 'frozen', stateSince: NOON - HOUR }) }],
    ['card-cancelled', {}, { holder: holder({ cardState: 'cancelled', stateSince: NOON - HOUR }) }],
    ['deceased', {}, { holder: holder({ elder: died }) }],
  ])('%s eats as a guest: no elder is charged or counted', (code, tap, facts) => {
    const plan = accepted(decideTap(tapOf(tap), factsOf(facts), []));
    expect(split(plan)).toEqual([1500, 1500, 0, 0]);
    expect(plan).toMatchObject({ code, elderId: null, uses: [], shares: [] });
  });

  test.each<[string, Partial<TapFacts>]>([
    ['no-pack', { version: null }],
    ['too-young', { version: makeVersion([makeRule({ when: { ageFrom: 90 } })]) }],
  ])('%s', (code, facts) => {
    expect(accepted(decideTap(tapOf(), factsOf(facts), []))).toMatchObject({ code, elderId: 'e', selfPayFen: 1500, subsidyFen: 0, uses: [] });
  });

  test('the second meal of the day', () => {
    const first = accepted(decideTap(tapOf(), factsOf(), []));
    expect(accepted(decideTap(tapOf({ tapId: 't2' }), factsOf(), first.uses))).toMatchObject({ code: 'second-meal-today', selfPayFen: 1500, elderId: 'e' });
  });
});

describe('a card lost or frozen', () => {
  const lost = factsOf({ holder: holder({ cardState: 'lost', stateSince: NOON, lostAt: NOON }) });
  test('after an offline meal was sold leaves that meal as it was', () => {
    expect(accepted(decideTap(tapOf({ offline: true, deviceTime: NOON - MINUTE, receivedAt: NOON + HOUR }), lost, [])).code).toBeNull();
    const frozen = factsOf({ holder: holder({ cardState: 'frozen', stateSince: NOON }) });
    expect(accepted(decideTap(tapOf({ offline: true, deviceTime: NOON - MINUTE, receivedAt: NOON + HOUR }), frozen, [])).code).toBeNull();
  });
  test('counts online from the second it is reported, whatever the till\'s clock says', () => {
    expect(accepted(decideTap(tapOf({ deviceTime: NOON - MINUTE, receivedAt: NOON + MINUTE }), lost, [])).code).toBe('card-lost');
  });
});

describe('a refusal moves nothing', () => {
  const site = factsOf().site as NonNullable<TapFacts['site']>;
  const prices = factsOf().prices as NonNullable<TapFacts['prices']>;
  test.each<[string, Partial<Tap>, Partial<TapFacts>]>([
    ['time-in-future', { deviceTime: NOON + 5 * MINUTE + 1 }, {}],
    ['site-not-open', {}, { site: null }],
    ['site-not-open', {}, { site: { ...site, state: 'suspended' } }],
    ['licence-expired', {}, { site: { ...site, licenceValid: false } }],
    ['price-list-not-in-force', {}, { prices: null }],
    ['price-list-not-in-force', {}, { prices: { ...prices, effectiveTo: civilDate('2024-12-02') } }],
    ['price-list-not-in-force', {}, { prices: { ...prices, effectiveFrom: civilDate('2024-12-04') } }],
    ['item-unknown', { items: [{ itemCode: 'gold', quantity: 1 }] }, {}],
    ['item-unknown', { mealPeriod: 'dinner' }, {}],
    ['balance-not-offered', { tender: 'balance' }, {}],
    ['balance-too-low', { tender: 'balance' }, { balanceFen: fen(999) }],
    ['balance-too-low', { tender: 'balance', offline: true }, { balanceFen: fen(999) }],
    ['balance-without-elder', { tender: 'balance' }, { balanceFen: fen(5000), holder: null }],
    ['balance-without-elder', { tender: 'balance', entered: true }, { balanceFen: fen(5000) }],
    ['balance-without-elder', { tender: 'balance', byCode: true }, { balanceFen: fen(5000) }],
    ['tender-missing', { tender: 'none' }, {}],
  ])('%s', (code, tap, facts) => {
    expect(decideTap(tapOf(tap), factsOf(facts), [])).toEqual({ kind: 'refused', code, mealDate: DAY });
  });

  test('five minutes ahead, the list\'s last day and an own share of nothing still pass', () => {
    expect(decideTap(tapOf({ deviceTime: NOON + 5 * MINUTE }), factsOf(), []).kind).toBe('accepted');
    expect(decideTap(tapOf(), factsOf({ prices: { ...prices, effectiveTo: DAY } }), []).kind).toBe('accepted');
    const free = makeVersion([makeRule({ classes: [makeClass({ amounts: always(fixed(15)) })] })]);
    expect(split(decideTap(tapOf({ tender: 'none' }), factsOf({ version: free }), []))).toEqual([1500, 0, 1500, 0]);
  });
});

describe('a meal that costs the elder nothing', () => {
  const free = makeRule({ classes: [makeClass({ amounts: always(fixed(15)) })], funding: TWO_FUNDERS });
  const asked = makeVersion([free], { choices: { secondMealByMistake: 'nobody', proofForFreeMeal: true, notes: [] } });
  const flagsOf = (tap: Partial<Tap>, version = asked) => accepted(decideTap(tapOf(tap), factsOf({ version }), [])).flags;

  test('is given without a second proof, and marked where the pack asks for one', () => {
    expect(split(decideTap(tapOf(), factsOf({ version: asked }), []))).toEqual([1500, 0, 1500, 0]);
    expect(flagsOf({})).toEqual(['proof-missing']);
    expect(flagsOf({ entered: true })).toEqual(['entered-for', 'proof-missing']);
  });

  test.each(['photo', 'companion', 'number'] as const)('is not marked with a proof by %s, which is kept with it', (presence) => {
    expect(flagsOf({ presence })).toEqual([]);
    expect(explain(accepted(decideTap(tapOf({ presence }), factsOf({ version: asked }), [])), () => 'w', presence)).toMatchObject({ presence });
  });

  test('asks for nothing where the pack does not, or where the elder paid after all', () => {
    expect(flagsOf({}, makeVersion([free]))).toEqual([]);
    expect(flagsOf({}, makeVersion([ONCE_A_DAY], { choices: asked.choices }))).toEqual([]);
    expect(flagsOf({ offline: true, receivedAt: NOON + HOUR, shown: { selfPayFen: fen(1500), subsidyFen: fen(0) } })).toEqual(['fund-changed']);
  });
});

describe('a slip of paper', () => {
  const shown = { selfPayFen: fen(1000), subsidyFen: fen(500) };
  const slipOf = (late: Instant, until: Instant, over: Partial<Tap> = {}) => tapOf({ offline: true, receivedAt: NOON + late, slip: { until: NOON + until }, shown, ...over });

  test('counts in full until its own time is over, however late that is', () => {
    const plan = accepted(decideTap(slipOf(100 * HOUR, 100 * HOUR), factsOf(), []));
    expect(split(plan)).toEqual([1500, 1000, 500, 0]);
    expect(plan.flags).toEqual(['review', 'slip']);
  });

  test('is never billed to the elder afterwards: what was paid stays, and the site bears the rest', () => {
    const plan = accepted(decideTap(slipOf(10 * HOUR + 1, 10 * HOUR), factsOf(), []));
    expect(split(plan)).toEqual([1500, 1000, 0, 500]);
    expect(plan).toMatchObject({ code: 'sent-too-late', uses: [], flags: ['sent-too-late', 'fund-changed', 'slip'] });
  });

  test('names the elder and not the card, lost or not', () => {
    const lost = factsOf({ holder: holder({ cardState: 'lost', stateSince: NOON - 1, lostAt: NOON - 1 }) });
    expect(accepted(decideTap(slipOf(HOUR, 10 * HOUR), lost, []))).toMatchObject({ code: null, elderId: 'e', flags: ['slip'] });
  });
});

describe('a bill of several eaters', () => {
  const prices = { ...(factsOf().prices as NonNullable<TapFacts['prices']>), prices: [{ itemCode: 'set', mealPeriod: 'lunch', fen: 1500, guestFen: 2000, relativeFen: 1800, halfFen: 800 }, { itemCode: 'soup', mealPeriod: null, fen: 300 }] };
  const mixed = { items: [{ itemCode: 'set', quantity: 1 }, { itemCode: 'set', quantity: 1, for: 'relative' as const }, { itemCode: 'soup', quantity: 1, for: 'guest' as const }] };
  const decide = (tap: Partial<Tap>, facts: Partial<TapFacts> = {}, uses: readonly Use[] = []) => decideTap(tapOf(tap), factsOf({ prices, ...facts }), uses);

  test('subsidises the own meal alone; the others are paid in full by whoever stands there', () => {
    const plan = accepted(decide(mixed));
    expect(split(plan)).toEqual([3600, 3100, 500, 0]);
    expect(plan).toMatchObject({ code: null, othersFen: 2100, decision: { priceFen: 1500 }, uses: [{ count: 1, fen: 500 }] });
    expect(answerOf('t1', plan, '2024-12' as never).sentence).toBe('原价36.00元（含陪餐21.00元），市补2.50元，县补2.50元，您付31.00元。');
    expect(explain(plan, () => 'w')).toMatchObject({ computed: { selfPayFen: 1000, subsidyFen: 500 }, othersFen: 2100 });
    expect(explain(accepted(decide({})), () => 'w')).not.toHaveProperty('othersFen');
  });

  test('takes guests and relatives at their own prices without a card', () => {
    expect(split(decide({ ...mixed, handle: null }, { holder: null, version: null }))).toEqual([4100, 4100, 0, 0]);
    const lost = holder({ cardState: 'lost', stateSince: NOON - 1, lostAt: NOON - 1 });
    expect(split(decide(mixed, { holder: lost }))).toEqual([3600, 3600, 0, 0]);
  });

  test('sells halves to card holders, where the list has them', () => {
    expect(split(decide({ items: [{ itemCode: 'set', quantity: 1, half: true }] }))).toEqual([800, 300, 500, 0]);
    for (const change of [{ items: [{ itemCode: 'soup', quantity: 1, half: true as const }] }, { items: [{ itemCode: 'set', quantity: 1, half: true as const }], handle: null }]) {
      expect(decide(change, change.handle === null ? { holder: null, version: null } : {})).toMatchObject({ kind: 'refused', code: 'half-not-sold' });
    }
  });

  test('uses no turn up where the card holder eats nothing', () => {
    expect(decide({ items: mixed.items.slice(1) })).toMatchObject({ kind: 'accepted', code: 'no-own-item', elderId: null, cardId: 'c', uses: [], selfPayFen: 2100, subsidyFen: 0 });
  });

  test('is compared with what the till showed as a whole', () => {
    const shown = { selfPayFen: fen(3100), subsidyFen: fen(500) };
    expect(decide({ ...mixed, shown }).kind).toBe('accepted');
    expect(decide({ ...mixed, shown: { ...shown, selfPayFen: fen(1000) } })).toEqual({ kind: 'split-changed', priceFen: 3600, selfPayFen: 3100, subsidyFen: 500 });
    const used: Use[] = [{ ruleId: 'test/meal', periodKey: 'd:2024-12-03', count: 1, fen: fen(500) }];
    expect(split(decide({ ...mixed, shown, offline: true }, {}, used))).toEqual([3600, 3100, 0, 500]);
    expect(split(decide({ ...mixed, shown: { selfPayFen: fen(3600), subsidyFen: fen(0) }, offline: true }))).toEqual([3600, 3600, 0, 0]);
  });

  test('asks for a second proof where the own meal is free, though the bill is not', () => {
    const free = makeVersion([makeRule({ classes: [makeClass({ amounts: always(fixed(15)) })], funding: TWO_FUNDERS })], { choices: { secondMealByMistake: 'nobody', proofForFreeMeal: true, notes: [] } });
    expect(accepted(decide(mixed, { version: free })).flags).toEqual(['proof-missing']);
  });
});

describe('a split that the till showed', () => {
  const shown = (selfPay: number, subsidy: number) => ({ selfPayFen: fen(selfPay), subsidyFen: fen(subsidy) });
  const offline = { offline: true, receivedAt: NOON + HOUR };

  test('online: equal passes, another one comes back with the right figures', () => {
    expect(decideTap(tapOf({ shown: shown(1000, 500) }), factsOf(), []).kind).toBe('accepted');
    expect(decideTap(tapOf({ shown: shown(1500, 0) }), factsOf(), [])).toEqual({ kind: 'split-changed', priceFen: 1500, selfPayFen: 1000, subsidyFen: 500 });
  });

  test('offline, promised more than the rules give: the elder pays what was shown, the site bears the rest', () => {
    const used: Use[] = [{ ruleId: 'test/meal', periodKey: 'd:2024-12-03', count: 1, fen: fen(500) }];
    const plan = accepted(decideTap(tapOf({ ...offline, shown: shown(1000, 500) }), factsOf(), used));
    expect(split(plan)).toEqual([1500, 1000, 0, 500]);
    expect(plan).toMatchObject({ code: 'second-meal-today', flags: ['fund-changed'], uses: [], shares: [] });
  });

  test('offline, paid more than needed: funders give only what is left, and the turn is used as the rules gave it', () => {
    const plan = accepted(decideTap(tapOf({ ...offline, shown: shown(1300, 200) }), factsOf(), []));
    expect(split(plan)).toEqual([1500, 1300, 200, 0]);
    expect(plan.shares.map((share) => share.fen)).toEqual([100, 100]);
    expect(plan.uses).toMatchObject([{ count: 1, fen: 500 }]);
    const whole = accepted(decideTap(tapOf({ ...offline, shown: shown(1500, 0) }), factsOf(), []));
    expect(split(whole)).toEqual([1500, 1500, 0, 0]);
    expect(whole).toMatchObject({ flags: ['fund-changed'], uses: [], shares: [] });
  });

  test('offline, paid above the price: flagged, and booked at the price', () => {
    expect(accepted(decideTap(tapOf({ ...offline, shown: shown(2000, 0) }), factsOf(), []))).toMatchObject({ selfPayFen: 1500, flags: ['fund-changed', 'overpaid'] });
  });
});

describe('late taps', () => {
  const after = (ms: number, over: Partial<Tap> = {}) => accepted(decideTap(tapOf({ offline: true, receivedAt: NOON + ms, ...over }), factsOf(), []));
  test.each<[number, string | null, string[]]>([
    [24 * HOUR, null, []], [24 * HOUR + 1, null, ['review']], [72 * HOUR, null, ['review']], [72 * HOUR + 1, 'sent-too-late', ['review', 'sent-too-late']],
  ])('%i ms offline: code %s, flags %j', (ms, code, flags) => {
    expect(after(ms)).toMatchObject({ code, flags });
  });
  test('a slow online tap is flagged for its clock', () => {
    expect(after(5 * MINUTE + 1, { offline: false }).flags).toEqual(['clock-skew']);
    expect(after(5 * MINUTE, { offline: false }).flags).toEqual([]);
  });
  test('an old price list, a missing payment or a broken journal loses no sale', () => {
    const prices = { ...(factsOf().prices as NonNullable<TapFacts['prices']>), effectiveTo: civilDate('2024-12-01') };
    const plan = accepted(decideTap(tapOf({ offline: true, tender: 'none' }), factsOf({ prices, chainHolds: false }), []));
    expect(plan.flags).toEqual(['tender-missing', 'price-list-old', 'chain-broken']);
  });
});

describe('a batch', () => {
  const at = (tapId: string, deviceTime: Instant, terminalId = 'a', journalNumber = 1) => ({ tap: tapOf({ tapId, deviceTime, terminalId, journalNumber, receivedAt: NOON + MINUTE }), facts: factsOf() });
  const subsidised = (taps: ReturnType<typeof at>[]) => {
    const plans = decideTaps(taps, new Map());
    return taps.filter((_, index) => accepted(plans[index] as TapPlan).subsidyFen > 0).map(({ tap }) => tap.tapId);
  };

  test('subsidises the earliest meal of an elder, in whatever order the taps stand', () => {
    const taps = [at('late', NOON + 2), at('early', NOON), at('mid', NOON + 1)];
    expect(subsidised(taps)).toEqual(['early']);
    expect(subsidised([...taps].reverse())).toEqual(['early']);
  });

  test('at the same moment goes by terminal, then by journal number', () => {
    expect(subsidised([at('b1', NOON, 'b', 1), at('a2', NOON, 'a', 2), at('a1', NOON, 'a', 1)])).toEqual(['a1']);
    expect(byMealTime(at('x', NOON, 'a').tap, at('y', NOON, 'a').tap)).toBe(0);
  });

  test('a refused or changed tap uses nothing up', () => {
    const refused = { ...at('refused', NOON), facts: factsOf({ site: null }) };
    const changed = at('changed', NOON);
    const plans = decideTaps([refused, { ...changed, tap: { ...changed.tap, shown: { selfPayFen: fen(1), subsidyFen: fen(1) } } }, at('good', NOON + 1)], new Map());
    expect(plans.map((plan) => plan.kind)).toEqual(['refused', 'split-changed', 'accepted']);
    expect(accepted(plans[2] as TapPlan).subsidyFen).toBe(500);
  });

  test('funders of one purse are one share', () => {
    const version = makeVersion([ONCE_A_DAY, makeRule({ id: 'test/more', countsAs: 'test/more', group: 'more', funding: CITY_ALONE })]);
    const plan = accepted(decideTap(tapOf(), factsOf({ version }), []));
    expect(plan.shares.map(({ funderCode, fen: amount }) => [funderCode, amount])).toEqual([['city@371500', 450], ['county@371502', 250]]);
    expect(addUses([], plan.uses)).toHaveLength(1);
  });
});
