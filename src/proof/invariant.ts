/** Something that must always hold of the data, with the statement that finds what breaks it. */
export interface Invariant {
  /** Number in the list of invariants, I01 to I39. */
  readonly id: string;
  /** What must hold, for people. */
  readonly sentence: string;
  /**
   * Gives a row with the text `what` for everything that breaks it. $1 is the city, null for all cities; $2
   * what the code allows, as JSON (see `allowed`).
   */
  readonly sql: string;
}

/** An invariant that does not hold. */
export interface Violation {
  readonly id: string;
  readonly sentence: string;
  readonly count: number;
  /** A few of those that break it: kinds and ids, never personal data. */
  readonly sample: readonly string[];
}

/** The result of a run. */
export interface Verdict {
  /** How many invariants were looked at. */
  readonly checked: number;
  readonly violations: readonly Violation[];
}
