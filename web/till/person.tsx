import type { ReactElement } from 'react';
import { TITLE_WORDS } from '../lib/words.js';
import { Face } from './people/face.js';
import type { People } from './people/people.js';
import type { Outcome, View } from './view.js';

export const SIGN_WORDS: Readonly<Record<Outcome['is'], string>> = { none: '请刷卡', busy: '请稍等', done: '谢谢，请用餐', back: '已撤销', wait: '请稍候' };

/** What everybody round the counter sees: the same pixels for everybody. No name, no class, no amount. */
export function Sign({ is }: { readonly is: Outcome['is'] }): ReactElement {
  return (
    <div className={`person ${is}`} data-zone="bystander" role="status" aria-label="取餐状态">
      <svg viewBox="0 0 160 160" aria-hidden="true">
        <circle cx="80" cy="80" r="78" className="disc" />
        {is === 'done' || is === 'back' ? <path d="M42 84l26 26 50-58" className="stroke" /> : null}
        {is === 'wait' ? <path d="M80 38v54M80 112v10" className="stroke" /> : null}
        {is === 'none' || is === 'busy' ? <path d="M36 54h88v56H36zM36 72h88" className="stroke" /> : null}
      </svg>
      <p className="says">{SIGN_WORDS[is]}</p>
    </div>
  );
}

/** The eater as the cashier may address them, beside the bystanders' sign and never in it. Its place is kept when nobody is there. */
export function Eater({ view, people }: { readonly view: View; readonly people: People | null }): ReactElement {
  const { person } = view;
  return (
    <div className="eater" role="status" aria-label="称呼">
      <Face photo={person?.photo ?? null} get={people?.photographs ?? null} />
      <p className="called">{person === null ? '' : `${person.surname}${TITLE_WORDS[person.title]}`}</p>
    </div>
  );
}
