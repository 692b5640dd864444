import { useCallback, type ReactElement } from 'react';
import { get } from '../lib/api.js';
import type { components } from '../lib/api.gen.js';
import { yuanText } from '../lib/amount.js';
import { dateWords, PERIOD_WORDS, TITLE_WORDS } from '../lib/words.js';
import { momentWords, Reading, useRead } from './pieces.js';

type Sheet = components['schemas']['PrintedSheetDto'];

function Roster({ sheet }: { readonly sheet: Sheet }): ReactElement {
  return (
    <table className="roster">
      <caption>名单：每人实收多少元{sheet.mark === null ? '' : `（${sheet.mark}）`}</caption>
      <thead>
        <tr><th scope="col">编号</th><th scope="col">称呼</th><th scope="col">卡号末四位</th>{sheet.items.map((item) => <th key={`${item.itemCode} ${item.mealPeriod}`} scope="col">{PERIOD_WORDS[item.mealPeriod]} {item.name}</th>)}</tr>
      </thead>
      <tbody>
        {sheet.lines.map((line) => (
          <tr key={line.handle}><th scope="row">{line.handle}</th><td>{line.surname}{TITLE_WORDS[line.title]}</td><td>{line.cardTail}</td>{line.ownFen.map((fen, index) => <td key={`${sheet.items[index]?.itemCode} ${sheet.items[index]?.mealPeriod}`}>{yuanText(fen)}</td>)}</tr>
        ))}
        <tr><th scope="row">散客</th><td>—</td><td>—</td>{sheet.items.map((item) => <td key={`${item.itemCode} ${item.mealPeriod}`}>{yuanText(item.guestFen)}</td>)}</tr>
      </tbody>
    </table>
  );
}

/** The day's paper: the roster for the counter, then the numbered slips, cut along their frames. */
export function PaperSheet({ sheetId }: { readonly sheetId: string }): ReactElement {
  const [read, again] = useRead(useCallback((signal) => get('/v1/slips/sheets/{id}', { path: { id: sheetId }, signal }), [sheetId]));
  return (
    <Reading of={read} again={again}>
      {(sheet) => (
        <article className="sheet">
          <div className="screen-only row">
            <button type="button" className="go" onClick={() => window.print()}>打印</button>
            <a className="button" href="#village">返回</a>
          </div>
          <h1>{sheet.siteName}　{dateWords(sheet.mealDate)}</h1>
          <p>第 {sheet.version} 次打印　{momentWords(sheet.printedAt)}　单号 {sheet.firstNo} 至 {sheet.lastNo}　请在{dateWords(sheet.dueOn)}前补录。</p>
          <p>{sheet.notice}</p>
          <Roster sheet={sheet} />
          <ul className="slips">
            {sheet.slips.map((slip) => (
              <li key={slip.number}>
                <strong>{slip.code}</strong>{sheet.mark === null ? null : <em>{sheet.mark}</em>}
                <span>{sheet.siteName}　{dateWords(sheet.mealDate)}</span>
                <span>编号或卡号 ____________　□ 散客</span>
                <span>吃了 ________________　几份 ____</span>
                <span>实收 ________ 元　□ 作废</span>
              </li>
            ))}
          </ul>
        </article>
      )}
    </Reading>
  );
}
