import { addSheet, paperBook, type SheetCell } from '../platform/index.js';
import type { ReplayCell, ReplayResultView, ReplayView } from './replay.dto.js';

const WIDTHS = [24, 30, 10, 14, 14, 16, 16, 16, 16];
const HEADER = ['编号', '名称', '餐数', '已补贴餐数', '草案补贴餐数', '餐费（元）', '已补贴（元）', '草案补贴（元）', '增减（元）'];

const money = (fen: number): SheetCell => ({ fen });
const places = (cells: readonly ReplayCell[]): SheetCell[][] =>
  cells.map((c) => [c.key, c.name, c.meals, c.paidMeals, c.draftMeals, money(c.priceFen), money(c.paidFen), money(c.draftFen), money(c.draftFen - c.paidFen)]);

/** A replay's result as a spreadsheet. Every sheet of places ends in the same total. */
export function replayWorkbook(replay: ReplayView, result: ReplayResultView): Promise<Buffer> {
  const { all, elders } = result;
  return paperBook(`政策试算 ${replay.pack} ${replay.version} ${replay.from} 至 ${replay.to}`, Date.parse(replay.finishedAt ?? replay.askedAt), (book) => {
    addSheet(book, '汇总', [28, 68], ['项目', '内容'], [
      ['政策包和版本', `${replay.pack} ${replay.version}`], ['草案文本 SHA-256', replay.draftSha256], ['结果 SHA-256', replay.resultSha256 ?? ''],
      ['就餐日期', `${replay.from} 至 ${replay.to}`], ['统计范围', replay.scopeCode], ['老人情况', replay.facts === 'now' ? '按试算时所知' : '按每餐当时所知'],
      ['次数和额度', '从期间首日起按草案重新累计，期间以前的不计入'], ['散客', '不计入'],
      ['餐数', all.meals], ['已补贴餐数', all.paidMeals], ['草案补贴餐数', all.draftMeals], ['已补贴（元）', money(all.paidFen)], ['草案补贴（元）', money(all.draftFen)], ['增减（元）', money(all.draftFen - all.paidFen)],
      ['草案按餐给场所（元）', money(result.siteFen)], ['草案按餐给送餐方（元）', money(result.deliveryFen)],
      ['老人', elders.all], ['增加的老人', elders.gain], ['增加合计（元）', money(elders.gainFen)], ['减少的老人', elders.lose], ['减少合计（元）', money(elders.loseFen)], ['不变的老人', elders.same],
    ]);
    addSheet(book, '按资金方', [24, 30, 14, 14, 16, 16, 16], ['编号', '名称', '已补贴餐数', '草案补贴餐数', '已补贴（元）', '草案补贴（元）', '增减（元）'],
      result.funds.map((f): SheetCell[] => [f.key, f.name, f.paidMeals, f.draftMeals, money(f.paidFen), money(f.draftFen), money(f.draftFen - f.paidFen)]));
    for (const [name, cells] of [['按区县', result.counties], ['按场所', result.sites], ['按月', result.months]] as const) addSheet(book, name, WIDTHS, HEADER, places([...cells, all]));
    addSheet(book, '按档次', [30, 10, 10, 16, 12, 16, 12, 16], ['规则/档次', '老人', '餐数', '草案补贴（元）', '增加人数', '增加（元）', '减少人数', '减少（元）'],
      result.classes.map((c): SheetCell[] => [c.key, c.elders, c.meals, money(c.draftFen), c.gainElders, money(c.gainFen), c.loseElders, money(c.loseFen)]));
    addSheet(book, '增减较多的老人', [10, 20, 10, 16, 16, 16], ['增减', '老人编号', '餐数', '已补贴（元）', '草案补贴（元）', '增减（元）'],
      [...result.gainers.map((m) => ['增加', m] as const), ...result.losers.map((m) => ['减少', m] as const)]
        .map(([word, m]): SheetCell[] => [word, m.elderId, m.meals, money(m.paidFen), money(m.draftFen), money(m.draftFen - m.paidFen)]));
    addSheet(book, '未补贴原因', [12, 30, 12], ['依据', '原因代码', '餐数'],
      [...result.paidCodes.map((c): SheetCell[] => ['当时', c.key, c.meals]), ...result.draftCodes.map((c): SheetCell[] => ['按草案', c.key, c.meals])]);
  });
}
