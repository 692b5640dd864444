import { useEffect, useState, type ReactElement, type SyntheticEvent } from 'react';
import { yuanWords } from '../lib/money.js';
import { yuanToFen } from '../lib/amount.js';
import { Records } from './records.js';
import type { Closing as Figures, Till } from './till.js';
import { unsentOf, type View } from './view.js';

function Compared({ figures, counted }: { readonly figures: Figures; readonly counted: number }): ReactElement {
  const { own, served } = figures;
  const off = counted - own.byTender.cash - figures.owedCashFen;
  const lines = [['笔数', String(own.meals), served === null ? '—' : String(served.meals)], ['餐费', yuanWords(own.priceFen), served === null ? '—' : yuanWords(served.priceFen)],
    ['老人和散客已付', yuanWords(own.selfPayFen), served === null ? '—' : yuanWords(served.selfPayFen)],
    ['其中现金', yuanWords(own.byTender.cash), served === null ? '—' : yuanWords(served.byTender.cash)], ['其中扫码', yuanWords(own.byTender.code), served === null ? '—' : yuanWords(served.byTender.code)]];
  return (
    <>
      <table>
        <caption>今日本机合计</caption>
        <thead><tr><th scope="col">项目</th><th scope="col">本机</th><th scope="col">服务器</th></tr></thead>
        <tbody>{lines.map(([what, here, there]) => <tr key={what}><th scope="row">{what}</th><td>{here}</td><td>{there}</td></tr>)}</tbody>
      </table>
      <p role="status" className={figures.agrees ? 'verdict good' : 'verdict bad'}>{figures.trouble ?? (figures.agrees ? '✓ 与服务器一致，分毫不差' : '! 与服务器不一致，请联系负责人')}</p>
      {figures.owedFen > 0 ? <p>断网时多收、还没退给老人：{yuanWords(figures.owedFen)}（在“记录”里逐笔退）</p> : null}
      <p className={off === 0 ? 'verdict good' : 'verdict bad'}>{off === 0 ? '✓ 现金相符' : `! 现金${off > 0 ? '多' : '少'} ${yuanWords(Math.abs(off))}`}</p>
    </>
  );
}

/** Ends a shift: cash counted blind first, then the figures beside the service's. */
export function Closing({ till, view }: { readonly till: Till; readonly view: View }): ReactElement {
  const [counted, setCounted] = useState<number | null>(null);
  const [wrong, setWrong] = useState(false);
  const [figures, setFigures] = useState<Figures | null>(null);
  const unsent = unsentOf(view);
  useEffect(() => {
    if (counted !== null) void till.closing().then(setFigures);
  }, [till, counted, view.entries]);
  const count = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = new FormData(event.currentTarget).get('cash');
    const fen = yuanToFen(typeof text === 'string' ? text : '');
    setWrong(fen === null);
    if (fen !== null) setCounted(fen);
  };
  return (
    <main className="plain wide">
      <h1>结班 <span className="aside">{view.label}</span></h1>
      {counted === null ? (
        <form onSubmit={count}>
          <label htmlFor="cash">先点现金：钱箱里今天收的现金（元）</label>
          <input id="cash" name="cash" inputMode="decimal" autoComplete="off" required aria-describedby={wrong ? 'cash-wrong' : undefined} />
          <button type="submit" className="go">点好了</button>
          {wrong ? <p role="alert" id="cash-wrong" className="trouble">请写成 123.50 这样，最多两位小数。</p> : null}
        </form>
      ) : null}
      {counted !== null && figures !== null ? <Compared figures={figures} counted={counted} /> : null}
      {unsent > 0 ? <p role="alert" className="trouble">还有 {unsent} 笔没有上传，不能结班。等网络恢复会自动上传。</p> : null}
      <div className="row">
        <button type="button" className="go" disabled={unsent > 0 || figures === null} onClick={() => void till.close()}>结班</button>
        <button type="button" onClick={() => till.goOnSelling()}>继续收款</button>
      </div>
      <Records till={till} view={view} />
    </main>
  );
}
