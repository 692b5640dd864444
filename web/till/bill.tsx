import type { ReactElement } from 'react';
import { yuanText } from '../lib/amount.js';
import { countOf, portionOf, portionsOf, PORTION_WORDS, totalFen } from './cart/cart.js';
import type { Counter } from './counter.js';
import type { KinView } from './people/people-view.js';
import { lastSale, type View } from './view.js';
import { digitsInFours } from '../../src/till/domain/eating-code.js';
import { ASK_WORDS, TENDER_WORDS, VOID_REASONS } from './words.js';

/** What is waited for while a payment is under way. */
const PAYING_WORDS: Readonly<Record<NonNullable<View['paying']>['step'], string>> = { scan: '请扫付款码', asking: '正在收款', password: '等待老人输入密码' };

/** What the tender of the bill is called here. */
function tenderWord({ cart, payCode }: View): string {
  return cart?.tender === 'code' && payCode ? '微信' : TENDER_WORDS[cart?.tender ?? 'cash'];
}

type Done = Extract<View['outcome'], { is: 'done' }>;

/** What is done about the amount: taken, or there already. */
function doneWord({ paid, tender }: Done): string {
  if (paid !== true) return ASK_WORDS[tender];
  return tender === 'booked' ? '已付' : '微信已付';
}

/** What was paid when the meal was booked, beside what is still to be taken. */
function aheadWords({ paid, aheadFen = 0 }: Done): string {
  return paid === true || aheadFen === 0 ? '' : ` · 已付 ${yuanText(aheadFen)} 元`;
}

/** The one amount that is asked for now: of the last sale as long as it is shown, else of the bill. */
function asked(view: View): { readonly word: string; readonly fen: number; readonly more: string } {
  const { outcome, cart, paying } = view;
  if (paying !== null) return { word: '微信收', fen: paying.fen, more: PAYING_WORDS[paying.step] };
  if (outcome.is === 'done') return { word: doneWord(outcome), fen: outcome.payFen, more: outcome.open ? '联网后结算，多收的退' : `第 ${outcome.number} 笔${outcome.second ? ' · 这餐已补过' : ''}${aheadWords(outcome)}` };
  if (outcome.is === 'back') return { word: outcome.intoBalance ? '退回余额' : '退', fen: outcome.returnFen, more: `第 ${outcome.number} 笔已撤销${outcome.stays === true ? '，预付的钱仍在预订里' : ''}` };
  if (outcome.is === 'wait') return { word: outcome.payFen === undefined ? '不收款' : '收', fen: outcome.payFen ?? 0, more: outcome.payFen === undefined ? '没有记账' : '按原价已记账' };
  return { word: '原价', fen: cart === null ? 0 : totalFen(cart), more: cart === null ? '' : `${countOf(cart)} 份` };
}

function Lines({ view, counter }: { readonly view: View; readonly counter: Counter }): ReactElement {
  const { mode } = view;
  if (mode.is === 'void') {
    const sale = lastSale(view);
    return (
      <div className="lines voiding" role="group" aria-label="撤销原因">
        <p>撤销第 {sale?.number ?? '—'} 笔：</p>
        <div>{VOID_REASONS.map((reason, index) => <button key={reason} type="button" onClick={() => counter.press(String(index + 1))}><span aria-hidden="true">{index + 1}</span> {reason}</button>)}</div>
      </div>
    );
  }
  if (mode.is === 'balance') return <div className="lines voiding" role="status" aria-label="卡内余额"><p>{mode.says ?? '查余额：请刷卡'}</p></div>;
  if (mode.is === 'code') return <div className="lines voiding" role="status" aria-label="用餐码"><p>用餐码数字：{mode.typed === '' ? '请按键输入' : digitsInFours(mode.typed)}</p></div>;
  if (mode.is === 'portion' && view.cart !== null) {
    return (
      <div className="lines voiding" role="group" aria-label="这一份是谁的">
        <p>{view.cart.lines.at(-1)?.name}：这一份是谁的</p>
        <div className="portions">
          {portionsOf(view.cart).map(({ portion, fen }, index) => (
            <button key={portion} type="button" disabled={fen === null} onClick={() => counter.press(String(index))}>
              <span aria-hidden="true">{index}</span> {PORTION_WORDS[portion] === '' ? '本人整份' : PORTION_WORDS[portion]} {fen === null ? '不卖' : yuanText(fen)}
            </button>
          ))}
        </div>
      </div>
    );
  }
  const { handed, outcome } = view;
  // While a booking is handed out, what the next bill begins with is not shown: it would be taken for what was booked.
  const lines = handed !== null && outcome.is !== 'none' ? [] : (view.cart?.lines ?? []);
  return (
    <ul className="lines" aria-label="账单" tabIndex={0}>
      {handed === null ? null : <li className="handed">取餐号 {handed.number}　{handed.items.map(({ name, quantity }) => `${name} ×${quantity}`).join('　')}</li>}
      {lines.map((line) => (
        <li key={`${line.itemCode} ${portionOf(line)}`}><span>{line.name}{line.half === true || line.for !== undefined ? <b className="portion">{PORTION_WORDS[portionOf(line)]}</b> : null}</span><span>×{line.quantity}</span><span>{yuanText(line.fen * line.quantity)}</span></li>
      ))}
      {view.cart?.lines.length === 0 ? <li>没有选餐品</li> : null}
    </ul>
  );
}

