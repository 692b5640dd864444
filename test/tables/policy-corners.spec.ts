import { parse } from 'yaml';
import { compilePackTexts, decideCase, differences, type CaseDecision } from '../../src/subsidy/cases.js';
import { loadCalendars } from '../../src/subsidy/load-packs.js';
import { PackLibrary } from '../../src/subsidy/pack-library.js';
import { casesText, fence, versionOf } from '../support/manual-pack.js';

/** Decides rows of a version as the manual's recipes are written: both in YAML. */
function decided(version: string, rows: string): { differences: unknown[]; decisions: CaseDecision[] } {
  const written = parse(version) as Record<string, unknown>;
  const from = String(written['from'] ?? '2020-01-01');
  const { pack, cases } = compilePackTexts({
    packYaml: fence('pack: anping'), versionYamls: [{ name: `${from}-1.yaml`, text: versionOf(written) }],
    caseYamls: [{ name: 'cases.yaml', text: casesText(parse(rows) as object[]) }],
  });
  const library = new PackLibrary([pack], loadCalendars());
  const decisions = cases.map((row) => decideCase(pack, library, row));
  return { differences: cases.map((row, index) => differences(row.facts.expect ?? {}, decisions[index] as CaseDecision)).filter((found) => found.length > 0), decisions };
}

const LOST = `{parts: [{funder: city, fen: 300}, {funder: county, fen: 300}, {funder: township, rest: true, lostWhenSiteOutside: {of: hukou, level: township}}]}`;
const AWAY = "elder: {hukou: '131125101'}, site: {division: '131125102'}";

