/** A setting that is wrong or missing: the process stops with this one line. */
export class WrongSetting extends Error {
  override readonly name = 'WrongSetting';
}
