import { useEffect, useRef, useState, type KeyboardEvent, type ReactElement, type SyntheticEvent } from 'react';
import { TITLE_WORDS } from '../../lib/words.js';
import { Wedge } from '../cart/wedge.js';
import type { Counter } from '../counter.js';
import type { View } from '../view.js';
import { Face } from './face.js';
import { KinPanel } from './kin-panel.js';
import type { Candidate, Panel } from './people-view.js';
import type { People } from './people.js';

type Search = Extract<Panel, { is: 'search' }>;

/** The most common surnames of the country, for a till without an input method. */
const COMMON = ['王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴', '徐', '孙', '胡', '朱', '高', '林', '何', '郭', '马', '罗', '梁', '宋', '郑', '谢'];

interface Given {
  readonly view: View;
  readonly people: People;
  readonly counter: Counter;
}

/** The button on the selling page: as big as a dish. */
export function ForgottenButton({ view, people }: { readonly view: View; readonly people: People | null }): ReactElement {
  return <button type="button" className="forgotten" disabled={people === null || view.people.panel.is !== 'none' || view.outcome.is === 'wait'} onClick={() => void people?.forgotten.open()}>忘带卡</button>;
}

function Offline({ people, counter }: Omit<Given, 'view'>): ReactElement {
  const guest = (): void => {
    people.forgotten.close();
    counter.press('Enter');
  };
  return (
    <>
      <p role="alert" className="trouble">没有联网，不能查找老人。</p>
      <p>可以请老人按原价用餐；或者等网络恢复后再查。带了卡的照常刷卡。</p>
      <p className="row"><button type="button" className="go" onClick={guest}>按原价收</button><button type="button" onClick={() => people.forgotten.close()}>返回</button></p>
    </>
  );
}

function Typing({ panel, people, counter }: Omit<Given, 'view'> & { readonly panel: Search }): ReactElement {
  const { forgotten } = people;
  const field = useRef<HTMLInputElement>(null);
  // The field's own text, drawn at once: the page draws the board a moment later, and a fast hand must lose no character.
  const [text, setText] = useState(panel.surname);
  const [wedge] = useState(() => new Wedge({ prefix: '' }));
  useEffect(() => field.current?.focus(), []);
  const take = (typed: string): void => {
    setText(typed.replace(/[\d\s]/g, ''));
    forgotten.typeSurname(typed);
  };
  const search = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void forgotten.search();
  };
  // A card that was found after all is read into this field: it is a card, and no surname.
  const watchReader = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') return forgotten.close();
    const scan = wedge.feed(event.key, event.timeStamp).find((one) => one.is === 'scan');
    if (scan === undefined) return;
    event.preventDefault();
    counter.scan(scan.number);
  };
  return (
    <form onSubmit={search}>
      <label htmlFor="surname">姓</label>
      <input
        ref={field} id="surname" autoComplete="off" autoCapitalize="off" spellCheck={false} maxLength={20} lang="zh-CN" value={text} onKeyDown={watchReader}
        onChange={(event) => ((event.nativeEvent as InputEvent).isComposing ? setText(event.target.value) : take(event.target.value))}
        onCompositionEnd={(event) => take(event.currentTarget.value)}
      />
      <div className="surnames" role="group" aria-label="常见的姓">{COMMON.map((name) => <button key={name} type="button" aria-pressed={panel.surname === name} onClick={() => take(name)}>{name}</button>)}</div>
      <p className="tail">手机号后四位 <span className="places" role="status" aria-label={`手机号后四位：${panel.tail}`}>{[0, 1, 2, 3].map((place) => <span key={place}>{panel.tail[place] ?? ''}</span>)}</span></p>
      <p className="row"><button type="submit" className="go" disabled={panel.busy}>{panel.busy ? '正在查找……' : '查找（确认键）'}</button><button type="button" onClick={() => forgotten.close()}>返回</button></p>
      <p className="aside">数字用数字键盘按。查找要留痕，本机今天已查 {panel.today} 次；代记的每一笔都会复查。</p>
    </form>
  );
}

function Found({ found, people }: { readonly found: readonly Candidate[]; readonly people: People }): ReactElement {
  return (
    <>
      <p>是哪一位？请当面核对。</p>
      <ol className="found">
        {found.map(({ surname, title, cardTail, photo }, index) => (
          <li key={cardTail + String(index)}>
            <button type="button" onClick={() => people.forgotten.choose(index)}>
              <span className="key" aria-hidden="true">{index + 1}</span><Face photo={photo} get={people.photographs} />
              <span><strong>{surname}{TITLE_WORDS[title]}</strong> <span className="aside">卡尾号 {cardTail}</span></span>
            </button>
          </li>
        ))}
      </ol>
      <p className="row"><button type="button" onClick={() => people.forgotten.press('Escape')}>都不是，重新查</button><button type="button" onClick={() => people.forgotten.close()}>返回</button></p>
    </>
  );
}

function Searching({ panel, view, people, counter }: Given & { readonly panel: Search }): ReactElement {
  const found = panel.found ?? [];
  return (
    <section className="people-panel" aria-label="忘带卡">
      <h2>忘带卡</h2>
      {panel.sentence === null ? null : <p role="alert" className="trouble">{panel.sentence}</p>}
      {view.link.is !== 'online' && found.length === 0 ? <Offline people={people} counter={counter} />
        : found.length > 0 ? <Found found={found} people={people} /> : <Typing panel={panel} people={people} counter={counter} />}
    </section>
  );
}

/** Asks once, in the same words for everybody; one key each. */
function Proof({ panel, people }: { readonly panel: Extract<Panel, { is: 'proof' }>; readonly people: People }): ReactElement {
  const key = (name: string, words: string): ReactElement => (
    <button type="button" onClick={() => people.press(name)}><span className="key" aria-hidden="true">{name}</span> {words}</button>
  );
  return (
    <section className="people-panel proof" aria-label="请核对" role="alert">
      <h2>请核对</h2>
      <Face photo={panel.photo} get={people.photographs} />
      {key('1', '与照片相符')}
      {key('2', '有陪同人证明')}
      {key('3', `说出卡号后四位 ${panel.tail}`)}
      <button type="button" className="skip" onClick={() => people.press('0')}><span className="key" aria-hidden="true">0</span> 先不核对，继续</button>
    </section>
  );
}

/** What stands in the place of the dishes for a moment; null where nothing does. */
export function PeoplePanel({ view, people, counter }: { readonly view: View; readonly people: People | null; readonly counter: Counter }): ReactElement | null {
  const { panel } = view.people;
  if (people === null || panel.is === 'none') return null;
  if (panel.is === 'kin') return <KinPanel panel={panel} kin={people.kin} />;
  return panel.is === 'proof' ? <Proof panel={panel} people={people} /> : <Searching panel={panel} view={view} people={people} counter={counter} />;
}
