import { invariant } from '../kernel/index.js';
import { compilePackTexts, type PlacedCase } from './cases.js';
import type { CompiledVersion } from './domain/index.js';
import type { NamedText, Pack } from './load-packs.js';

/** The texts of a draft: `pack.yaml`, one version file and the case files. */
export interface DraftTexts {
  readonly packYaml: string;
  readonly versionYaml: NamedText;
  readonly caseYamls: readonly NamedText[];
}

/** What a draft's texts say. */
export interface CompiledDraft {
  /** A pack of one version. */
  readonly pack: Pack;
  readonly version: CompiledVersion;
  readonly cases: readonly PlacedCase[];
}

/**
 * Compiles the texts of a draft.
 * @throws PackError naming file, line and remedy
 */
export function compileDraft({ packYaml, versionYaml, caseYamls }: DraftTexts): CompiledDraft {
  const { pack, cases } = compilePackTexts({ packYaml, versionYamls: [versionYaml], caseYamls });
  const [version] = pack.versions;
  invariant(version !== undefined, 'a pack that compiles has a version');
  return { pack, version, cases };
}
