import type { CompiledDraft } from './draft-texts.js';
import type { PolicyFinding } from './policy-finding.js';

/** What the lint finds in a draft. */
export function lintDraft({ cases: _cases }: CompiledDraft): PolicyFinding[] {
  return [];
}
