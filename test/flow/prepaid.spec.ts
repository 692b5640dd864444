import { randomUUID } from 'node:crypto';
import { addDays, chinaInstant, civilDate } from '../../src/kernel/index.js';
import { runInvariants } from '../../src/proof/index.js';
import { PolicyLibrary } from '../../src/subsidy/index.js';
import { childPhone, elderPhone, type TestPhone } from '../support/mini.js';
import { CITY, TappingCity, type TestTill } from '../support/tapping-city.js';

const DAY = civilDate('2024-12-03');
const NOON = chinaInstant(DAY, 720);

let city: TappingCity;
let till: TestTill;
let other: TestTill;
let [first, second] = ['', ''];
let references = 0;

const violations = async () => (await city.service.parts.transactor.run((tx) => runInvariants(tx, CITY, city.service.app.get(PolicyLibrary)))).violations;
const post = (token: string, path: string, body: object) => city.staffed.call('POST', path, { token, body: { id: randomUUID(), ...body } });
const form = (change: object = {}) => ({ bankName: '聊城银行', documentNumber: '聊民〔2024〕1号', documentTitle: '助餐预付资金存管办法', firstDay: DAY, lastDay: null, ...change });
const importLines = (lines: object[], change: object = {}) => post(first, '/v1/prepaid/statements', { lines, ...change });
const statement = async (elderId: string) => (await city.staffed.call('GET', `/v1/elders/${elderId}/prepaid`, { token: city.county })).body;
const balanceOf = async (elderId: string): Promise<number> => (await statement(elderId)).balanceFen;
const pay = (card: string, change: object = {}) => till.tap({ card, tender: 'balance', ...change });
const upload = async (...taps: object[]) => (await till.send('/v1/taps/upload', { taps })).body.results as { status: number; answer: { outcome: string; code: string | null; selfPayFen: number } }[];

/** An elder with so much on the card. */
async function rich(fen: number): Promise<{ elderId: string; card: string }> {
  const elder = await city.elder();
  references += 1;
  if (fen > 0) expect((await importLines([{ reference: `R${references}`, cardNumber: elder.card, fen }])).body).toMatchObject({ bookedFen: fen });
  return elder;
}

async function set(change: object = {}): Promise<void> {
  const { status, body } = await post(first, '/v1/prepaid/settings', form(change));
  expect({ status, state: body.state }).toEqual({ status: 200, state: 'recorded' });
  expect((await post(second, `/v1/prepaid/settings/${body.settingId}/decision`, { outcome: 'confirmed' })).body).toMatchObject({ state: 'confirmed' });
}

beforeAll(async () => {
  city = await TappingCity.start();
  [till, other] = [await city.till(0), await city.till(1)];
  await city.staffed.add('first', ['cityOfficer'], CITY);
  await city.staffed.add('second', ['cityOfficer'], CITY);
  [first, second] = [await city.staffed.tokenOf('first'), await city.staffed.tokenOf('second')];
}, 240_000);

afterEach(async () => expect(await violations()).toEqual([]));

afterAll(() => city?.close());

describe('a city that has set nothing', () => {
  it('takes no sale by balance, shows none, and says nothing of it to its tills', async () => {
    const { card } = await city.elder();
    expect((await pay(card)).body).toMatchObject({ outcome: 'refused', code: 'balance-not-offered', selfPayFen: 0 });
    expect((await till.send('/v1/till/balances', { number: card })).body).toMatchObject({ code: 'prepaid-not-offered' });
    expect((await till.send('/v1/till/catalogue')).body).not.toHaveProperty('prepayment');
    const { elderId } = await city.elder();
    expect((await (await elderPhone(city, elderId)).get(`/v1/mini/elders/${elderId}/statement?month=2024-12`)).body).toMatchObject({ prepaidWords: null });
    expect((await importLines([{ reference: 'early', cardNumber: card, fen: 100 }])).body).toMatchObject({ code: 'prepaid-never-offered' });
  });

  it('begins by one person, confirmed by another', async () => {
    expect((await post(city.county, '/v1/prepaid/settings', form())).status).toBe(403);
    expect((await post(first, '/v1/prepaid/settings', form({ firstDay: addDays(DAY, -1) }))).body).toMatchObject({ code: 'prepaid-day-past' });
    expect((await post(first, '/v1/prepaid/settings', form({ lastDay: addDays(DAY, -1) }))).body).toMatchObject({ code: 'prepaid-days-crossed' });
    const { body } = await post(first, '/v1/prepaid/settings', form());
    const decide = (token: string) => post(token, `/v1/prepaid/settings/${body.settingId}/decision`, { outcome: 'confirmed' });
    expect((await decide(first)).body).toMatchObject({ code: 'maker-is-checker' });
    expect((await pay((await city.elder()).card)).body).toMatchObject({ code: 'balance-not-offered' });
    expect((await decide(second)).body).toMatchObject({ state: 'confirmed', bankName: '聊城银行' });
    expect((await decide(second)).body).toMatchObject({ code: 'prepaid-decided' });
    expect((await till.send('/v1/till/catalogue')).body).toMatchObject({ prepayment: true });
    expect((await city.staffed.call('GET', '/v1/prepaid/settings', { token: city.county })).body.items).toHaveLength(1);
  });
});

