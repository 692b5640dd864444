import { civilDate } from '../../kernel/index.js';
import { isOfferedOn, type OfferDays } from './offer.js';

const days = (firstDay: string, lastDay: string | null = null): OfferDays => ({ firstDay: civilDate(firstDay), lastDay: lastDay === null ? null : civilDate(lastDay) });

it.each<[string, OfferDays[], string, boolean]>([
  ['nothing set', [], '2024-12-03', false],
  ['before the first day', [days('2024-12-04')], '2024-12-03', false],
  ['on the first day', [days('2024-12-03')], '2024-12-03', true],
  ['on the last day', [days('2024-12-01', '2024-12-03')], '2024-12-03', true],
  ['after the last day', [days('2024-12-01', '2024-12-02')], '2024-12-03', false],
  ['ended by a later one', [days('2024-12-02', '2024-12-02'), days('2024-12-01')], '2024-12-03', false],
  ['before a later one begins', [days('2024-12-05'), days('2024-12-01')], '2024-12-03', true],
  ['of two of one first day the one confirmed last', [days('2024-12-01', '2024-12-02'), days('2024-12-01')], '2024-12-03', false],
])('%s', (_, confirmed, date, offered) => {
  expect(isOfferedOn(confirmed, civilDate(date))).toBe(offered);
});
