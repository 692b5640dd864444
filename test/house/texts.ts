import type { TextFile } from './tree.js';

/**
 * What the tools for imports and style cannot see. Each function takes files and gives the places that break its rule,
 * `path: what is wrong`.
 */

const isSpec = (path: string): boolean => path.endsWith('.spec.ts');
const inProduct = (file: TextFile): boolean => file.path.startsWith('src/') && !isSpec(file.path);

/** The text without comments, so that a rule may be talked about. Line breaks stay. */
function code(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[\s;{}(,])\/\/[^\n]*/g, '$1');
}

function places(file: TextFile, pattern: RegExp, what: string): string[] {
  return code(file.text).split('\n').flatMap((line, index) => (pattern.test(line) ? [`${file.path}:${index + 1}: ${what}`] : []));
}

/** SQL lives in stores: only they, and the platform, ask the database. */
export function sqlOutsideStores(files: readonly TextFile[]): string[] {
  return files
    .filter((file) => inProduct(file) && !file.path.startsWith('src/platform/') && !file.path.endsWith('.store.ts'))
    .flatMap((file) => places(file, /\.query\s*[<(]/, 'a statement outside a *.store.ts'));
}

/** The time comes from the clock that is handed in, so that a test and the demo can set it. */
export function clockOutsideClock(files: readonly TextFile[]): string[] {
  // A simulation's processes are told the time: these two files are their clock.
  const mayRead = ['src/kernel/clock.ts', 'src/main.ts', 'src/worker.ts', 'src/simulate/preload.ts', 'src/simulate/story-clock.ts'];
  return files
    .filter((file) => inProduct(file) && !mayRead.includes(file.path) && !file.path.startsWith('src/platform/telemetry/'))
    .flatMap((file) => places(file, /\bDate\.now\b|\bnew Date\(\s*\)/, 'reads the system clock'));
}

/** Programs that measure or play, beside the service and not in it. */
const BESIDE = ['src/bench/', 'src/simulate/', 'src/openapi.cli.ts'];

/**
 * F24: there is one way to the database, and it leads to the server that takes the writes. A second address, of a
 * replica that lags, is how money gets decided on what is no longer so.
 */
export function secondDatabases(files: readonly TextFile[]): string[] {
  return files
    .filter((file) => inProduct(file) && !BESIDE.some((folder) => file.path.startsWith(folder)))
    .flatMap((file) => [
      ...(/^src\/platform\/(db|jobs)\//.test(file.path) ? [] : places(file, /\bnew (pg\.)?(Client|Pool|DataSource)\s*\(/, 'a connection outside the platform')),
      ...places(file, /\b\w*(REPLICA|STANDBY|READ_ONLY|READER)_?(URL|HOST|DATABASE)|target_session_attrs|replication:\s*\{/i, 'another address of the database'),
    ]);
}

const MOST_LINES = 400;

/** A file that does not fit into a head is two files. */
export function longFiles(files: readonly TextFile[]): string[] {
  return files.filter((file) => /\.(ts|tsx|mjs|cjs)$/.test(file.path)).flatMap((file) => {
    const lines = file.text.split('\n').length - 1;
    return lines > MOST_LINES ? [`${file.path}: ${lines} lines, at most ${MOST_LINES}`] : [];
  });
}

/** What may not be written at all. */
export function unfinished(files: readonly TextFile[]): string[] {
  return files.filter((file) => !file.path.startsWith('test/house/')).flatMap((file) =>
    file.text.split('\n').flatMap((line, index) =>
      (/\b(TODO|FIXME|XXX)\b|@ts-(ignore|nocheck|expect-error)|(eslint|oxlint)-disable/.test(line) ? [`${file.path}:${index + 1}: ${line.trim()}`] : [])));
}

const DEFINED = /^\s*'?([a-z][a-z0-9-]*)'?:\s*\{\s*status:/gm;
const NAMED = /(?:\brefuse|\bnew ProblemException|\bproblemBody)\(\s*'([a-z0-9-]+)'/g;

function definesProblems(file: TextFile): boolean {
  return file.text.includes('defineProblems(');
}

/** Codes that files define in the problem table. */
export function definedCodes(files: readonly TextFile[]): string[] {
  return files.filter((file) => inProduct(file) && definesProblems(file)).flatMap((file) => [...file.text.matchAll(DEFINED)].map((match) => match[1] as string));
}

/** Codes that are refused with and stand in no table: they would answer 500. */
export function codesWithoutSentence(files: readonly TextFile[]): string[] {
  const defined = new Set(definedCodes(files));
  return files.filter(inProduct).flatMap((file) =>
    [...code(file.text).matchAll(NAMED)].filter((match) => !defined.has(match[1] as string)).map((match) => `${file.path}: ${match[1]} has no sentence`));
}

/** Codes of the table that no code names: sentences that nobody ever reads. */
export function codesWithoutUse(files: readonly TextFile[]): string[] {
  const product = files.filter(inProduct).map((file) => code(definesProblems(file) ? file.text.replace(DEFINED, '') : file.text));
  return definedCodes(files).filter((name) => !product.some((text) => text.includes(`'${name}'`)));
}