test.each<[string, string, string]>([
  ['a site outside the scope gets no money that no meal decides', `
rules: []
siteGrants: [{id: build, kind: construction, amount: {fen: 1000}}, {id: aid, kind: award, until: 2023-12-31, amount: {fen: 1000}}]`, `
- {site: {division: '131126'}, grant: {on: 2024-06-05}, expect: {siteFen: 0, refusal: site-not-covered, grants: {build: site-not-covered, aid: ended}, siteFunding: {city: 0, county: 0, township: 0}}}
- {grant: {on: 2024-06-05}, expect: {siteFen: 1000}}`],
  ['what the elder keeps paying holds over groups', `
rules:
  - {id: a, amount: {fen: 500}, selfPay: {atLeastFen: 100}}
  - {id: b, group: b, amount: {fen: 500}}
  - {id: c, group: c, amount: {fen: 500}, selfPay: {atLeastFen: 50}}`, `
- {meal: {priceFen: 800}, expect: {subsidyFen: 700, selfPayFen: 100}}
- {meal: {priceFen: 600}, expect: {subsidyFen: 500, selfPayFen: 100}}
- {meal: {priceFen: 1700}, expect: {subsidyFen: 1500, selfPayFen: 200}}`],
  ['the larger of two groups decides what the elder keeps paying', `
rules:
  - {id: a, amount: {fen: 500}, selfPay: {atLeastFen: 100}}
  - {id: b, group: b, amount: {fen: 500}, selfPay: {atLeastPercent: 30}}`, `
- {meal: {priceFen: 800}, expect: {subsidyFen: 560, selfPayFen: 240}}
- {meal: {priceFen: 200}, expect: {subsidyFen: 100, selfPayFen: 100}}`],
  ['a bill above the subsidy is above all that groups give together', `
rules:
  - {id: a, amount: {fen: 500}, bill: {aboveSubsidy: true}}
  - {id: b, group: b, amount: {fen: 200}, bill: {aboveSubsidy: true}}`, `
- {meal: {priceFen: 650}, expect: {subsidyFen: 500, selfPayFen: 150}}
- {meal: {priceFen: 700}, expect: {subsidyFen: 500}}
- {meal: {priceFen: 701}, expect: {subsidyFen: 700, selfPayFen: 1}}
- {meal: {priceFen: 500}, expect: {subsidyFen: 200}}`],
  ['the highest class is the one that pays most after its losses', `
classes:
  - {id: a, name: 甲, amount: {fen: 900}, funding: ${LOST}}
  - {id: b, name: 乙, amount: {fen: 700}}`, `
- {${AWAY}, expect: {subsidyFen: 700, class: b, funding: {city: 700, county: 0, township: 0}}}
- {elder: {hukou: '131125101'}, site: {division: '131125101'}, expect: {subsidyFen: 900, class: a}}`],
  ['and after the threshold of the bill', `
bill: {aboveSubsidy: true}
classes:
  - {id: a, name: 甲, amount: {fen: 900}}
  - {id: b, name: 乙, amount: {fen: 700}}`, `
- {meal: {priceFen: 800}, expect: {subsidyFen: 700, class: b}}
- {meal: {priceFen: 901}, expect: {subsidyFen: 900, class: a}}
- {meal: {priceFen: 700}, expect: {subsidyFen: 0, refusal: bill-too-low}}`],
  ['of classes that pay the same the first is taken, also where the bill makes them the same', `
classes:
  - {id: a, name: 甲, amount: {fen: 500}}
  - {id: b, name: 乙, amount: {fen: 600}, funding: {parts: [{funder: county, rest: true}]}}`, `
- {meal: {priceFen: 500}, expect: {subsidyFen: 500, class: a, funding: {city: 500, county: 0, township: 0}}}
- {meal: {priceFen: 501}, expect: {subsidyFen: 501, class: b}}`],
  ['the same where self-pay or an allowance makes them the same', `
selfPay: {atLeastFen: 700}
limits: [{per: month, fen: 400}]
classes:
  - {id: a, name: 甲, amount: {fen: 400}}
  - {id: b, name: 乙, amount: {fen: 600}}`, `
- {expect: {subsidyFen: 400, class: a}}`],
  ['a class whose own allowance is used up gives way', `
classes:
  - {id: a, name: 甲, amount: {fen: 500}, limits: [{per: month, fen: 600}]}
  - {id: b, name: 乙, amount: {fen: 300}}`, `
- {earlier: [{date: 2024-06-03}], expect: {subsidyFen: 300, class: b}}
- {expect: {subsidyFen: 500, class: a}}`],
  ['before the first version and after its last day a pack is not in force', `
version: '1'
from: 2022-01-01
to: 2024-12-31
amount: {fen: 300}
rules: [{id: meal, amount: {fen: 300}}]
`.replace('amount: {fen: 300}\nrules', 'rules'), `
- {meal: {date: 2021-12-31}, expect: {subsidyFen: 0, version: null, refusal: not-in-force, funding: {city: 0, county: 0, township: 0}}}
- {meal: {date: 2025-01-01}, expect: {subsidyFen: 0, version: null, refusal: not-in-force}}
- {meal: {date: 2024-12-31}, expect: {subsidyFen: 300, version: '1', refusal: null}}`],
  ['a group that hangs on another, or lies elsewhere, does not hide why the first did not pay', `
rules:
  - {id: a, when: {age: {from: 70}}, amount: {fen: 300}, limits: [{per: day, count: 1}]}
  - {id: b, group: b, onlyWithSubsidy: true, amount: {fen: 100}}
  - {id: c, group: c, when: {siteIn: ['131125102']}, amount: {fen: 100}}`, `
- {elder: {age: 69}, expect: {refusal: too-young}}
- {earlier: [{date: 2024-06-05, period: breakfast}], expect: {refusal: second-meal-today}}`],
  ['also where the dependent group is written first, or stands alone', `
rules:
  - {id: b, onlyWithSubsidy: true, amount: {fen: 100}}
  - {id: a, group: a, when: {age: {from: 70}}, amount: {fen: 300}}`, `
- {elder: {age: 69}, expect: {refusal: too-young}}`],
])('%s', (_, version, rows) => {
  expect(decided(version, rows).differences).toEqual([]);
});

