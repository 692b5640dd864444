import { civilDate } from '../../kernel/index.js';
import { isKinRight, rightsOf } from './rights.js';

const day = civilDate('2024-12-03');
const kin = { isSelf: false, scopes: ['meals', 'paying', 'photo'], until: day, contactHolds: true } as const;

describe('rightsOf', () => {
  it('gives the elder everything, a relative what was consented to until the last day', () => {
    expect(rightsOf({ isSelf: true }, day)).toEqual(['meals', 'ordering', 'paying']);
    expect(rightsOf(kin, day)).toEqual(['meals', 'paying']);
    expect(rightsOf(kin, civilDate('2024-12-04'))).toEqual([]);
  });

  it('gives nothing without a consent, or to whom the elder no longer counts a contact', () => {
    expect(rightsOf({ ...kin, until: null, scopes: [] }, day)).toEqual([]);
    expect(rightsOf({ ...kin, contactHolds: false }, day)).toEqual([]);
  });
});

it('a photo is no matter of relatives', () => {
  expect(['meals', 'ordering', 'paying', 'photo', 'x'].filter(isKinRight)).toEqual(['meals', 'ordering', 'paying']);
});
