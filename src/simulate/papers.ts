import { samplePaper } from '../demo/domain/index.js';
import type { Rates } from './domain/index.js';
import type { Template } from './template.js';

/** The draft of a rule with other figures: the shipped text, changed where the figures stand, and a case that holds it to them. */
export function draftRule(template: Template, rates: Rates): object {
  let text = template.versionYaml.replace(/^version: .*$/m, 'version: simulated').replace(/^from: .*$/m, `from: ${rates.from}`);
  for (const [age, fen] of rates.byAge) text = text.replace(new RegExp(`(id: age${age},.*amount: \\{fen: )\\d+`), `$1${fen}`);
  // The first weights are the meal's; grants keep theirs.
  text = text.replace(/funder: city, weight: 1/, `funder: city, weight: ${rates.weights[0]}`).replace(/funder: county, weight: 1/, `funder: county, weight: ${rates.weights[1]}`);
  text = text.replace(/^ {4}clause: .*$/m, '    clause: 模拟：各档金额');
  const amount = rates.byAge.find(([age]) => age === 80)?.[1] ?? 0;
  const cases = `about: 模拟
base:
  elder: {hukou: '371502001'}
  site: {kind: canteen, supplyMode: hungPlate, division: '371502001'}
  meal: {date: ${rates.from}, period: lunch, priceFen: 1200}
cases:
  - {name: 85岁, elder: {age: 85}, expect: {subsidyFen: ${amount}, version: simulated}}
`;
  return {
    texts: { packYaml: template.packYaml, version: { name: `${rates.from}-simulated.yaml`, text }, cases: [{ name: 'simulated.yaml', text: cases }] },
    documentNumber: '模拟〔2024〕1号', documentTitle: '模拟办法（不是真实文件）', scan: Buffer.from(samplePaper(), 'latin1').toString('base64'),
  };
}

/** A list of nobody real, with one row that no register takes. */
export function rosterOf(): Buffer {
  return Buffer.from('姓名,身份证号,户籍地,电话\n王示例,37150219400601001X,371502001,\n');
}
