/** Something that a check found in a draft. Errors stand in the way of publishing, warnings do not. */
export interface PolicyFinding {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** What is wrong and what to do, in Chinese. */
  readonly sentence: string;
  readonly ruleId: string | null;
  /** An elder, site and meal on which it shows; invented, never a person. */
  readonly example: object | null;
  readonly file: string | null;
  readonly line: number | null;
}
