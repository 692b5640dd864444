import { civilDate } from '../../kernel/index.js';
import { consentHolds, latestConsents, type ConsentState } from './consent.js';

const state = (version: number, more: Partial<ConsentState> = {}): ConsentState => (
  { grantee: 'relative', contactId: 'a', version, scopes: ['meals'], until: civilDate('2025-12-31'), withdrawn: false, ...more });
const holds = (versions: ConsentState[], scope: ConsentState['scopes'][number] = 'meals', contactId = 'a', on = '2025-01-01') => (
  consentHolds(versions, { grantee: 'relative', contactId, scope }, civilDate(on)));

it('lets a grantee do what the latest version says, and nothing of an earlier one', () => {
  const versions = [state(2, { scopes: ['ordering'] }), state(1, { scopes: ['meals', 'paying'] })];
  expect([holds(versions, 'ordering'), holds(versions, 'meals'), holds(versions, 'paying')]).toEqual([true, false, false]);
});

it('ends with its last day, and at once when it is withdrawn', () => {
  expect([holds([state(1)], 'meals', 'a', '2025-12-31'), holds([state(1)], 'meals', 'a', '2026-01-01')]).toEqual([true, false]);
  expect(holds([state(1), state(2, { withdrawn: true, scopes: [] })])).toBe(false);
});

it('is each person’s own', () => {
  expect(holds([state(1)], 'meals', 'b')).toBe(false);
  expect(latestConsents([state(1), state(1, { contactId: 'b' }), state(1, { grantee: 'canteen', contactId: null })])).toHaveLength(3);
});
