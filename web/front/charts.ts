import type { EChartsCoreOption } from 'echarts/core';
import { countText, yuanWords } from '../lib/money.js';
import { dateWords, SITE_STATES } from '../lib/words.js';
import type { CountedTarget, CountyFigures, DayFigures } from './figures.js';

const INK = '#17211f';
const SOFT = '#3c4a47';
const LINE = '#e4e1d8';
const COUNT = '#0f766e';
const MONEY = '#c2570c';
const EVEN = '#66706d';
const TEXT = { color: INK, fontSize: 18 };
const AXIS = { axisLabel: { ...TEXT, color: SOFT }, axisLine: { lineStyle: { color: '#8b9592' } }, axisTick: { show: false }, splitLine: { lineStyle: { color: LINE } } };
const TOOLTIP = { trigger: 'axis', confine: true, renderMode: 'richText', backgroundColor: '#ffffff', borderColor: '#8b9592', textStyle: TEXT, axisPointer: { lineStyle: { color: '#8b9592' } } };

/** Colours of the states of a site; the words stand beside them in the legend. */
export const STATE_COLOURS: Readonly<Record<(typeof SITE_STATES)[number]['state'], string>> = {
  planned: '#9aa5a1', building: '#78909c', accepted: '#4a7fb5', open: '#0f766e', suspended: '#b7791f', closed: '#a63d3d',
};

interface Point {
  readonly seriesName: string;
  readonly value: readonly [string, number];
}