describe('the bank’s statement', () => {
  it('is mirrored once, line by line, however often it comes', async () => {
    const [one, two] = [await city.elder(), await city.elder()];
    const lines = [{ reference: 'A1', cardNumber: one.card, fen: 5000 }, { reference: 'A2', cardNumber: two.card, fen: 1 }, { reference: 'A3', cardNumber: 'LC77777777', fen: 5 }, { reference: 'A1', cardNumber: one.card, fen: 5000 }];
    const id = randomUUID();
    const sent = await importLines(lines, { id });
    expect(sent.body).toEqual({ bookedFen: 5001, closing: null, lines: [
      { reference: 'A1', fate: 'booked' }, { reference: 'A2', fate: 'booked' }, { reference: 'A3', fate: 'card-unknown' }, { reference: 'A1', fate: 'known' }] });
    expect((await importLines(lines, { id })).body).toEqual(sent.body);
    expect((await importLines([...lines.slice(0, 1), { reference: 'A2', cardNumber: two.card, fen: 2 }])).body)
      .toEqual({ bookedFen: 0, closing: null, lines: [{ reference: 'A1', fate: 'known' }, { reference: 'A2', fate: 'differs' }] });
    expect([await balanceOf(one.elderId), await balanceOf(two.elderId)]).toEqual([5000, 1]);
    expect((await post(city.county, '/v1/prepaid/statements', { lines })).status).toBe(403);
  });

  it('is mirrored whole: what the bank put right or paid out by itself, and refunds that we ordered', async () => {
    const [{ elderId, card }, other] = [await rich(2000), await rich(500)];
    const refundId = randomUUID();
    expect((await post(city.county, `/v1/elders/${elderId}/prepaid/refunds`, { id: refundId, fen: 300, reason: '老人要求' })).body).toMatchObject({ balanceFen: 1700 });
    const line = (reference: string, kind: string, fen: number, cardNumber = card) => ({ reference, kind, fen, cardNumber });
    const lines = [
      line(refundId, 'refund', -300), line(randomUUID(), 'refund', -300), line(refundId, 'refund', -300, other.card), line('K1', 'correction', -200), line('K2', 'correction', 50),
      line('K3', 'payOut', -1551), line('K4', 'payOut', -1550), line('K1', 'payOut', -200),
    ];
    const sent = await importLines(lines);
    expect(sent.body.lines.map(({ fate }: { fate: string }) => fate)).toEqual(['known', 'refund-unknown', 'differs', 'booked', 'booked', 'above-balance', 'booked', 'differs']);
    expect(sent.body.bookedFen).toBe(-1700);
    expect(await statement(elderId)).toMatchObject({ balanceFen: 0, items: [{ kind: 'paidOut', fen: -1550 }, { kind: 'corrected', fen: 50 }, { kind: 'corrected', fen: -200 }, { kind: 'refunded' }, { kind: 'topUp' }] });
    expect((await importLines(lines)).body.lines.filter(({ fate }: { fate: string }) => fate === 'booked')).toEqual([]);
    for (const [kind, fen] of [['topUp', -1], ['refund', 1], ['payOut', 1], ['correction', 0]] as const) expect((await importLines([line('K9', kind, fen)])).body).toMatchObject({ code: 'prepaid-sign-wrong' });
  });

  it('ends with what the bank holds for each card, and what differs stays on a list until it agrees', async () => {
    const [right, wrong] = [await rich(1500), await rich(2500)];
    expect((await pay(right.card)).body).toMatchObject({ outcome: 'accepted', selfPayFen: 1200 });
    const close = (fens: readonly [number, number], lines: object[] = [], day = DAY) =>
      importLines(lines, { closing: { day, balances: [{ cardNumber: right.card, fen: fens[0] }, { cardNumber: wrong.card, fen: fens[1] }, { cardNumber: 'LC77777777', fen: 9 }] } });
    const differences = async () => (await city.staffed.call('GET', '/v1/prepaid/differences', { token: first })).body.items;
    const listed = { elderId: wrong.elderId, day: DAY, bankFen: 2400, ownFen: 2500 };
    // What is sold after a day's end is not in its balance.
    expect((await close([1500, 2500], [], addDays(DAY, -1))).body).toMatchObject({ bookedFen: 0, closing: { compared: 2, differing: 0, unknown: 1 } });
    expect((await close([300, 2400])).body).toMatchObject({ closing: { compared: 2, differing: 1 } });
    expect(await differences()).toEqual([{ ...listed, isOpen: true }]);
    expect((await close([300, 2400], [{ reference: 'late', kind: 'correction', cardNumber: wrong.card, fen: -100 }])).body).toMatchObject({ bookedFen: -100, closing: { compared: 2, differing: 0 } });
    expect(await differences()).toEqual([{ ...listed, isOpen: false }]);
    expect((await city.staffed.call('GET', '/v1/prepaid/differences', { token: city.county })).status).toBe(403);
  });

  it('is told to the elder with the bank, and to no relative', async () => {
    const { elderId } = await rich(1250);
    const words = async (phone: TestPhone) => (await phone.get(`/v1/mini/elders/${elderId}/statement?month=2024-12`)).body.prepaidWords;
    expect(await words(await elderPhone(city, elderId))).toBe('预付余额12.5元，钱存在聊城银行，随时可以全部退给您，要退请打电话给社区。');
    expect(await words(await childPhone(city, elderId, ['meals', 'ordering', 'paying']))).toBeNull();
  });

  it('is mirrored once where two officers bring it at once', async () => {
    const { card, elderId } = await city.elder();
    const lines = [{ reference: 'T1', cardNumber: card, fen: 700 }, { reference: 'T2', cardNumber: card, fen: 800 }];
    const answers = await Promise.all([first, second, first, second].map((token) => post(token, '/v1/prepaid/statements', { lines })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(answers.reduce((sum, { body }) => sum + Number(body.bookedFen), 0)).toBe(1500);
    expect(await balanceOf(elderId)).toBe(1500);
  });
});

describe('a sale by balance', () => {
  it('takes the own share, once however often it is sent, and its void gives it back', async () => {
    const { card, elderId } = await rich(2000);
    const body = till.body({ card, tender: 'balance' });
    const [one, again] = [await till.send('/v1/taps', body), await till.send('/v1/taps', body)];
    expect(one.body).toMatchObject({ outcome: 'accepted', selfPayFen: 1200, subsidyFen: 300 });
    expect(again.text).toBe(one.text);
    expect(await balanceOf(elderId)).toBe(800);
    const back = { id: randomUUID(), reason: '按错键' };
    const voided = await till.send(`/v1/taps/${body.id}/void`, back);
    expect(voided.body).toMatchObject({ returnedFen: 1200, sentence: expect.stringContaining('卡内余额') });
    expect((await till.send(`/v1/taps/${body.id}/void`, back)).text).toBe(voided.text);
    expect(await statement(elderId)).toMatchObject({ balanceFen: 2000, nextCursor: null, items: [{ kind: 'returned', fen: 1200, tapId: body.id, siteId: till.siteId }, { kind: 'spent', fen: -1200 }, { kind: 'topUp', fen: 2000 }] });
  });

  it('with too little is refused, and nothing is booked', async () => {
    const { card, elderId } = await rich(1199);
    const before = await city.books();
    expect((await pay(card)).body).toMatchObject({ outcome: 'refused', code: 'balance-too-low', selfPayFen: 0, sentence: expect.stringContaining('收现金') });
    expect(await city.books()).toEqual({ ...before, meals: before.meals + 1, claims: before.claims + 1 });
    expect(await balanceOf(elderId)).toBe(1199);
    expect((await till.tap({ card })).body).toMatchObject({ outcome: 'accepted', subsidyFen: 300 });
  });

  it('of a guest, or on a card that counts for nothing, is refused', async () => {
    expect((await till.tap({ tender: 'balance' })).body).toMatchObject({ code: 'balance-without-elder' });
    const elder = await rich(5000);
    const [{ cardId }] = await city.rows<{ cardId: string }>('SELECT card_id AS "cardId" FROM elder_card WHERE elder_id = $1', [elder.elderId]) as [{ cardId: string }];
    expect((await post(city.county, `/v1/cards/${cardId}/events`, { kind: 'lost', reason: '测试' })).status).toBe(200);
    expect((await pay(elder.card)).body).toMatchObject({ code: 'balance-without-elder' });
    expect((await till.send('/v1/till/balances', { number: elder.card })).body).toMatchObject({ code: 'till-card-unknown' });
  });

  it('never makes 20 taps at once take more than there is', async () => {
    const { card, elderId } = await rich(1200 + 3 * 1500 + 1499);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? till : other).tap({ card, tender: 'balance' })));
    const taken = answers.filter(({ body }) => body.outcome === 'accepted');
    expect(taken).toHaveLength(4);
    expect(new Set(answers.filter(({ body }) => body.outcome === 'refused').map(({ body }) => body.code))).toEqual(new Set(['balance-too-low']));
    expect(await balanceOf(elderId)).toBe(1499);
  });

  it('comes after a top-up or a refund that is under way, never between its halves', async () => {
    const { card, elderId } = await rich(3000);
    const answers = await Promise.all([
      pay(card), importLines([{ reference: 'race', cardNumber: card, fen: 100 }]), post(city.county, `/v1/elders/${elderId}/prepaid/refunds`, { fen: 1000, reason: '老人要求' }), pay(card),
    ]);
    const spent = [answers[0], answers[3]].reduce((sum, one) => sum + (one.body as { selfPayFen: number }).selfPayFen, 0);
    expect(await balanceOf(elderId)).toBe(3100 - (answers[2].status === 200 ? 1000 : 0) - spent);
  });
});

