import { randomUUID } from 'node:crypto';
import { TappingCity, type TestTill } from '../support/tapping-city.js';

let city: TappingCity;
let till: TestTill;

beforeAll(async () => {
  city = await TappingCity.start();
  till = await city.till();
}, 120_000);
afterAll(() => city?.close());

const upload = async (card: string, deviceTime: string) => {
  const { body } = await till.send('/v1/taps/upload', { taps: [till.body({ card, deviceTime })] });
  return body.results[0].answer;
};

it('a meal that is sent after a move is decided by where the elder belonged on its day', async () => {
  const { elderId, card } = await city.elder();
  const moved = await city.staffed.call('POST', `/v1/elders/${elderId}/homes`, {
    token: city.county, body: { id: randomUUID(), kind: 'residence', divisionCode: '110105', from: '2024-12-03', source: '派出所' },
  });
  expect(moved).toMatchObject({ status: 200 });
  expect(await upload(card, '2024-12-02T18:00:00+08:00')).toMatchObject({ outcome: 'accepted', subsidyFen: 300 });
  expect(await upload(card, '2024-12-03T11:30:00+08:00')).toMatchObject({ outcome: 'accepted', subsidyFen: 0, selfPayFen: 1500 });
});
