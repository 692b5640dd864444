import { decideCase } from './cases.js';
import type { CompiledDraft, DraftTexts } from './draft-texts.js';
import { lintTexts, type LintedTexts } from './lint-texts.js';
import type { PackLibrary } from './pack-library.js';
import type { PolicyFinding } from './policy-finding.js';
import { PackError } from './yaml-file.js';

/** Decisions of a draft's cases; a case that cannot be decided is told by the check of the cases. */
function decisionsOf({ pack, cases }: CompiledDraft, beside: PackLibrary): NonNullable<LintedTexts['decisions']> {
  return cases.flatMap((each) => {
    try {
      return [decideCase(pack, beside, each)];
    } catch (error) {
      if (!(error instanceof PackError)) throw error;
      return [];
    }
  });
}

/**
 * What the lint finds in a draft.
 * @param beside what is published in the city, with the draft
 */
export function lintDraft(texts: DraftTexts, compiled: CompiledDraft, beside: PackLibrary): PolicyFinding[] {
  const { source } = compiled.pack;
  const versions = beside.pack(source.pack)?.versions ?? compiled.pack.versions;
  const found = lintTexts({
    pack: { source, versions }, version: compiled.version, decisions: decisionsOf(compiled, beside), lastCalendarYear: beside.lastCalendarYear(),
    packYaml: { name: 'pack.yaml', text: texts.packYaml }, versionYaml: texts.versionYaml,
  });
  return found.map(({ code, severity, sentence, ruleId, example, file, line }) => ({ code, severity, sentence, ruleId, example, file: file ?? null, line: line ?? null }));
}
