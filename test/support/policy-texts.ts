import { invariant } from '../../src/kernel/index.js';
import { shippedTexts } from '../../src/subsidy/shipped-texts.js';

/** What a test changes of the shipped sample of Liaocheng. */
export interface TextChange {
  readonly version?: string;
  readonly from?: string;
  /** Lines put under the version's head, such as `to: 2025-12-31`. */
  readonly lines?: readonly string[];
  /** Fen that the one case expects for an elder of 85; the sample's rule gives 300. */
  readonly expects?: number;
  /** Day of the case; the version's first without it. */
  readonly caseOn?: string;
  readonly edit?: (text: string) => string;
}

/** Texts of a version of Liaocheng's pack as a city's officer would hand them in: `version` from a day, with one case. */
export function policyTexts({ version = '2025', from = '2025-01-01', lines = [], expects = 300, caseOn = from, edit = (text) => text }: TextChange = {}) {
  const shipped = shippedTexts('liaocheng', 'sample-2023');
  invariant(shipped !== null, 'the sample is shipped');
  const head = [`version: '${version}'`, `from: ${from}`, ...lines].join('\n');
  const text = shipped.versionYaml.text.replace(/^version: .*\nfrom: .*$/m, head);
  const cases = `about: 测试\ncases:\n  - name: 85岁\n    elder: {age: 85, hukou: '371502001'}\n    site: {division: '371502001'}\n    meal: {date: ${caseOn}, period: lunch, priceFen: 1200}\n    expect: {subsidyFen: ${expects}}\n`;
  return { packYaml: shipped.packYaml, version: { name: `${from}-${version}.yaml`, text: edit(text) }, cases: [{ name: 'own.yaml', text: cases }] };
}
