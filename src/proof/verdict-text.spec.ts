import { INVARIANTS } from './invariants.store.js';
import { verdictJson, verdictTable } from './verdict-text.js';

const broken = { checked: INVARIANTS.length, violations: [{ id: 'I08', sentence: '每餐合计', count: 3, sample: ['price and parts differ x'] }] };

describe('a verdict in words', () => {
  it('counts what is broken, not how many invariants are', () => {
    expect(verdictJson(broken)).toEqual({ checked: INVARIANTS.length, violations: 3, list: broken.violations });
  });

  it('is a line for each invariant, with samples below the broken ones', () => {
    const lines = verdictTable(broken).split('\n');
    expect(lines.filter((line) => line.includes('✓'))).toHaveLength(INVARIANTS.length - 1);
    expect(lines.filter((line) => line.includes('✗'))).toEqual([expect.stringMatching(/I08 .*：3 处$/)]);
    expect(lines.some((line) => line.trim() === 'price and parts differ x')).toBe(true);
    expect(verdictTable({ checked: 1, violations: [] })).not.toContain('✗');
  });
});

describe('the list of invariants', () => {
  it('has each number once, each with a sentence, each statement naming the city', () => {
    expect(new Set(INVARIANTS.map(({ id }) => id)).size).toBe(INVARIANTS.length);
    for (const { sentence, sql } of INVARIANTS) {
      expect(sentence.length).toBeGreaterThan(8);
      expect(sql).toContain('$1::text IS NULL OR');
    }
  });
});
