import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { DraftTexts } from './draft-texts.js';
import type { NamedText } from './load-packs.js';
import { productPacks } from './yaml-file.js';

function textsIn(folder: string): NamedText[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith('.yaml')).sort().map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

/** What lets a version that was in force before it is adopted keep its first day. */
export interface BackdatedBy {
  /** A document of the pack, by its id there. */
  readonly document: string;
  readonly clause: string;
}

/**
 * The texts of a version that the product ships, for a city that adopts it; null where there is no such pack or version.
 * The pack's cases come along whole: those of other versions do not concern the draft.
 * @param backdated written into the version's text, for both signers to see
 */
export function shippedTexts(pack: string, version: string, backdated: BackdatedBy | null = null, root = productPacks()): DraftTexts | null {
  if (!/^[a-z0-9-]+$/.test(pack)) return null;
  const files = textsIn(join(root, pack));
  const head = files.find(({ name }) => name === 'pack.yaml');
  const versionYaml = files.find(({ name, text }) => name !== 'pack.yaml' && String((parse(text) as { version?: unknown }).version) === version);
  if (head === undefined || versionYaml === undefined) return null;
  // JSON is YAML, so the clause needs no other quoting.
  const text = backdated === null ? versionYaml.text : versionYaml.text.replace(/^from:.*$/m, (line) => `${line}\nbackdated: ${JSON.stringify({ document: backdated.document, clause: backdated.clause })}`);
  return { packYaml: head.text, versionYaml: { ...versionYaml, text }, caseYamls: textsIn(join(root, pack, 'cases')) };
}
