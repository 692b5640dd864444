import type { ReactElement } from 'react';
import { CONSENT_TERMS, dateWords, RELATION_WORDS } from '../../lib/words.js';
import { digitsInFours } from '../../../src/till/domain/eating-code.js';
import { useFace } from '../face.js';
import { clockWords } from '../words.js';
import type { KinDesk } from './kin.js';
import { KIN_WORDS, type KinCode, type KinView } from './people-view.js';

interface Given {
  readonly panel: KinView;
  readonly kin: KinDesk;
}

function Key({ name }: { readonly name: number }): ReactElement {
  return <span className="key" aria-hidden="true">{name}</span>;
}

/** A code, once: it is read out, shown or carried home on paper. */
function Code({ code, kin }: { readonly code: KinCode; readonly kin: KinDesk }): ReactElement {
  const { paper } = useFace();
  return (
    <>
      <p>把这个绑定码给家人：</p>
      <p className="kin-code" role="status" aria-label="给家人的绑定码">{digitsInFours(code.code)}</p>
      <p>家人在微信小程序“幸福食堂”里选“我是家人”，填这个绑定码，就绑定好了。<strong>{clockWords(code.expiresAt)} 以前有效，只能用一次。</strong></p>
      <p className="row">
        {paper === null ? null : <button type="button" onClick={() => kin.print()}>打印绑定码</button>}
        <button type="button" className="go" onClick={() => kin.close()}>给好了（确认键）</button>
      </p>
    </>
  );
}

/** What the elder agrees to: one by one, nothing by itself, with the text that is read out first. */
function Giving({ panel, kin, giving }: Given & { readonly giving: NonNullable<KinView['giving']> }): ReactElement {
  return (
    <>
      <p>问老人：同意这位家人做哪几项？</p>
      <div className="rights">
        {KIN_WORDS.map(([right, words], index) => {
          const isOn = giving.rights.includes(right);
          return <button key={right} type="button" aria-pressed={isOn} onClick={() => kin.turn(index)}><Key name={index + 1} /> <span>{isOn ? <span aria-hidden="true">✓ </span> : null}{words}</span></button>;
        })}
        <button type="button" onClick={() => kin.turn(KIN_WORDS.length)}><Key name={KIN_WORDS.length + 1} /> <span>同意{CONSENT_TERMS[giving.term]?.[0]}<span className="aside">到 {dateWords(giving.until)}</span></span></button>
      </div>
      <p className="row">
        <button type="button" className="go" disabled={panel.busy || giving.rights.length === 0} onClick={() => void kin.makeCode()}>取绑定码（确认键）</button>
        <button type="button" onClick={() => kin.press('Escape')}>返回</button>
      </p>
      <p className="aside"><strong>先念给老人听：</strong>{panel.notice}</p>
    </>
  );
}

const rightWords = (rights: readonly string[]): string => (rights.length === 0 ? '没有授权' : KIN_WORDS.flatMap(([right, words]) => (rights.includes(right) ? [words] : [])).join('、'));

function Relatives({ panel, kin }: Given): ReactElement {
  const { relatives, self, chosen } = panel;
  const lines = [...(relatives ?? []).map(({ relation, mark, rights }) => `${RELATION_WORDS[relation] ?? '联系人'}${mark === null ? '' : `（${mark}）`}：${rightWords(rights)}`), ...(self ? ['老人本人的微信'] : [])];
  return (
    <>
      {relatives === null ? <p>{panel.busy ? '正在查……' : '请老人刷卡。只看得到称呼，不显示姓名。'}</p>
        : lines.length === 0 ? <p>没有家人绑定，也没有授权。</p> : (
          <>
            <p>要收回哪一个？</p>
            <ol className="found">
              {lines.map((words, index) => (
                <li key={words + String(index)}><button type="button" aria-pressed={chosen === index} onClick={() => kin.choose(index)}><Key name={index + 1} /> <span>{words}</span></button></li>
              ))}
            </ol>
          </>
        )}
      <p className="row">
        {chosen === null ? null : <button type="button" className="go" disabled={panel.busy} onClick={() => void kin.withdraw(chosen)}>收回（确认键）</button>}
        {relatives === null ? null : <button type="button" disabled={panel.busy} onClick={() => kin.give()}><span aria-hidden="true">0 </span>同意一位家人，给绑定码</button>}
        <button type="button" onClick={() => kin.close()}>返回</button>
      </p>
    </>
  );
}

/** What relatives may see and do: the way to agree to it, and the way to take it back. */
export function KinPanel({ panel, kin }: Given): ReactElement {
  const { giving, code } = panel;
  return (
    <section className="people-panel" aria-label="家人授权">
      <h2>家人授权</h2>
      {panel.sentence === null ? null : <p role="alert" className="trouble">{panel.sentence}</p>}
      {code !== null ? <Code code={code} kin={kin} /> : giving !== null ? <Giving panel={panel} kin={kin} giving={giving} /> : <Relatives panel={panel} kin={kin} />}
    </section>
  );
}
