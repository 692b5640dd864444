import { useEffect, useRef, useState, type ReactElement } from 'react';
import { CashierBar } from './people/cashier-bar.js';
import { Records } from './records.js';
import { SoundTest } from './settings.js';
import { dayWords, type Check } from './shift.js';
import type { ShiftDesk } from './shift-desk.js';
import type { Till } from './till.js';
import { unsentOf, type View } from './view.js';

const SIGNS = { good: '✓', open: '–', bad: '!' } as const;
const SIGN_WORDS = { good: '正常', open: '留意', bad: '有问题' } as const;
const ANSWERS = { sound: ['听得清', '听不清'], printer: ['打得清楚', '打不出来'] } as const;

/** What only a person hears or sees: tried here, and answered. */
function Trial({ of, till, desk }: { readonly of: 'sound' | 'printer'; readonly till: Till; readonly desk: ShiftDesk }): ReactElement {
  const [good, bad] = ANSWERS[of];
  return (
    <span className="pair">
      {of === 'sound' ? <SoundTest till={till} /> : <button type="button" onClick={() => till.printing.test(Date.now())}>打测试页</button>}
      <button type="button" onClick={() => desk.answered(of, true)}>{good}</button>
      <button type="button" onClick={() => desk.answered(of, false)}>{bad}</button>
    </span>
  );
}

function Line({ check, till }: { readonly check: Check; readonly till: Till }): ReactElement {
  const { kind, what, is, says } = check;
  const trial = kind === 'sound' || (kind === 'printer' && (is !== 'good' || says.startsWith('测试')));
  return (
    <li className={is}>
      <span className="sign" aria-hidden="true">{SIGNS[is]}</span>
      <strong>{what}</strong>
      <span><span className="unseen">{SIGN_WORDS[is]}：</span>{says}</span>
      {trial && till.shifts !== null ? <Trial of={kind === 'sound' ? 'sound' : 'printer'} till={till} desk={till.shifts} /> : null}
    </li>
  );
}

/** A shift that was never counted: it can be, before the next one begins. */
function LeftShift({ till, view }: { readonly till: Till; readonly view: View }): ReactElement | null {
  if (view.shift === null) return null;
  const { openedAt, cashierName } = view.shift;
  return (
    <p className="row left-shift">
      <span>{dayWords(openedAt)}{cashierName === null ? '' : ` ${cashierName} `}开的班还没有结。</span>
      <button type="button" onClick={() => till.goToClosing()}>先结那一班</button>
      <span className="aside">也可以直接开始收款，那一班就没有点钱。</span>
    </p>
  );
}

/** The list that is gone through before the first sale. */
export function Opening({ till, view }: { readonly till: Till; readonly view: View }): ReactElement {
  const [looksBack, lookBack] = useState(false);
  const begin = useRef<HTMLButtonElement>(null);
  const ready = view.offer !== null;
  useEffect(() => {
    if (ready) begin.current?.focus();
  }, [ready]);
  return (
    <main className="plain wide">
      <h1>开班检查 <span className="aside">{view.label}</span></h1>
      <CashierBar view={view} people={till.people} />
      <LeftShift till={till} view={view} />
      <ul className="checks" aria-live="polite">
        {view.checks.length === 0 ? <li className="open"><span className="sign" aria-hidden="true">…</span><strong>检查</strong><span>正在联网核对</span></li> : null}
        {view.checks.map((check) => <Line key={check.kind} check={check} till={till} />)}
      </ul>
      <label className="row" htmlFor="prefix">读卡器前缀
        <input id="prefix" defaultValue={view.prefix} maxLength={4} autoComplete="off" onBlur={(event) => void till.setPrefix(event.target.value.trim())} />
        <span className="aside">不清楚就留空</span>
      </label>
      <div className="row">
        <button ref={begin} type="button" className="go" disabled={!ready} onClick={() => void till.shifts?.open()}>开始收款</button>
        <button type="button" onClick={() => till.retry()}>重新检查</button>
        <button type="button" aria-expanded={looksBack} onClick={() => lookBack(!looksBack)}>记录</button>
        {view.updateReady ? <button type="button" disabled={unsentOf(view) > 0} onClick={() => till.update()}>更新到新版本</button> : null}
      </div>
      {looksBack ? <Records till={till} view={view} /> : null}
    </main>
  );
}