/** What is being sold and how much is asked for. */
export function Bill({ view, counter }: { readonly view: View; readonly counter: Counter }): ReactElement {
  const { word, fen, more } = asked(view);
  return (
    <>
      <div className={`amount ${view.outcome.is}`} role="status" aria-label="金额" data-sale={'number' in view.outcome ? view.outcome.number : undefined}>
        <span className="word">{word}</span>
        <span className="figure">{yuanText(fen)}<span className="unit">元</span></span>
        <span className="more">{more}</span>
      </div>
      <Lines view={view} counter={counter} />
    </>
  );
}

/** What the confirmation does about consents; the key stays off while something else is to be said first. */
function kinWords({ relatives, chosen, giving, code }: KinView): string {
  if (relatives === null) return '请老人刷卡';
  if (code !== null) return '给好了';
  if (giving !== null) return giving.rights.length === 0 ? '选同意哪几项' : '取绑定码';
  return chosen === null ? '选一项' : '收回';
}

function confirmWords(view: View): string {
  const { mode, outcome, cart, people: { panel } } = view;
  if (outcome.is === 'wait') return '知道了';
  if (view.paying !== null) return PAYING_WORDS[view.paying.step];
  if (panel.is === 'proof') return '请核对';
  if (panel.is === 'search') return panel.found === null ? '查找' : '选是哪一位';
  if (panel.is === 'kin') return kinWords(panel);
  if (mode.is === 'quantity') return `数量 ${mode.typed === '' ? '…' : mode.typed}`;
  if (mode.is === 'void') return '选撤销原因';
  if (mode.is === 'portion') return '选这一份是谁的';
  if (mode.is === 'balance') return '返回';
  if (mode.is === 'code') return '用餐码输好了';
  // A balance is taken by its card; the key, which sells to guests otherwise, answers who asks what it holds.
  if (cart?.tender === 'balance') return '刷卡扣余额 · 查余额';
  return `散客 · ${tenderWord(view)} ${cart === null ? '' : `${yuanText(totalFen(cart, 'guest'))} 元`}`;
}

const canConfirm = ({ chosen, giving, code }: KinView): boolean => code !== null || (giving === null ? chosen !== null : giving.rights.length > 0);

/** Whether something else than the confirmation is to be pressed. */
function asksElsewhere({ mode, outcome, paying, people: { panel } }: View): boolean {
  if (paying !== null) return true;
  if (outcome.is === 'wait') return false;
  return mode.is === 'void' || mode.is === 'portion' || panel.is === 'proof' || (panel.is === 'kin' && !canConfirm(panel)) || (panel.is === 'search' && panel.found !== null);
}

/** One confirmation, and the number pad at the bottom on the right, as on every screen of this till. */
export function Keypad({ view, counter }: { readonly view: View; readonly counter: Counter }): ReactElement {
  const key = (name: string, words: string, on = false): ReactElement => (
    <button type="button" className="key" aria-pressed={on || undefined} onClick={() => counter.press(name)}>{words}</button>
  );
  const tender = tenderWord(view);
  return (
    <>
      <button type="button" className="confirm" disabled={asksElsewhere(view)} onClick={() => counter.press('Enter')}>{confirmWords(view)}</button>
      <div className="pad" role="group" aria-label="数字键盘">
        {['7', '8', '9'].map((digit) => <Digit key={digit} digit={digit} counter={counter} />)}
        {key('.', '重复 .')}
        {['4', '5', '6'].map((digit) => <Digit key={digit} digit={digit} counter={counter} />)}
        {key('*', '数量 *', view.mode.is === 'quantity')}
        {['1', '2', '3'].map((digit) => <Digit key={digit} digit={digit} counter={counter} />)}
        {key('-', '撤销 -', view.mode.is === 'void')}
        <button type="button" className="key tender" onClick={() => counter.press('0')}>0 {tender}</button>
        {key('Escape', '清除')}
        <button type="button" className="key portion" aria-pressed={view.mode.is === 'portion' || undefined} onClick={() => counter.press('/')}>半份<br />陪餐 /</button>
        <button type="button" className="key group" aria-pressed={view.group !== null} onClick={() => counter.press('+')}>{view.group === null ? '团体 +' : `团体 ${view.group} 份`}</button>
      </div>
    </>
  );
}

function Digit({ digit, counter }: { readonly digit: string; readonly counter: Counter }): ReactElement {
  return <button type="button" className="key digit" onClick={() => counter.press(digit)}>{digit}</button>;
}
