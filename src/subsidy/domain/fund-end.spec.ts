import { civilDate } from '../../kernel/index.js';
import { endOfFunds, type FundEnd } from './fund-end.js';
import type { CompiledVersion, Funder } from './pack.js';

const funder = (code: string, level: Funder['level'], of: Funder['of'], division: string | null = null): Funder => ({ code, name: code, short: code, level, of, division, assumed: false } as unknown as Funder);
const VERSION = { funders: [funder('city', 'city', 'pack', '371500'), funder('区', 'county', 'residence')] } as unknown as CompiledVersion;

/** Ends in a line such as `county@371502 end 2024-12-10, county@371502 resume 2024-12-20`. */
function ends(line: string): FundEnd[] {
  return line.split(', ').filter(Boolean).map((part, index) => {
    const [funderCode = '', action, day = ''] = part.split(' ');
    return { seq: index + 1, funderCode, action: action as FundEnd['action'], fromDate: civilDate(day), toDate: civilDate(`${day.slice(0, 4)}-12-31`), documentNumber: `文${index + 1}` };
  });
}

describe('the end of a fund', () => {
  const home = ['370000', '371500', '371503', '371503001'];
  const site = ['370000', '371500', '371502', '371502001'];

  test.each([
    ['nothing was announced', '', '2024-12-11', null],
    ['the last day with the subsidy', 'county@371503 end 2024-12-11', '2024-12-10', null],
    ['the first day without', 'county@371503 end 2024-12-11', '2024-12-11', '文1'],
    ['the fund of the site does not pay for this elder', 'county@371502 end 2024-12-11', '2024-12-12', null],
    ['a fund of all', 'city@371500 end 2024-12-11', '2024-12-12', '文1'],
    ['the next year has a budget of its own', 'county@371503 end 2024-12-11', '2025-01-01', null],
    ['it begins again', 'county@371503 end 2024-12-11, county@371503 resume 2024-12-20', '2024-12-20', null],
    ['before it begins again', 'county@371503 end 2024-12-11, county@371503 resume 2024-12-20', '2024-12-19', '文1'],
    ['taken back before it came', 'county@371503 end 2024-12-11, county@371503 resume 2024-12-05', '2024-12-12', null],
    ['a later word holds', 'county@371503 resume 2024-12-05, county@371503 end 2024-12-11', '2024-12-12', '文2'],
    ['one of two has ended', 'county@371503 end 2024-12-11, city@371500 resume 2024-12-05', '2024-12-12', '文1'],
  ])('%s', (_, line, date, document) => {
    expect(endOfFunds(VERSION, ends(line), { site, residence: home, hukou: null }, civilDate(date))?.documentNumber ?? null).toBe(document);
  });

  test('falls to the site where the facts do not tell the purse', () => {
    const places = { site, residence: null, hukou: null };
    expect(endOfFunds(VERSION, ends('county@371502 end 2024-12-11'), places, civilDate('2024-12-12'))?.seq).toBe(1);
  });
});
