import { civilDate } from '../kernel/index.js';
import { pathOf } from './domain/index.js';
import { PackLibrary } from './pack-library.js';

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
