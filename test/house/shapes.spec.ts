import { filesBelow, type TextFile } from './tree.js';

/** Classes that shape bodies and answers and are declared more than once. Those of addresses and queries stand in no schema. */
function declaredTwice(files: readonly TextFile[]): [name: string, paths: string[]][] {
  const declared = new Map<string, string[]>();
  for (const { path, text } of files) {
    for (const [, name = ''] of text.matchAll(/^export class (\w+)/gm)) {
      if (!/(Params|Query)$/.test(name)) declared.set(name, [...(declared.get(name) ?? []), path]);
    }
  }
  return [...declared].filter(([, paths]) => paths.length > 1);
}

it('every shape of the API has a name of its own: two of one name would be one schema, and wrong for one of them', () => {
  const files = filesBelow('src').filter(({ path }) => path.endsWith('.dto.ts'));
  expect(files.length).toBeGreaterThan(20);
  expect(declaredTwice(files)).toEqual([]);
  expect(declaredTwice([...files, { path: 'planted.dto.ts', text: 'export class TapBody {}' }])).toHaveLength(1);
});
