import { randomUUID } from 'node:crypto';
import { elderPhone, strangerPhone, type TestPhone } from '../support/mini.js';
import { TappingCity } from '../support/tapping-city.js';

const MINUTE = 60_000;

let city: TappingCity;

beforeAll(async () => {
  city = await TappingCity.start();
}, 120_000);

afterAll(async () => {
  await city?.close();
});

/** Sends a try of its own moment: a success is told from what comes after it by time. @returns the refusal's code, or 200 */
async function tryOf(phone: TestPhone, route: 'bind-self' | 'kin', body: object): Promise<string | number> {
  city.clock.set(city.clock.now() + 1000);
  const answered = await phone.post(`/v1/mini/${route}`, { id: randomUUID(), ...body });
  return answered.body.code ?? answered.status;
}

describe('guessing', () => {
  afterEach(() => city.clock.set(city.clock.now() + 16 * MINUTE));

  it.each(['bind-self', 'kin'] as const)('%s: neither a taken id nor a repeat lets anybody go on', async (route) => {
    const [mine, other] = [await city.elder(), await city.elder()];
    const [own, guesser] = [await elderPhone(city, other.elderId), await strangerPhone(city)];
    const { body: { code } } = await own.post(`/v1/mini/elders/${other.elderId}/binding-code`, { id: randomUUID(), scopes: [] });
    const person = { name: '张小明', relation: 'child', phone: '13800001234' };
    const [right, wrong] = route === 'kin' ? [{ ...person, bindingCode: code }, { ...person, bindingCode: '00000000' }] : [{ cardNumber: mine.card, name: '张三丰' }, { cardNumber: other.card, name: '李四' }];
    const id = randomUUID();
    expect(await tryOf(guesser, route, { id, ...right })).toBe(200);
    const refused = route === 'kin' ? 'binding-code-wrong' : 'bind-wrong';
    const tries = [wrong, { id, ...wrong }, wrong, { id, ...right }, wrong, wrong];
    const answers = [];
    for (const one of tries) answers.push(await tryOf(guesser, route, one));
    expect(answers).toEqual([refused, 'id-taken', refused, 200, refused, 'bind-throttled']);
  });

  it('at a card is not made good by another card that somebody knows', async () => {
    const [mine, other, guesser] = [await city.elder(), await city.elder(), await strangerPhone(city)];
    const answers = [];
    for (let guesses = 0; guesses < 5; guesses += 1) {
      expect(await tryOf(guesser, 'bind-self', { cardNumber: mine.card, name: '张三丰' })).toBe(200);
      answers.push(await tryOf(guesser, 'bind-self', { cardNumber: other.card, name: '李四' }));
    }
    expect(answers).toEqual(Array.from({ length: 5 }, () => 'bind-wrong'));
    expect(await tryOf(guesser, 'bind-self', { cardNumber: mine.card, name: '张三丰' })).toBe('bind-throttled');
  });
});