describe('sales by balance that were held back', () => {
  it('follow the same rule, in order, and nobody is billed later', async () => {
    const { card, elderId } = await rich(2700);
    const held = (minute: number, change: object = {}) => till.body({ card, tender: 'balance', deviceTime: new Date(NOON - (60 - minute) * 60_000).toISOString(), ...change });
    const [one, two, three] = [held(1), held(2), held(3)];
    const results = await upload(three, one, two);
    expect(results.map(({ answer }) => answer.code)).toEqual(['balance-too-low', null, 'second-meal-today']);
    expect(await balanceOf(elderId)).toBe(0);
    expect(await upload(one, two, three)).toEqual([results[1], results[2], results[0]]);
  });

  it('keep what was taken when an earlier meal takes the subsidy afterwards', async () => {
    const { card, elderId } = await rich(1200);
    const at = (minute: number) => new Date(NOON - (50 - minute) * 60_000).toISOString();
    const [early, late] = [other.body({ card, deviceTime: at(1), shown: { selfPayFen: 1200, subsidyFen: 300 } }), till.body({ card, tender: 'balance', deviceTime: at(2) })];
    expect((await upload(late))[0]?.answer).toMatchObject({ outcome: 'accepted', selfPayFen: 1200 });
    expect((await other.send('/v1/taps/upload', { taps: [early] })).body.results[0].answer).toMatchObject({ subsidyFen: 300 });
    expect(await balanceOf(elderId)).toBe(0);
  });

  it('keep what was taken where the earlier meal is known already', async () => {
    const { card, elderId } = await rich(1500);
    const at = (minute: number) => new Date(NOON - (50 - minute) * 60_000).toISOString();
    expect((await other.send('/v1/taps/upload', { taps: [other.body({ card, deviceTime: at(9), shown: { selfPayFen: 1200, subsidyFen: 300 } })] })).body.results[0].answer).toMatchObject({ subsidyFen: 300 });
    expect((await upload(till.body({ card, tender: 'balance', deviceTime: at(2) })))[0]?.answer).toMatchObject({ outcome: 'accepted', selfPayFen: 1500 });
    expect(await balanceOf(elderId)).toBe(0);
  });
});

