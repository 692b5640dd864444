import { useEffect, useState, type MouseEvent, type ReactElement } from 'react';
import { AwayDialog, Badge, StatusBox } from './badge.js';
import { BookingList, BookingsButton } from './bookings/list.js';
import { Bill, Keypad } from './bill.js';
import { yuanText } from '../lib/amount.js';
import { PERIOD_WORDS } from '../lib/words.js';
import type { Counter } from './counter.js';
import { useFace } from './face.js';
import { CashierButton } from './people/cashier-bar.js';
import { ForgottenButton, PeoplePanel } from './people/panel.js';
import { Eater, Sign } from './person.js';
import { Records } from './records.js';
import { Settings } from './settings.js';
import type { Till } from './till.js';
import { lastSale, type Outcome, type View } from './view.js';
import { clockWords } from './words.js';

const PAGE = 12;

/** A touch takes no focus away: Enter stays the confirmation. */
const keepFocus = (event: MouseEvent): void => {
  if (!(event.target instanceof HTMLInputElement)) event.preventDefault();
};

function useMinute(): number {
  const [now, set] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => set(Date.now()), 5_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function Tiles({ view, counter }: { readonly view: View; readonly counter: Counter }): ReactElement {
  const [page, turn] = useState(0);
  const items = view.offer?.items ?? [];
  const pages = Math.max(1, Math.ceil(items.length / PAGE));
  const first = Math.min(page, pages - 1) * PAGE;
  return (
    <div className="tiles" role="group" aria-label="餐品">
      {items.slice(first, first + PAGE).map((item, index) => {
        const chosen = (view.cart?.lines ?? []).reduce((sum, line) => sum + (line.itemCode === item.itemCode ? line.quantity : 0), 0);
        return (
          <button key={item.itemCode} type="button" className={chosen > 0 ? 'tile chosen' : 'tile'} aria-pressed={chosen > 0} onClick={() => counter.pick(item.itemCode)}>
            <span className="key" aria-hidden="true">{first + index < 9 ? first + index + 1 : ''}</span>
            <span className="name">{item.name}</span>
            <span className="price">{(item.guestFen ?? item.fen) === item.fen ? `${yuanText(item.fen)} 元` : <><span>{yuanText(item.fen)} 元，</span><span>散客 {yuanText(item.guestFen ?? item.fen)}</span></>}</span>
            {chosen > 0 ? <span className="times">×{chosen}</span> : null}
          </button>
        );
      })}
      {pages > 1 ? <button type="button" className="tile turn" onClick={() => turn((page + 1) % pages)}>下一页 {page + 1}／{pages}</button> : null}
    </div>
  );
}

function Wait({ outcome, counter }: { readonly outcome: Extract<Outcome, { is: 'wait' }>; readonly counter: Counter }): ReactElement {
  return (
    <div className="alert-panel" role="alert">
      <p className="head"><span aria-hidden="true">!</span> 请稍候</p>
      <p className="sentence">{outcome.sentence}</p>
      <p>{outcome.next}</p>
      <button type="button" className="go" onClick={() => counter.dismiss()}>知道了（确认键）</button>
    </div>
  );
}

/** A payment by WeChat that is waited for: what to do now, and the way out. */
function Paying({ paying, counter }: { readonly paying: NonNullable<View['paying']>; readonly counter: Counter }): ReactElement {
  const head = { scan: '请扫微信付款码', asking: '正在收款', password: '等待老人输入密码' }[paying.step];
  return (
    <div className="alert-panel" role="status" aria-label="微信收款">
      <p className="head">{head}</p>
      <p className="sentence">{yuanText(paying.fen)} 元</p>
      <p>{paying.says ?? (paying.step === 'scan' ? '请老人打开微信的“付款码”，用扫码枪扫。' : '请稍等，不要重复扫。')}</p>
      <button type="button" onClick={() => counter.press('Escape')}>不用微信付，作废这一笔（清除键）</button>
    </div>
  );
}

function Middle({ shows, till, view, counter }: { readonly shows: 'items' | 'records' | 'settings' | 'bookings'; readonly till: Till; readonly view: View; readonly counter: Counter }): ReactElement {
  if (view.people.panel.is !== 'none') return <PeoplePanel view={view} people={till.people} counter={counter} />;
  if (shows === 'bookings') return <BookingList view={view} />;
  if (shows === 'records') return <Records till={till} view={view} />;
  return shows === 'settings' ? <Settings till={till} /> : <Tiles view={view} counter={counter} />;
}

/** The one screen of a sale: who, what, how much. Nothing on it ever changes its place. */
export function Selling({ till, view }: { readonly till: Till; readonly view: View }): ReactElement {
  const [shows, show] = useState<'items' | 'records' | 'settings' | 'bookings'>('items');
  const now = useMinute();
  const { outcome } = view;
  const counter = till.counter ?? IDLE;
  const mirror = view.role === 'mirror';
  const { hand, paper } = useFace();
  const turn = (to: 'records' | 'settings' | 'bookings'): void => show(shows === to ? 'items' : to);
  return (
    <div className={`till ${hand}-handed`} onMouseDown={keepFocus} inert={mirror}>
      <header className="bar">
        <Badge view={view} open={shows === 'records'} onOpen={() => turn('records')} />
        <h1>{view.label}</h1>
        <button type="button" disabled={view.periods.length < 2} onClick={() => counter.turnPeriod()}>{view.offer === null ? '没有价目' : PERIOD_WORDS[view.offer.mealPeriod]}</button>
        <span className="time">{clockWords(now)}</span>
        <CashierButton view={view} people={till.people} />
        <button type="button" aria-expanded={shows === 'settings'} onClick={() => turn('settings')}>设置</button>
        <button type="button" onClick={() => till.goToClosing()}>结班</button>
      </header>
      <main className="zones">
        <section className="zone left" aria-label="取餐人">
          <Sign is={outcome.is} />
          <Eater view={view} people={till.people} />
          <StatusBox view={view} now={now} />
        </section>
        <section className="zone middle" aria-label="餐品">
          {mirror ? <p className="mirror" role="alert">另一个窗口正在收款，这个窗口只能看。</p> : null}
          {outcome.is === 'wait' ? <Wait outcome={outcome} counter={counter} /> : view.paying !== null ? <Paying paying={view.paying} counter={counter} /> : <Middle shows={shows} till={till} view={view} counter={counter} />}
          <div className="foot">
            <BookingsButton view={view} open={shows === 'bookings'} onOpen={() => turn('bookings')} />
            <ForgottenButton view={view} people={till.people} />
            <button type="button" disabled={view.outcome.is === 'wait' || view.paying !== null} onClick={() => counter.typeCode()}>输用餐码</button>
            {paper === null ? null : <button type="button" disabled={lastSale(view) === null} onClick={() => till.printing.last()}>小票 =</button>}
          </div>
          <AwayDialog view={view} now={now} />
        </section>
        <section className="zone right" aria-label="收款">
          <Bill view={view} counter={counter} />
          <Keypad view={view} counter={counter} />
        </section>
      </main>
    </div>
  );
}

/** A second window has no counter: its keys do nothing. */
const IDLE = { pick: () => undefined, dismiss: () => undefined, turnPeriod: () => undefined, press: () => undefined, typeCode: () => undefined, drop: () => undefined } as unknown as Counter;
