import { civilDate } from '../kernel/index.js';
import { pathOf } from './domain/index.js';
import { packFromTexts } from './load-packs.js';
import { PackLibrary } from './pack-library.js';
import { shippedTexts } from './shipped-texts.js';

const library = PackLibrary.load();
const home = (code: string) => ({ hukou: pathOf(code), residence: pathOf(code) });
const packFor = (elder: string | null, site: string, date: string): string | undefined => {
  const version = library.packFor(elder === null ? null : home(elder), pathOf(site), civilDate(date));
  return version === null ? undefined : `${version.pack} ${version.version}`;
};

test('the version in force on a day, to the day', () => {
  const on = (date: string) => library.versionOn('tianjin', civilDate(date))?.version ?? null;
  expect(['2018-12-31', '2019-01-01', '2021-12-31', '2022-01-01', '2024-05-16', '2024-05-17'].map(on)).toEqual([null, '2019', '2019', '2022', '2022', '2024']);
});

test('the narrowest pack that covers the elder rules, also at a site outside its own division', () => {
  expect(packFor('440118104', '440118104', '2024-06-05')).toBe('zhengguo 2020');
  expect(packFor('440118104', '440105', '2024-06-05')).toBe('zhengguo 2020');
  expect(packFor('440105', '440118104', '2024-06-05')).toBe('guangzhou 2024');
  expect(packFor('371502001', '371525', '2024-12-03')).toBe('liaocheng sample-2023');
});

test('where none covers the elder, or for a guest, the narrowest of the site', () => {
  expect(packFor('110101', '371525', '2024-12-03')).toBe('liaocheng sample-2023');
  expect(packFor(null, '320105', '2024-12-03')).toBe('jianye 2023');
  expect(packFor('110101', '110101', '2024-12-03')).toBeUndefined();
});

test('workdays follow the calendar of the year, and the plain week where none is loaded', () => {
  const days = ['2024-02-04', '2024-02-12', '2024-02-10', '2024-12-03', '2024-12-07', '2031-01-01', '2031-01-04'];
  expect(days.map((day) => library.isWorkday(civilDate(day)))).toEqual([true, false, false, true, false, true, false]);
});

describe('editions of one pack', () => {
  const edition = (version: string, edit: (text: string) => string = (text) => text) => {
    const found = shippedTexts('tianjin', version);
    if (found === null) throw new Error(version);
    return packFromTexts({ packYaml: edit(found.packYaml), versionYamls: [found.versionYaml] });
  };
  const narrow = (text: string) => text.replace(/site: \[.*\]/, "site: ['120101']");
  const heping = { hukou: pathOf('120101'), residence: pathOf('120101') };

  it('end where the next begins, in whatever order they were published', () => {
    for (const versions of [['2019', '2022', '2024'], ['2024', '2019', '2022']]) {
      const city = new PackLibrary(versions.map((version) => edition(version)), new Map());
      expect(city.pack('tianjin')?.versions.map(({ version, from, to }) => [version, from, to])).toEqual([
        ['2019', '2019-01-01', '2021-12-31'], ['2022', '2022-01-01', '2024-05-16'], ['2024', '2024-05-17', library.version('tianjin', '2024')?.to ?? null],
      ]);
      expect(city.versionOn('tianjin', civilDate('2024-05-16'))?.version).toBe('2022');
    }
  });

  it('keep the scope that each was published with', () => {
    const city = new PackLibrary([edition('2022', narrow), edition('2024')], new Map());
    const rules = (site: string, date: string) => city.packFor(heping, pathOf(site), civilDate(date))?.version ?? null;
    expect([rules('120101', '2024-05-16'), rules('120102', '2024-05-16'), rules('120102', '2024-05-17')]).toEqual(['2022', null, '2024']);
  });
});
