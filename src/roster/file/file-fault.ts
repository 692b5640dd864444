/** A file that cannot be read as a table, and why: a code of the room's problems with facts for its sentence. */
export class FileFault extends Error {
  override readonly name = 'FileFault';

  constructor(readonly code: string, readonly detail: Readonly<Record<string, string | number>> = {}) {
    super(code);
  }
}
