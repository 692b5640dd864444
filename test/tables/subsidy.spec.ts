import { casesOf, decideCase, differences } from '../../src/subsidy/cases.js';
import { PackLibrary } from '../../src/subsidy/pack-library.js';

const library = PackLibrary.load();

describe.each(library.all().map((pack) => [pack.source.pack, pack] as const))('%s', (_, pack) => {
  const cases = casesOf(pack);

  test('has at least ten cases for each version', () => {
    for (const { version } of pack.versions) {
      const own = cases.filter((each) => decideCase(pack, library, each).version === version);
      expect([version, own.length >= 10]).toEqual([version, true]);
    }
  });

  test.each(cases.map((each) => [each.name, each] as const))('%s', (_name, each) => {
    expect(each.facts.expect).toBeDefined();
    expect(differences(each.facts.expect ?? {}, decideCase(pack, library, each))).toEqual([]);
  });
});
