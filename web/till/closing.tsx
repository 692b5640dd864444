import { useState, type ReactElement, type SyntheticEvent } from 'react';
import { DENOMINATIONS } from '../../src/till/domain/shift.js';
import { yuanWords } from '../lib/money.js';
import { Records } from './records.js';
import { countSoFar, dayWords, faceWords, readCount, type Count } from './shift.js';
import type { ClosingAnswer, Compared } from './shift-desk.js';
import type { Till } from './till.js';
import { unsentOf, type View } from './view.js';

/** The drawer beside what the service says should be in it. */
function Drawer({ compared: { closed, owedCashFen } }: { readonly compared: Compared }): ReactElement {
  const { countedFen, expectedFen, differenceFen, figures } = closed;
  const off = Math.abs(differenceFen);
  const lines: [string, number][] = [['点得的现金', countedFen], ['应有的现金', expectedFen]];
  return (
    <>
      <table>
        <caption>现金</caption>
        <tbody>{lines.map(([what, fen]) => <tr key={what}><th scope="row">{what}</th><td>{yuanWords(fen)}</td></tr>)}</tbody>
      </table>
      {(figures.tenders.booked ?? 0) > 0 ? <p>预订时已付的 {yuanWords(figures.tenders.booked ?? 0)} 不在钱箱里。</p> : null}
      {figures.earlierBackFen > 0 ? <p>其中本班退了以前收的 {yuanWords(figures.earlierBackFen)}。</p> : null}
      {owedCashFen > 0 ? <p>其中断网时多收、还没退给老人的 {yuanWords(owedCashFen)}。</p> : null}
      <p role="status" className={differenceFen === 0 ? 'verdict good' : 'verdict bad'}>{differenceFen === 0 ? '✓ 现金相符' : `! 现金${differenceFen > 0 ? '多' : '少'} ${yuanWords(off)}，已记下，请告诉负责人`}</p>
    </>
  );
}

/** The shift by its numbers: this device's journal beside the service's. */
function Figures({ compared }: { readonly compared: Compared }): ReactElement {
  const { own, served, agrees, closed } = compared;
  const part = (what: string, here: number, there: number): string[][] => (here === 0 && there === 0 ? [] : [[what, yuanWords(here), yuanWords(there)]]);
  const lines = [
    ['笔数', String(own.meals), String(served.meals)], ['餐费', yuanWords(own.priceFen), yuanWords(served.priceFen)], ['老人和散客已付', yuanWords(own.selfPayFen), yuanWords(served.selfPayFen)],
    ['其中现金', yuanWords(own.cashFen), yuanWords(served.cashFen)], ['其中扫码', yuanWords(own.codeFen), yuanWords(served.codeFen)],
    ...part('其中余额', own.balanceFen, served.balanceFen), ...part('其中预订时已付', own.bookedFen, served.bookedFen),
  ];
  const whole = closed.gaps.length === 0 && closed.brokenAt.length === 0;
  return (
    <>
      <table>
        <caption>{closed.label}{closed.cashierName === null ? '' : ` · ${closed.cashierName}`} · 第 {closed.firstNumber}–{closed.lastNumber} 号</caption>
        <thead><tr><th scope="col">项目</th><th scope="col">本机</th><th scope="col">服务器</th></tr></thead>
        <tbody>{lines.map(([what, here, there]) => <tr key={what}><th scope="row">{what}</th><td>{here}</td><td>{there}</td></tr>)}</tbody>
      </table>
      <p role="status" className={agrees ? 'verdict good' : 'verdict bad'}>{agrees ? '✓ 与服务器一致，分毫不差' : '! 与服务器不一致，请联系负责人'}</p>
      {whole ? null : <p role="alert" className="trouble">{closed.sentence}</p>}
      {compared.owedFen > 0 ? <p>断网时多收、还没退给老人：{yuanWords(compared.owedFen)}（在“记录”里逐笔退）</p> : null}
    </>
  );
}

