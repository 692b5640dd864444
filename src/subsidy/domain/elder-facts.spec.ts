import { civilDate } from '../../kernel/index.js';
import type { ElderRecord } from '../../elder/domain/index.js';
import { divisionsNamed, elderFactsOn } from './elder-facts.js';

const MOVED = civilDate('2024-06-05');
const record: ElderRecord = {
  elderId: '00000000-0000-4000-8000-000000000001', born: civilDate('1940-05-01'), hukouCode: '371502', residenceCode: '371521', categories: [], careHomeStays: [], died: null,
  homes: [{ kind: 'hukou', code: '131125101', from: null }, { kind: 'hukou', code: '371502', from: MOVED }],
};
const paths = new Map([['371502', ['370000', '371500', '371502']], ['371521', ['370000', '371500', '371521']]]);

describe("an elder's facts on a day", () => {
  it.each([
    ['the day before the move, in a city that this one does not keep', '2024-06-04', '131125101', null],
    ['the day of the move', '2024-06-05', '371502', MOVED],
  ])('%s', (_, day, hukou, from) => {
    const facts = elderFactsOn(record, civilDate(day), paths);
    expect(facts.hukou?.at(-1)).toBe(hukou);
    expect(facts.sources).toEqual({ born: { source: '身份证登记' }, hukou: { source: '户籍登记', from }, residence: { source: '常住地登记', from: null } });
    expect(facts.residence).toEqual(paths.get('371521'));
  });

  it('name every division that is ever looked up', () => {
    expect(divisionsNamed(record)).toEqual(['371502', '371521', '131125101', '371502']);
  });
});