/** The burn-up: what is counted, in steps; an even pace to the deadline; the line of what is required. */
export function burnUp({ target, report }: CountedTarget, narrow: boolean): EChartsCoreOption {
  const steps = report.steps.map(({ date, counted }) => [date, counted]);
  const most = Math.max(report.required, ...report.steps.map((step) => step.counted));
  const interval = roundStep((most * 1.08) / (narrow ? 3 : 5));
  return {
    grid: { left: narrow ? 4 : 8, right: narrow ? 12 : 24, top: 14, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: {
      ...TOOLTIP,
      formatter: (points: readonly Point[]) => {
        const date = points[0]?.value[0];
        return [date === undefined ? '' : dateWords(String(date).slice(0, 10)), ...points.map((point) => `${point.seriesName} ${countText(Math.round(point.value[1]))} 处`)].join('\n');
      },
    },
    xAxis: {
      type: 'time', ...AXIS, min: target.rule.from, max: target.deadline, splitLine: { show: false }, minInterval: 86_400_000 * (narrow ? 80 : 28),
      axisLabel: { ...AXIS.axisLabel, hideOverlap: true, formatter: (value: number) => `${new Date(value).getMonth() + 1}月` },
    },
    yAxis: { type: 'value', ...AXIS, min: 0, max: Math.ceil((most * 1.08) / interval) * interval, interval, axisLine: { show: false } },
    series: [
      {
        name: '已计入', type: 'line', step: 'end', data: steps, symbol: 'none', z: 3, lineStyle: { width: 4, color: COUNT }, itemStyle: { color: COUNT },
        areaStyle: { color: { type: 'linear', x: 0, y: 0, x2: 0, y2: 1, colorStops: [{ offset: 0, color: '#0f766e55' }, { offset: 1, color: '#0f766e0d' }] } },
        markLine: {
          silent: true, symbol: 'none', lineStyle: { color: MONEY, width: 3, type: 'solid' },
          label: { ...TEXT, color: '#8a3208', fontWeight: 'bold', position: 'insideStartTop', formatter: `任务 ${report.required} 处` },
          data: [{ yAxis: report.required }],
        },
      },
      {
        name: '匀速', type: 'line', symbol: 'none', z: 2, lineStyle: { width: 2.5, type: 'dashed', color: EVEN }, itemStyle: { color: EVEN },
        data: [[target.rule.from, 0], [target.deadline, report.required]],
      },
    ],
  };
}

/** Meals as bars by the left axis and subsidies as a line by the right one. */
export function mealsAndSubsidies(days: readonly DayFigures[], narrow: boolean): EChartsCoreOption {
  return {
    grid: { left: 4, right: 4, top: 40, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: {
      ...TOOLTIP,
      formatter: (points: readonly { readonly dataIndex: number }[]) => {
        const day = days[points[0]?.dataIndex ?? 0];
        return day === undefined ? '' : `${dateWords(day.date)}\n就餐 ${countText(day.meals)} 人次\n补贴 ${yuanWords(day.subsidyFen)}`;
      },
    },
    xAxis: { type: 'category', ...AXIS, data: days.map((day) => `${Number(day.date.slice(8))}日`), axisLabel: { ...AXIS.axisLabel, hideOverlap: true, interval: narrow ? 9 : 'auto' } },
    yAxis: [
      { type: 'value', ...AXIS, name: '人次', nameTextStyle: { ...TEXT, color: '#0b524b', align: 'left' }, splitNumber: 4, axisLine: { show: false }, axisLabel: { ...AXIS.axisLabel, formatter: compact } },
      { type: 'value', ...AXIS, name: '补贴（元）', nameTextStyle: { ...TEXT, color: '#8a3208', align: 'right' }, splitNumber: 4, axisLine: { show: false }, splitLine: { show: false }, axisLabel: { ...AXIS.axisLabel, formatter: compact } },
    ],
    series: [
      { name: '就餐人次', type: 'bar', data: days.map((day) => day.meals), itemStyle: { color: COUNT, borderRadius: [4, 4, 0, 0] }, barMaxWidth: 26 },
      { name: '补贴', type: 'line', yAxisIndex: 1, data: days.map((day) => day.subsidyFen / 100), symbol: 'circle', symbolSize: narrow ? 5 : 8, lineStyle: { width: 3, color: MONEY }, itemStyle: { color: MONEY, borderColor: '#ffffff', borderWidth: 1 } },
    ],
  };
}

/** Sites of each county side by side by state, the county with most open ones on top. */
export function sitesByCounty(counties: readonly CountyFigures[], narrow: boolean): EChartsCoreOption {
  const rows = [...counties].sort((a, b) => a.states.open - b.states.open || (a.divisionCode < b.divisionCode ? 1 : -1));
  const states = SITE_STATES.filter(({ state }) => counties.some((county) => county.states[state] > 0));
  return {
    grid: { left: 4, right: 20, top: 8, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: {
      ...TOOLTIP, axisPointer: { type: 'shadow' },
      formatter: (points: readonly { readonly dataIndex: number }[]) => {
        const row = rows[points[0]?.dataIndex ?? 0];
        return row === undefined ? '' : [row.name, ...states.filter(({ state }) => row.states[state] > 0).map(({ state, word }) => `${word} ${row.states[state]} 处`)].join('\n');
      },
    },
    xAxis: { type: 'value', ...AXIS, minInterval: 1, splitNumber: narrow ? 3 : 5, axisLine: { show: false } },
    yAxis: { type: 'category', ...AXIS, data: rows.map((row) => row.name), axisLine: { show: false }, axisLabel: { ...AXIS.axisLabel, ...(narrow ? { width: 112, overflow: 'break' } : {}) } },
    series: states.map(({ state, word }) => ({
      name: word, type: 'bar', stack: 'sites', barMaxWidth: 30, itemStyle: { color: STATE_COLOURS[state] }, data: rows.map((row) => row.states[state]),
    })),
  };
}

/** The next round number at or above: 1, 2 or 5 times a power of ten, so that an axis reads easily. */
export function roundStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, atLeast)));
  return power * ([1, 2, 5].find((step) => step * power >= atLeast) ?? 10);
}

/** An axis number that is short: `12000` gives `1.2万`. */
export function compact(value: number): string {
  return Math.abs(value) < 10_000 ? String(value) : `${Number((value / 10_000).toFixed(1))}万`;
}
