import type { ReactElement } from 'react';
import type { View } from '../view.js';
import { IDLE_CHOICES } from './people-view.js';
import type { People } from './people.js';

/** Who works here, on the page before a shift; nothing where the terminal asks for nobody. */
export function CashierBar({ view, people }: { readonly view: View; readonly people: People | null }): ReactElement | null {
  if (view.cashier === null || people === null) return null;
  const { idleMinutes, stays } = view.people;
  return (
    <section aria-label="收银员" className="cashier-bar">
      <p className="row">
        <span>收银员：<strong>{view.cashier.name}</strong></span>
        <button type="button" onClick={() => people.cashiers.change()}>换人</button>
        <button type="button" onClick={() => void people.cashiers.logOut()}>退出登录</button>
        <label htmlFor="idle">没有人用多久后锁屏</label>
        <select id="idle" value={idleMinutes} onChange={(event) => void people.cashiers.setIdle(Number(event.target.value))}>
          {IDLE_CHOICES.map((minutes) => <option key={minutes} value={minutes}>{minutes} 分钟</option>)}
        </select>
      </p>
      {stays === null ? null : <p role="alert" className="trouble">{stays}</p>}
    </section>
  );
}

/** While selling: the name, and one touch that locks the page. */
export function CashierButton({ view, people }: { readonly view: View; readonly people: People | null }): ReactElement | null {
  if (view.cashier === null) return null;
  return <button type="button" className="cashier" onClick={() => people?.cashiers.change()}><span className="unseen">锁屏或换人：</span>{view.cashier.name}</button>;
}
