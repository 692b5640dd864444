import { civilDate, fen } from '../../kernel/index.js';
import { CITY_ALONE, SITE, makeVersion } from '../../../test/support/make-version.js';
import { decideGrant, explainGrantInWords, recomputeFen, type GrantFacts, type SiteGrant } from './index.js';

const document = { id: 'doc', title: '办法', number: '测〔2024〕1号', date: '2024-01-01', issuer: '民政局', url: 'not published', sha256: 'ab'.repeat(32) };
const amount = { form: 'per-unit', fen: fen(50_000), of: 'squareMetres', capFen: fen(4_000_000) } as const;
const shared = { by: 'weights', cut: 'proportional', parts: ['city', 'county'].map((funder) => ({ funder, fen: null, weight: 1, lostWhenSiteOutside: null })) } as const;
const build: SiteGrant = {
  id: 'test/build', kind: 'construction', name: '建设补贴', per: 'once', when: {}, pick: 'highest', from: null, until: null, funding: shared,
  classes: [{ id: 'area', name: '按面积', when: {}, amount, clause: null, notes: [] }], document, clause: '第八条', notes: [],
};
const award: SiteGrant = {
  ...build, id: 'test/award', kind: 'award', name: '奖补', per: 'year', when: { monthsOpenFrom: 12 }, funding: CITY_ALONE,
  classes: [{ id: 'all', name: '全部', when: {}, amount: { form: 'fixed', fen: fen(100) }, clause: null, notes: ['未公布'] }],
};
const facts: GrantFacts = {
  on: civilDate('2024-12-03'), site: SITE, openedOn: civilDate('2023-12-03'), squareMetres: 60.5, seats: null, costFen: null, meals: null, diners: null, evaluation: null, earlier: [],
};
const version = makeVersion([], { siteGrants: [build, award] });
const decide = (over: Partial<GrantFacts> = {}) => decideGrant(version, { ...facts, ...over });

test('the sum of all grants, each with funders that add up and reasons that recompute', () => {
  const decision = decide();
  expect(decision).toMatchObject({ siteFen: 3_025_100, refusal: null, siteFunding: [{ funder: 'city', fen: 1_512_600 }, { funder: 'county', fen: 1_512_500 }, { funder: 'township', fen: 0 }] });
  expect(decision.reasons.map((reason) => [reason.ruleId, reason.fen, recomputeFen(JSON.parse(JSON.stringify(reason)) as typeof reason)])).toEqual([['test/build', 1_512_500, 1_512_500], ['test/build', 1_512_500, 1_512_500], ['test/award', 100, 100]]);
  expect(decision.reasons[0]).toMatchObject({ pays: 'site', versionSha256: '0'.repeat(64), facts: expect.arrayContaining([{ fact: 'square-metres', value: 60.5 }]) });
  expect(decision.reasons.at(-1)).toMatchObject({ assumed: true, notes: ['未公布'] });
});

test('the cap of an amount by area', () => {
  expect(decide({ squareMetres: 100 }).reasons[0]?.caps).toEqual([{ cap: 'percentage', limitFen: 4_000_000, beforeFen: 5_000_000, afterFen: 4_000_000 }]);
});

test('once is once, yearly is once a calendar year, whatever is not known is not met', () => {
  const outcome = (over: Partial<GrantFacts>) => decide(over).grants.map(({ refusal }) => refusal);
  expect(outcome({ earlier: [{ grant: 'build', on: civilDate('2019-01-01') }, { grant: 'award', on: civilDate('2024-01-01') }] })).toEqual(['already-granted', 'already-granted']);
  expect(outcome({ earlier: [{ grant: 'award', on: civilDate('2023-12-31') }] })).toEqual([null, null]);
  expect(outcome({ openedOn: null, squareMetres: null })).toEqual(['nothing-to-pay', 'not-open']);
  expect(outcome({ openedOn: civilDate('2023-12-04') })).toEqual([null, 'open-too-short']);
  expect(decide({ on: civilDate('2023-12-31') })).toMatchObject({ siteFen: 0, refusal: 'not-in-force', grants: [] });
});

test('the auditor reads paper, rule and facts, each by its SHA-256', () => {
  const words = explainGrantInWords(decide({ squareMetres: null }));
  for (const part of ['合计1.00元', '建设补贴：未给，投入或计量不知，或算得金额为零（nothing-to-pay）', '测〔2024〕1号', 'ab'.repeat(32), '申请日期=2024-12-03', '未公布而取值：未公布']) expect(words).toContain(part);
});
