import type { CompiledVersion, MealDecision } from './domain/index.js';
import type { LintFinding } from './lint/finding.js';
import { lintVersion } from './lint/lint-version.js';
import type { NamedText, Pack } from './load-packs.js';
import type { SourcePack, SourceVersion } from './pack-source.js';
import { parseYaml } from './yaml-file.js';

/** The texts that a version was compiled from, with the names that findings speak of. */
export interface LintedTexts {
  readonly pack: Pick<Pack, 'source' | 'versions'>;
  readonly version: CompiledVersion;
  readonly packYaml: NamedText;
  readonly versionYaml: NamedText;
  /** Decisions of the pack's cases; left out, nobody asks whether each class has one. */
  readonly decisions?: readonly Pick<MealDecision, 'version' | 'reasons'>[];
  readonly lastCalendarYear?: number;
}

/** Lints a version and says of each finding in which file and line it stands. */
export function lintTexts({ pack, version, packYaml, versionYaml, decisions, lastCalendarYear }: LintedTexts): LintFinding[] {
  const head = parseYaml<SourcePack>(packYaml.name, packYaml.text, 'pack');
  const body = parseYaml<SourceVersion>(versionYaml.name, versionYaml.text, 'version');
  const context = { saysAge: body.value.age !== undefined, ...(decisions === undefined ? {} : { decisions }), ...(lastCalendarYear === undefined ? {} : { lastCalendarYear }) };
  return lintVersion(pack, version, context).map((finding) => {
    const at = finding.in === 'pack' ? head : body;
    return { ...finding, file: at.file, line: at.lineAt(finding.path) };
  });
}
