import { randomUUID } from 'node:crypto';
import { checkDigit } from '../../src/elder/domain/index.js';
import { chinaInstant, civilDate } from '../../src/kernel/index.js';
import type { KinRight } from '../../src/family/domain/index.js';
import { linesOf, readPdf } from '../support/pdf-text.js';
import { workCare } from '../support/care.js';
import { childPhone, elderPhone, type TestPhone } from '../support/mini.js';
import { policyTexts } from '../support/policy-texts.js';
import { SCAN } from '../support/publish-shipped.js';
import { TappingCity, type TestTill } from '../support/tapping-city.js';

/** What the class is called, by the rule, by the register, and by the code. */
const CLASS = /hardship|困难|低保|minLivingRecipient|categor|类别/;
const RULE = `      - {id: hardship, name: 低保困难老人, when: {anyCategory: [minLivingRecipient]}, amount: {fen: 800}}`;

/** Two of one age and place; only one is of the class that pays less. */
interface Person {
  readonly elderId: string;
  readonly card: string;
  readonly own: TestPhone;
  readonly children: Readonly<Record<'meals' | 'ordering' | 'paying', TestPhone>>;
}

let city: TappingCity;
let till: TestTill;
let siteId: string;
let poor: Person;
let other: Person;

async function person(serial: number, categories: object[]): Promise<Person> {
  const first17 = `37150219400601${serial}`;
  const card = `LC7777000${serial % 10}`;
  const { status, body } = await city.staffed.call('POST', '/v1/elders', {
    token: city.county, body: { id: randomUUID(), name: '诸葛明亮', identityNumber: first17 + checkDigit(first17), residenceCode: '371502001', cardNumber: card, categories },
  });
  expect(status).toBe(200);
  const { elderId } = body;
  const child = (...rights: KinRight[]) => childPhone(city, elderId, rights);
  return { elderId, card, own: await elderPhone(city, elderId), children: { meals: await child('meals'), ordering: await child('ordering'), paying: await child('ordering', 'paying') } };
}

beforeAll(async () => {
  city = await TappingCity.start();
  siteId = city.sites[0] as string;
  for (const [account, role] of [['drafter', 'cityOfficer'], ['signer', 'financeApprover']] as const) await city.staffed.add(account, [role]);
  await city.staffed.add('worker', ['communityWorker'], '371502001');
  const call = async (who: string, path: string, body: object) => city.staffed.call('POST', `/v1/policies/drafts${path}`, { token: await city.staffed.tokenOf(who), body: { id: randomUUID(), ...body } });
  const texts = policyTexts({ version: '2025', from: '2024-12-04', edit: (text) => text.replace(/( +- \{id: age70)/, `${RULE}\n$1`) });
  const packYaml = `${texts.packYaml}\ncategories:\n  minLivingRecipient: 低保对象\n`;
  const drafted = await call('drafter', '', { texts: { ...texts, packYaml }, documentNumber: '聊民〔2024〕9号', documentTitle: '补贴办法', scan: SCAN });
  expect(drafted).toMatchObject({ status: 201 });
  const { draftId, contentSha256 } = drafted.body;
  for (const [who, step] of [['drafter', 'submit'], ['signer', 'countersign']] as const) expect(await call(who, `/${draftId}/${step}`, { contentSha256 })).toMatchObject({ status: 200 });
  city.clock.set(chinaInstant(civilDate('2024-12-04'), 660));
  city.county = await city.staffed.tokenOf('county');
  poor = await person(711, [{ code: 'minLivingRecipient', from: '2024-01-01', source: '低保系统', evidence: '2024-1' }]);
  other = await person(722, []);
  till = await city.till();
}, 240_000);

afterAll(() => city?.close());

const menu = (phone: TestPhone, { elderId }: Person) => phone.get(`/v1/mini/sites/${siteId}/menu?elderId=${elderId}&days=3`);
const book = (phone: TestPhone, { elderId }: Person, mealDate: string) =>
  phone.post('/v1/mini/bookings', { id: randomUUID(), elderId, siteId, mealDate, mealPeriod: 'lunch', items: [{ itemCode: 'set', quantity: 1 }], way: 'dineIn', pay: 'atMeal' });
const bookings = (phone: TestPhone, { elderId }: Person) => phone.get(`/v1/mini/bookings?elderId=${elderId}`);
const priceOf = (answer: { body: { days: { meals: { mealPeriod: string; items: { split: { selfPayFen: number } }[] }[] }[] } }): number | undefined => answer.body.days[2]?.meals[0]?.items[0]?.split.selfPayFen;

describe('a class of people that pays less', () => {
  it('is what the elder sees the price of, and who may see the meals', async () => {
    expect([priceOf(await menu(poor.own, poor)), priceOf(await menu(other.own, other)), priceOf(await menu(poor.children.meals, poor))]).toEqual([700, 1200, 700]);
    const { body } = await till.tap({ card: poor.card });
    expect(body).toMatchObject({ outcome: 'accepted', subsidyFen: 800, selfPayFen: 700 });
  });

  it.each(['ordering', 'paying'] as const)('T24: is told by no price to a child with the right of %s alone', async (right) => {
    const [of, than] = [poor.children[right], other.children[right]];
    expect(priceOf(await menu(of, poor))).toBe(priceOf(await menu(than, other)));
    expect((await menu(of, poor)).body).toEqual((await menu(than, other)).body);
    const day = right === 'ordering' ? '2024-12-05' : '2024-12-06';
    const [mine, theirs] = [await book(of, poor, day), await book(than, other, day)];
    expect([mine.status, mine.body.expectedSelfPayFen, mine.body.priceFen]).toEqual([200, theirs.body.expectedSelfPayFen, theirs.body.priceFen]);
    const listed = await bookings(of, poor);
    expect(listed.body.items[0]).toMatchObject(right === 'ordering' ? { expectedFen: null, paidFen: null, usedFen: null, refundFen: null, keptFen: null } : { expectedFen: 0, paidFen: 0 });
  });

  it('T24: is named in no answer to any child: menu, booking, history, statement, notices', async () => {
    await workCare(city);
    for (const [right, phone] of Object.entries(poor.children)) {
      const reads = [await menu(phone, poor), await bookings(phone, poor), await phone.get('/v1/mini/me'), await phone.get('/v1/mini/notices'), await phone.get(`/v1/mini/sites?elderId=${poor.elderId}`)];
      if (right === 'meals') {
        const told = await phone.get(`/v1/mini/elders/${poor.elderId}/meals?month=2024-12`);
        expect(told.body.items[0]).toMatchObject({ selfPayFen: 700, words: '原价15元，市补4元，县补4元，您付7元' });
        reads.push(told, await phone.get(`/v1/mini/elders/${poor.elderId}/statement?month=2024-12`));
        expect(reads[3]?.body.items).toHaveLength(3);
      }
      for (const { status, body } of reads) {
        expect(status).toBe(200);
        expect(JSON.stringify(body)).not.toMatch(CLASS);
      }
    }
  });

  it('is named on no paper that is taken home', async () => {
    const token = await city.staffed.tokenOf('worker');
    const { statusCode, rawPayload } = await city.service.app.inject({ method: 'GET', url: `/v1/elders/${poor.elderId}/statement.pdf?month=2024-12`, headers: { authorization: `Bearer ${token}` } });
    expect(statusCode).toBe(200);
    const text = linesOf(readPdf(rawPayload)).join('\n');
    expect(text).toContain('您付7元');
    expect(text).not.toMatch(CLASS);
  });
});