describe('a balance', () => {
  it('is told to a till that asks for it, and not too often', async () => {
    const { card } = await rich(1234);
    expect((await other.send('/v1/till/balances', { number: card })).body).toEqual({ balanceFen: 1234 });
    expect((await other.send('/v1/till/balances', { number: 'LC66666666' })).body).toMatchObject({ code: 'till-card-unknown' });
    const answers: number[] = [];
    for (let times = 0; times < 20; times += 1) answers.push((await other.send('/v1/till/balances', { number: card })).status);
    expect(answers.slice(-2)).toEqual([429, 429]);
  });

  it('is refunded to the last fen, also after the last day, and no further', async () => {
    const { card, elderId } = await rich(777);
    const refund = (fen: number, change: object = {}) => post(city.county, `/v1/elders/${elderId}/prepaid/refunds`, { fen, reason: '老人要求', ...change });
    await set({ lastDay: DAY });
    city.clock.set(city.clock.now() + 24 * 3_600_000);
    city.staffed.security = await city.staffed.tokenOf('security');
    city.county = await city.staffed.tokenOf('county');
    [till, other] = [await city.till(0), await city.till(1)];
    expect((await pay(card)).body).toMatchObject({ code: 'balance-not-offered' });
    expect((await refund(778)).body).toMatchObject({ code: 'refund-above-balance' });
    const id = randomUUID();
    expect((await refund(700, { id })).body).toEqual({ elderId, balanceFen: 77 });
    expect((await refund(700, { id })).body).toEqual({ elderId, balanceFen: 77 });
    expect((await refund(77)).body).toEqual({ elderId, balanceFen: 0 });
    expect((await refund(1)).body).toMatchObject({ code: 'refund-above-balance' });
    expect(await statement(elderId)).toMatchObject({ balanceFen: 0, items: [{ kind: 'refunded', fen: -77 }, { kind: 'refunded', fen: -700 }, { kind: 'topUp', fen: 777 }] });
  });
});
