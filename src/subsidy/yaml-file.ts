import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { LineCounter, isMap, isNode, parseDocument, type Document } from 'yaml';

/** A pack, version or case file that cannot be used; the message names file, line and what to do. */
export class PackError extends Error {
  override readonly name = 'PackError';
}

export type SchemaName = 'pack' | 'version' | 'case' | 'cases' | 'calendar' | 'paper';
export type YamlPath = readonly (string | number)[];

/** A file that was read, checked against its schema, and still knows its lines. */
export interface YamlFile<T> {
  readonly file: string;
  readonly sha256: string;
  readonly value: T;
  /** @throws PackError with the line of a path inside the file */
  complain(path: YamlPath, message: string): never;
  /** The line of a path inside the file, or of the nearest part above it that is there. */
  lineAt(path: YamlPath): number;
}

/** The folder `packs/` of the product, found upward from this file (source or build). */
export function productPacks(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'packs', 'schema.json'))) return join(folder, 'packs');
    if (dirname(folder) === folder) throw new PackError('packs/schema.json 不在程序目录中，请重新安装');
  }
}

const validators = new Map<SchemaName, ValidateFunction>();

function validatorOf(name: SchemaName): ValidateFunction {
  if (validators.size === 0) {
    const schema = JSON.parse(readFileSync(join(productPacks(), 'schema.json'), 'utf8')) as { definitions: object };
    const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true, strictRequired: false, strictTypes: false });
    ajv.addSchema(schema, 'packs');
    for (const definition of ['pack', 'version', 'case', 'cases', 'calendar', 'paper'] as const) {
      validators.set(definition, ajv.compile({ $ref: `packs#/definitions/${definition}` }));
    }
  }
  return validators.get(name) as ValidateFunction;
}

function lineOf(document: Document, lines: LineCounter, path: YamlPath): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function lineOfKey(document: Document, lines: LineCounter, path: YamlPath, key: string): number {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  const pair = isMap(node) ? node.items.find((item) => String((item.key as { value?: unknown }).value) === key) : undefined;
  const range = isNode(pair?.key) ? pair.key.range : undefined;
  return range ? lines.linePos(range[0]).line : lineOf(document, lines, path);
}

/** Number of single-letter changes between two words, to guess what was meant. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

function nearest(word: string, words: readonly string[]): string | undefined {
  const sorted = [...words].sort((a, b) => distance(word, a) - distance(word, b));
  return sorted[0] !== undefined && distance(word, sorted[0]) <= 3 ? sorted[0] : undefined;
}

function remedyOf(error: ErrorObject): string {
  const parent = error.parentSchema as { properties?: object; description?: string } | undefined;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params['additionalProperty']);
      const known = Object.keys(parent?.properties ?? {});
      const meant = nearest(key, known);
      return `不认识的键“${key}”，${meant === undefined ? `这里可用：${known.join('、')}` : `是否想写“${meant}”？`}`;
    }
    case 'required':
      return `缺少“${String(error.params['missingProperty'])}”，请补上`;
    case 'dependencies':
      return '写了 assumed: true 就要用 note 说明哪个数字未公布、为何这样取';
    case 'enum':
      return `应为以下之一：${(error.params['allowedValues'] as unknown[]).join('、')}`;
    case 'const':
      return `只能写 ${JSON.stringify(error.params['allowedValue'])}`;
    case 'pattern':
      return `格式不对${parent?.description === undefined ? '' : `（${parent.description}）`}；代码要加引号，日期写作 2024-05-17`;
    case 'type':
      return `类型不对，应为 ${String(error.params['type'])}${parent?.description === undefined ? '' : `（${parent.description}）`}；行政区划代码要加引号，金额写整数分`;
    default:
      return `${error.message ?? '不符合格式'}${parent?.description === undefined ? '' : `（${parent.description}）`}`;
  }
}

function pathOfPointer(pointer: string): YamlPath {
  return pointer.split('/').slice(1).map((part) => {
    const name = part.replace(/~1/g, '/').replace(/~0/g, '~');
    return /^\d+$/.test(name) ? Number(name) : name;
  });
}

/**
 * Reads a YAML (or JSON) file and checks it against a definition of `packs/schema.json`.
 * @param schema the definition, or a function that picks it by what was read
 * @throws PackError naming file, line and remedy
 */
export function readYaml<T>(file: string, schema: SchemaName | ((value: T) => SchemaName)): YamlFile<T> {
  return parseYaml(file, readText(file), schema);
}

/** @throws PackError when the file cannot be read */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new PackError(`${file}：读不到这个文件，请检查路径`);
  }
}

/**
 * The same for a text that is at hand.
 * @param file the name that errors speak of
 * @throws PackError naming file, line and remedy
 */
export function parseYaml<T>(file: string, text: string, schema: SchemaName | ((value: T) => SchemaName)): YamlFile<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const broken = document.errors[0];
  if (broken) throw new PackError(`${file}:${broken.linePos?.[0].line ?? 1}：YAML 写法有误，请检查缩进、冒号和引号（${broken.message.split('\n')[0] ?? ''}）`);
  const value = document.toJS() as T;
  const name = typeof schema === 'function' ? schema(value) : schema;
  const validate = validatorOf(name);
  if (!validate(value)) {
    const error = mostTelling(validate.errors ?? []);
    const path = pathOfPointer(error.instancePath);
    const extra = error.keyword === 'additionalProperties' ? String(error.params['additionalProperty']) : null;
    const line = extra === null ? lineOf(document, lines, path) : lineOfKey(document, lines, path, extra);
    throw new PackError(`${file}:${line}：${path.join('.') || '文件'} ${remedyOf(error)}`);
  }
  return {
    file,
    sha256: createHash('sha256').update(text).digest('hex'),
    value,
    lineAt: (path) => lineOf(document, lines, path),
    complain: (path, message) => {
      throw new PackError(`${file}:${lineOf(document, lines, path)}：${path.join('.')} ${message}`);
    },
  };
}

/** Of several errors the one that lies deepest is what the writer meant; a mistyped key tells more than the key it leaves missing. */
function mostTelling(errors: readonly ErrorObject[]): ErrorObject {
  const telling = errors.filter(({ keyword }) => keyword !== 'anyOf');
  const sorted = [...(telling.length > 0 ? telling : errors)];
  const known = (error: ErrorObject): number => (error.keyword === 'additionalProperties' ? 0 : 1);
  sorted.sort((a, b) => b.instancePath.split('/').length - a.instancePath.split('/').length || known(a) - known(b));
  return sorted[0] as ErrorObject;
}
