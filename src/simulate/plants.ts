/** Defects that a simulation must notice. */
export type Plant = 'skip-lock' | 'no-idempotency' | 'one-sided';

/**
 * How each defect changes a statement on its way to the database, told by what the statement says and not by its name;
 * text that it does not concern comes back as it is.
 */
export const PLANTS: Readonly<Record<Plant, (text: string) => string>> = {
  // The elder behind a card is read without being locked.
  'skip-lock': (text) => (/\bFROM elder e\b/i.test(text) ? text.replace(/\bFOR (NO KEY )?UPDATE( OF \w+)?/i, '') : text),
  // Nobody looks whether a tap's id was claimed before. The unique keys are taken away with it.
  'no-idempotency': (text) => (/^\s*SELECT\b[\s\S]*\bFROM[\s\S]*\btap_claim\b/i.test(text) && !/\bINSERT\b/i.test(text) ? `SELECT * FROM (${text}) AS planted WHERE false` : text),
  // A transfer reaches the account that it debits and never the one that it credits.
  'one-sided': (text) => text.replace(/credit_fen\s*=\s*(\w+)\.credit_fen\s*\+\s*\w+\.credit_fen/i, 'credit_fen = $1.credit_fen'),
};

/** Whether a word names a defect. */
export function isPlant(word: string): word is Plant {
  return Object.hasOwn(PLANTS, word);
}
