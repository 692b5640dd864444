import type { ReactElement } from 'react';
import type { View } from '../view.js';
import type { CashierDesk } from './cashier-desk.js';

const PLACES = [0, 1, 2, 3, 4, 5];
const DIGITS = ['7', '8', '9', '4', '5', '6', '1', '2', '3'];

function lead(view: View): string {
  const { lock, cashiers } = view.people;
  const mine = cashiers.find((one) => one.cashierId === lock?.chosen);
  if (mine === undefined) return '请选收银员';
  return lock?.busy === true ? '正在核对……' : `${mine.name}，请输入 6 位 PIN`;
}

/** Who works here now: a name, then six digits. Nothing of a sale or of an elder is in sight. */
export function LogIn({ view, desk }: { readonly view: View; readonly desk: CashierDesk }): ReactElement | null {
  const { lock, cashiers } = view.people;
  if (lock === null) return null;
  const open = view.phase === 'selling';
  return (
    <main className="log-in">
      <section aria-label="收银员" className="names">
        <h1>收银员登录 <span className="aside">{view.label}</span></h1>
        {open ? <p>收银台已锁，班次还在继续。</p> : null}
        <ul>
          {cashiers.map(({ cashierId, name }, index) => (
            <li key={cashierId}>
              <button type="button" aria-pressed={cashierId === lock.chosen} disabled={lock.busy} onClick={() => desk.choose(cashierId)}>
                {index < 9 ? <span className="key" aria-hidden="true">{index + 1}</span> : null} {name}
              </button>
            </li>
          ))}
        </ul>
        {lock.sentence === null ? null : <p role="alert" className="trouble">{lock.sentence}</p>}
        <p className="aside">忘记 PIN 请找食堂负责人重新登记。断网时也能登录，最多 72 小时。</p>
      </section>
      <section aria-label="PIN" className="pin">
        <p role="status">{lead(view)}</p>
        <p className="places" role="img" aria-label={`已输入 ${lock.typed} 位`}>{PLACES.map((place) => <span key={place} className={place < lock.typed ? 'full' : ''} />)}</p>
        <div className="pad" role="group" aria-label="数字键盘">
          {DIGITS.map((digit) => <button key={digit} type="button" className="key digit" disabled={lock.busy} onClick={() => desk.press(digit)}>{digit}</button>)}
          <button type="button" className="key" disabled={lock.busy} onClick={() => desk.press('Escape')}>清除</button>
          <button type="button" className="key digit" disabled={lock.busy} onClick={() => desk.press('0')}>0</button>
          <button type="button" className="key" disabled={lock.busy} onClick={() => desk.press('Backspace')}>退格</button>
        </div>
      </section>
    </main>
  );
}