describe('what a day is', () => {
  const RULE = 'classes: [{id: a, name: 甲, when: {workdaysOnly: true}, amount: {fen: 300}}, {id: b, name: 乙, when: {days: [holiday]}, amount: {fen: 400}}]';

  test('is by the calendar of 2026 as published', () => {
    expect(decided(RULE, `
- {meal: {date: 2026-02-23}, expect: {subsidyFen: 400}}
- {meal: {date: 2026-02-24}, expect: {subsidyFen: 300}}
- {meal: {date: 2026-02-28}, expect: {subsidyFen: 300}}
- {meal: {date: 2026-10-01}, expect: {subsidyFen: 400}}
- {meal: {date: 2026-10-08}, expect: {subsidyFen: 300}}
- {meal: {date: 2026-10-10}, expect: {subsidyFen: 300}}
- {meal: {date: 2026-10-11}, expect: {subsidyFen: 0}}`).differences).toEqual([]);
  });

  test('is assumed in a year without a calendar, where a rule looked at it', () => {
    const [guessed] = decided(RULE, '- {meal: {date: 2031-10-01}}').decisions;
    expect(guessed?.reasons[0]).toMatchObject({
      assumed: true, notes: ['没有装入2031年的国务院放假安排，按周一至周五上班推定。'], facts: expect.arrayContaining([{ fact: 'workday', value: true, source: 'plain-week' }]),
    });
    const known = [...decided(RULE, "- {meal: {date: 2026-10-01}}\n- {meal: {date: 2031-10-01, workday: true}}").decisions, ...decided('amount: {fen: 300}', '- {meal: {date: 2031-10-01}}').decisions];
    expect(known.map(({ reasons }) => [reasons[0]?.assumed, reasons[0]?.notes])).toEqual([[false, []], [false, []], [false, []]]);
  });
});

test('a row may say another age than the base, take keys of the base away, and name a place by its narrowest code', () => {
  const { pack, cases } = compilePackTexts({
    packYaml: fence('pack: anping'), versionYamls: [{ name: '2020-01-01-1.yaml', text: versionOf({ when: { hukou: ['pack'], age: { from: 70 } }, classes: [{ id: 'a', name: '甲', when: { delivered: true }, amount: { fen: 100 } }, { id: 'b', name: '乙', amount: { fen: 300 } }], pick: 'first' }) }],
    caseYamls: [{ name: 'cases.yaml', text: `
base:
  elder: {age: 60, hukou: '131125', died: 2024-06-01}
  meal: {date: 2024-06-05, period: lunch, priceFen: 1200, delivered: true}
cases:
  - {elder: {born: 1954-06-05}, expect: {subsidyFen: 0, refusal: deceased}}
  - {elder: {born: 1954-06-05, died: null}, expect: {subsidyFen: 100}}
  - {elder: {born: 1954-06-05, died: null}, meal: {delivered: null}, expect: {subsidyFen: 300}}
  - {elder: {age: 70, died: null, hukou: ['131125101', '131121']}, expect: {subsidyFen: 100}}
  - {elder: {age: 70, died: null, hukou: null, residence: '131125'}, expect: {subsidyFen: 0, refusal: not-hukou}}
` }],
  });
  const library = new PackLibrary([pack], loadCalendars());
  expect(cases.map((row) => differences(row.facts.expect ?? {}, decideCase(pack, library, row)))).toEqual([[], [], [], [], []]);
});

test('in the gap between two versions a pack is not in force, though the one before has no last day of its own', () => {
  const version = (from: string, to: string | null): string => versionOf({ version: from, from, ...(to === null ? {} : { to }), rules: [{ id: 'meal', amount: { fen: 300 } }], siteGrants: [{ id: 'build', kind: 'construction', amount: { fen: 5 } }] });
  const { pack, cases } = compilePackTexts({
    packYaml: fence('pack: anping'),
    versionYamls: [['2020-01-01', null], ['2021-01-01', '2023-12-31'], ['2024-07-01', null]].map(([from, to]) => ({ name: `${from ?? ''}-1.yaml`, text: version(from ?? '', to ?? null) })),
    caseYamls: [{ name: 'cases.yaml', text: casesText(parse(`
- {meal: {date: 2023-12-31}, expect: {subsidyFen: 300, version: '2021-01-01'}}
- {meal: {date: 2024-01-01}, expect: {subsidyFen: 0, version: null, refusal: not-in-force}}
- {meal: {date: 2024-07-01}, expect: {subsidyFen: 300, version: '2024-07-01'}}
- {grant: {on: 2024-06-30}, expect: {siteFen: 0, version: null, refusal: not-in-force, funding: {city: 0, county: 0, township: 0}}}`) as object[]) }],
  });
  const library = new PackLibrary([pack], loadCalendars());
  expect(cases.map((row) => differences(row.facts.expect ?? {}, decideCase(pack, library, row)))).toEqual([[], [], [], []]);
});
