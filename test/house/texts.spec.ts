import { clockOutsideClock, codesWithoutSentence, codesWithoutUse, definedCodes, longFiles, secondDatabases, sqlOutsideStores, unfinished } from './texts.js';
import { filesBelow, type TextFile } from './tree.js';

const written = filesBelow('src', 'migrations', 'test', 'web', 'scripts');
const file = (path: string, text: string): TextFile => ({ path, text });

describe('the written files', () => {
  it('are all seen', () => {
    expect(written.length).toBeGreaterThan(150);
    expect(definedCodes(written).length).toBeGreaterThan(60);
  });

  it.each([
    ['keep SQL in stores', sqlOutsideStores],
    ['take the time from the clock', clockOutsideClock],
    ['F24: know one database', secondDatabases],
    ['fit into a head', longFiles],
    ['are finished', unfinished],
    ['have a sentence for each refusal', codesWithoutSentence],
    ['have a use for each sentence', codesWithoutUse],
  ])('%s', (_, rule) => {
    expect(rule(written)).toEqual([]);
  });
});

describe('each rule sees what it is for', () => {
  it.each([
    ['a statement in a use case', sqlOutsideStores, [file('src/tap/record.ts', `await tx.query<Row>('SELECT 1')`)], 1],
    ['a statement under another name', sqlOutsideStores, [file('src/tap/record.ts', `transaction.query('SELECT 1')`)], 1],
    ['a statement in a store or the platform', sqlOutsideStores, [file('src/tap/tap.store.ts', 'tx.query(sql)'), file('src/platform/db/x.ts', 'tx.query(sql)')], 0],
    ['the query of a request', sqlOutsideStores, [file('src/tap/tap.controller.ts', 'const { limit } = request.query;')], 0],
    ['the system clock', clockOutsideClock, [file('src/tap/a.ts', 'const a = Date.now();'), file('src/tap/b.ts', 'const b = new Date();')], 2],
    ['the system clock in the clock', clockOutsideClock, [file('src/kernel/clock.ts', 'now: () => Date.now()'), file('src/tap/a.ts', 'new Date(instant) // not new Date()')], 0],
    ['a read replica', secondDatabases, [file('src/platform/config/settings.ts', `const url = environment['DATABASE_REPLICA_URL'];`), file('src/platform/db/a.ts', `url += '?target_session_attrs=any'`), file('src/tap/a.ts', 'new pg.Client({ connectionString })')], 3],
    ['the one database', secondDatabases, [file('src/platform/db/a.ts', 'new DataSource({ url })'), file('src/bench/a.ts', 'new pg.Client()')], 0],
    ['a long file', longFiles, [file('src/tap/a.ts', 'x\n'.repeat(401)), file('src/tap/b.ts', 'x\n'.repeat(400))], 1],
    ['a promise for later', unfinished, [file('src/tap/a.ts', `// ${'TO'}${'DO'} later`), file('test/a.spec.ts', `// @ts-${'ignore'}`), file('src/b.ts', `/* eslint-${'disable'} */`)], 3],
    ['a refusal without a sentence', codesWithoutSentence, [
      file('src/tap/tap.problems.ts', `export const p = defineProblems({\n  'card-frozen': { status: 409, sentence: '…' },\n});`),
      file('src/tap/a.ts', `return refuse('card-frozen'); return refuse('card-melted', { at: 1 }); throw new ProblemException('card-gone');`),
    ], 2],
    ['a sentence without a use', codesWithoutUse, [
      file('src/tap/tap.problems.ts', `export const p = defineProblems({\n  'card-frozen': { status: 409, sentence: '…' },\n  'card-melted': { status: 409, sentence: '…' },\n  busy: { status: 503, sentence: '…' },\n});`),
      file('src/tap/a.ts', `// 'card-melted'\nreturn { code: 'card-frozen' };`),
      file('src/tap/a.spec.ts', `expect(code).toBe('busy')`),
    ], 2],
  ])('%s', (_, rule, files, found) => {
    expect(rule(files)).toHaveLength(found);
  });
});
