import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { LineCounter, isMap, isNode, parseDocument, type Document, type YAMLParseError } from 'yaml';
import { remedyOf } from './remedy.js';
import { wrongSign } from './wrong-sign.js';

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

const keys = new Set<string>();

/** Gathers every key of the grammar while the schema is read. */
function remember(name: string, value: unknown): unknown {
  if (name === 'properties') Object.keys(value as object).forEach((key) => keys.add(key));
  return value;
}

function validatorOf(name: SchemaName): ValidateFunction {
  if (validators.size === 0) {
    const text = readFileSync(join(productPacks(), 'schema.json'), 'utf8');
    const schema = JSON.parse(text, remember) as { definitions: object };
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
 * @param checked what the schema looks at; left out: all that was read
 * @throws PackError naming file, line and remedy
 */
export function parseYaml<T>(file: string, text: string, schema: SchemaName | ((value: T) => SchemaName), checked: (value: T) => unknown = (value) => value): YamlFile<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const broken = document.errors[0];
  if (broken) throw unreadable(file, text, broken);
  const value = document.toJS() as T;
  const name = typeof schema === 'function' ? schema(value) : schema;
  const validate = validatorOf(name);
  if (!validate(checked(value))) {
    throwWrongSign(file, text);
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

/** A character of a Chinese keyboard or a tab explains an error better than what the parser made of it. */
function throwWrongSign(file: string, text: string): void {
  const sign = wrongSign(text, keys);
  if (sign !== null) throw new PackError(`${file}:${sign.line}：${sign.remedy}`);
}

function unreadable(file: string, text: string, broken: YAMLParseError): PackError {
  const line = broken.linePos?.[0].line ?? 1;
  if (broken.code === 'DUPLICATE_KEY') {
    const key = /^[^:\n]*/u.exec(text.slice(broken.pos[0]))?.[0].trim() ?? '';
    return new PackError(`${file}:${line}：键“${key}”写了两次，请只留一处`);
  }
  validatorOf('version');
  throwWrongSign(file, text);
  return new PackError(`${file}:${line}：YAML 写法有误，请检查缩进、冒号和引号（${broken.message.split('\n')[0] ?? ''}）`);
}

/** Of several errors the one that lies deepest is what the writer meant; a mistyped key tells more than the key it leaves missing. */
function mostTelling(errors: readonly ErrorObject[]): ErrorObject {
  const telling = errors.filter(({ keyword }) => keyword !== 'anyOf');
  const sorted = [...(telling.length > 0 ? telling : errors)];
  const known = (error: ErrorObject): number => (error.keyword === 'additionalProperties' ? 0 : 1);
  sorted.sort((a, b) => b.instancePath.split('/').length - a.instancePath.split('/').length || known(a) - known(b));
  return sorted[0] as ErrorObject;
}
