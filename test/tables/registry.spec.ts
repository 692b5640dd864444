import { readFileSync } from 'node:fs';
import { AUTHORITY_NAMES, CATEGORY_CODES, categoryRule, DISPUTE_TABLE, type Authority } from '../../src/elder/domain/index.js';
import { drawMoves } from '../../src/eligibility/domain/index.js';

const text = readFileSync('docs/registry.md', 'utf8');

it('the manual names every category with the authority that decides it, and no other', () => {
  const rows = [...text.matchAll(/^\| `(\w+)` \| (\S+) \| (\w+) \| (\S+) \|$/gm)].map(([, code, name, authority, words]) => [code, name, authority, words]);
  expect(rows).toEqual(CATEGORY_CODES.map((code) => {
    const rule = categoryRule(code);
    return [code, rule?.name, rule?.authority, AUTHORITY_NAMES[rule?.authority as Authority]];
  }));
});

it('the manual draws the moves of applications and disputes as they are', () => {
  expect(text).toContain(`\n${drawMoves()}\n`);
  const moves = Object.entries(DISPUTE_TABLE).flatMap(([state, next]) => Object.entries(next).map(([move, to]) => `  ${state} --> ${to}: ${move}`));
  expect(text).toContain(`\n${['stateDiagram-v2', '  [*] --> open', ...moves].join('\n')}\n`);
});