/** Pieces by face value, before anybody knows what should be there. */
function CountForm({ onCount, disabled }: { readonly onCount: (count: Count) => void; readonly disabled: boolean }): ReactElement {
  const [pieces, setPieces] = useState<Readonly<Record<number, string>>>({});
  const [total, setTotal] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const count = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const read = readCount(pieces, total);
    setWrong(read.ok ? null : read.sentence);
    if (read.ok) onCount(read.count);
  };
  return (
    <form onSubmit={count} className="count" noValidate>
      <p>先点现金：钱箱里本班收的现金，每种写几张（枚）。备用金先拿出来。</p>
      <fieldset>
        <legend>按面额点</legend>
        {DENOMINATIONS.map((fen) => (
          <label key={fen} htmlFor={`pieces-${fen}`}>{faceWords(fen)}
            <input id={`pieces-${fen}`} inputMode="numeric" autoComplete="off" maxLength={8} value={pieces[fen] ?? ''} onChange={(event) => setPieces({ ...pieces, [fen]: event.target.value })} />
          </label>
        ))}
      </fieldset>
      <p>加起来 <output>{yuanWords(countSoFar(pieces))}</output></p>
      <label htmlFor="cash">合计（元，可不写；写了会核对）
        <input id="cash" inputMode="decimal" autoComplete="off" maxLength={20} value={total} aria-describedby={wrong === null ? undefined : 'count-wrong'} onChange={(event) => setTotal(event.target.value)} />
      </label>
      {wrong === null ? null : <p role="alert" id="count-wrong" className="trouble">{wrong}</p>}
      <button type="submit" className="go" disabled={disabled}>点好了，结班</button>
    </form>
  );
}

function Head({ view }: { readonly view: View }): ReactElement {
  const { shift, label } = view;
  return (
    <>
      <h1>结班 <span className="aside">{label}{shift === null || shift.cashierName === null ? '' : ` · ${shift.cashierName}`}{shift?.isLeft === true ? ` · ${dayWords(shift.openedAt)}开的班` : ''}</span></h1>
      {shift?.handsOver === true ? <p role="status">换人了：先把{shift.cashierName === null ? '上一班' : ` ${shift.cashierName} 的班`}点清，再由 {view.cashier?.name ?? '下一位'} 开班。</p> : null}
    </>
  );
}

/** Ends a shift: cash counted blind first, then the drawer and the figures beside the service's. */
export function Closing({ till, view }: { readonly till: Till; readonly view: View }): ReactElement {
  const [answer, setAnswer] = useState<ClosingAnswer | null>(null);
  const [busy, setBusy] = useState(false);
  const unsent = unsentOf(view);
  const close = async (count: Count): Promise<void> => {
    setBusy(true);
    setAnswer((await till.shifts?.close(count)) ?? null);
    setBusy(false);
  };
  if (answer?.ok === true) {
    return (
      <main className="plain wide">
        <Head view={view} />
        <Drawer compared={answer.compared} />
        <Figures compared={answer.compared} />
        <div className="row"><button type="button" className="go" onClick={() => void till.finishShift()}>完成</button></div>
        <Records till={till} view={view} />
      </main>
    );
  }
  return (
    <main className="plain wide">
      <Head view={view} />
      <CountForm onCount={(count) => void close(count)} disabled={unsent > 0 || busy} />
      {unsent > 0 ? <p role="alert" className="trouble">还有 {unsent} 笔没有上传，不能结班。等网络恢复会自动上传；实在传不上去，用下面的“导出未上传记录”。</p> : null}
      {answer !== null && unsent === 0 ? <p role="alert" className="trouble">{answer.sentence}</p> : null}
      <div className="row">
        {answer?.isFinal === true ? <button type="button" onClick={() => void till.shifts?.abandon()}>不点了，结束这一班</button> : null}
        <button type="button" onClick={() => void till.shifts?.goOn()}>{view.shift?.handsOver === true ? '先收款，上一班以后再说' : view.shift?.isLeft === true ? '返回' : '继续收款'}</button>
      </div>
      <Records till={till} view={view} />
    </main>
  );
}
