import { useCallback, useState, type ReactElement } from 'react';
import { addDays, chinaDate } from '../../src/kernel/civil-date.js';
import { CONSENT_NOTICE } from '../../src/family/domain/consent-notice.js';
import { get, Problem, send, type Answer } from '../lib/api.js';
import { RELATION_WORDS } from '../lib/words.js';
import { findElder, type FoundElder } from './find-elder.js';
import { Choice, DeedForm, Field, Reading, Table, textOf, useRead } from './pieces.js';

type Accounts = Answer<'/v1/elders/{id}/accounts'>;
type Relative = Accounts['relatives'][number];

const RIGHTS = ['meals', 'ordering', 'paying'] as const;
const RIGHT_WORDS: Readonly<Record<Relative['rights'][number], string>> = { meals: '看用餐', ordering: '订餐', paying: '付款' };
/** Stands for the elder's own account in a choice. */
const SELF = 'self';
/** Stands for a relative who is no contact yet. */
const NEW = 'new';

/** How far a consent reaches unless the elder says otherwise, and the longest that it may, in days. */
const [USUAL_DAYS, MOST_DAYS] = [365, 3 * 366];

const nameWords = ({ name, relation }: Relative): string => `${name}（${RELATION_WORDS[relation] ?? relation}）`;

interface Given {
  readonly elder: FoundElder;
  readonly accounts: Accounts;
  readonly again: () => void;
}

function Codes({ elder, accounts }: Given): ReactElement {
  const make = async (id: string, fields: FormData): Promise<string> => {
    const whom = textOf(fields, 'whom');
    const body = whom === SELF ? { id, purpose: 'self' as const } : { id, purpose: 'kin' as const, ...(whom === NEW ? {} : { contactId: whom }) };
    const { code } = await send('post', '/v1/elders/{id}/binding-code', { path: { id: elder.elderId }, body });
    return `绑定码 ${code.slice(0, 4)} ${code.slice(4)}。念给对方，30 分钟内在小程序里输入，只能用一次。`;
  };
  const waiting = accounts.relatives.filter((one) => !one.bound);
  return (
    <section className="panel">
      <h2>开绑定码</h2>
      <p className="hint">请先当面或电话核对是老人本人同意。家人绑定后还看不到什么，要老人再同意；老人换了微信，新的会代替旧的。</p>
      <DeedForm does="开绑定码" run={make}>
        <Choice name="whom" label="给谁" of={[[SELF, '老人本人'], [NEW, '还没有登记的家人'], ...waiting.map((one) => [one.contactId, nameWords(one)] as const)]} />
      </DeedForm>
    </section>
  );
}

/** A consent that an elder gives in person, on paper: for who has no telephone of their own. */
function Consent({ elder, accounts, again }: Given): ReactElement | null {
  const bound = accounts.relatives.filter((one) => one.bound);
  const [today] = useState(() => chinaDate(Date.now()));
  const give = async (id: string, fields: FormData): Promise<string> => {
    const scopes = RIGHTS.filter((right) => fields.has(right));
    // Nothing ticked would take everything back, which has a form of its own.
    if (scopes.length === 0) throw new Problem(422, 'consent-empty', '请至少勾一项；要全部收回，请用“应老人要求收回”。');
    await send('post', '/v1/elders/{id}/consents', { path: { id: elder.elderId }, body: {
      id, grantee: 'relative', contactId: textOf(fields, 'whom'), scopes, until: textOf(fields, 'until'), givenOn: chinaDate(Date.now()), givenHow: 'paper', notice: CONSENT_NOTICE.version,
    } });
    again();
    return '已登记，当场生效。';
  };
  if (bound.length === 0) return null;
  return (
    <details className="panel">
      <summary>登记老人当面同意</summary>
      <p className="hint">念给老人听：{CONSENT_NOTICE.text}</p>
      <DeedForm does="登记同意" run={give}>
        <Choice name="whom" label="同意哪位家人" of={bound.map((one) => [one.contactId, nameWords(one)] as const)} />
        {RIGHTS.map((right) => <label key={right} className="tick"><input type="checkbox" name={right} /> {RIGHT_WORDS[right]}</label>)}
        <p className="hint">勾选的就是这位家人往后能办的全部，没有勾的不再能办。</p>
        <Field name="until" label="到哪天为止" type="date" value={addDays(today, USUAL_DAYS)} min={today} max={addDays(today, MOST_DAYS)} />
        <label className="tick"><input type="checkbox" required /> 老人本人在场，听过告知书，同意并在纸上签了名</label>
      </DeedForm>
    </details>
  );
}

function Change({ elder, accounts, again }: Given): ReactElement | null {
  const bound: (readonly [string, string])[] = [...(accounts.self ? [[SELF, '老人本人的微信'] as const] : []), ...accounts.relatives.filter((one) => one.bound).map((one) => [one.contactId, nameWords(one)] as const)];
  const open = [...bound, ...accounts.relatives.filter((one) => !one.bound && one.rights.length > 0).map((one) => [one.contactId, nameWords(one)] as const)];
  const whose = (fields: FormData): string | null => (textOf(fields, 'whom') === SELF ? null : textOf(fields, 'whom'));
  const withdraw = async (id: string, fields: FormData): Promise<string> => {
    await send('post', '/v1/elders/{id}/accounts/withdraw', { path: { id: elder.elderId }, body: { id, contactId: whose(fields) } });
    again();
    return '已收回，当场生效。';
  };
  const phone = async (id: string, fields: FormData): Promise<string> => {
    await send('post', '/v1/elders/{id}/accounts/phone', { path: { id: elder.elderId }, body: { id, contactId: whose(fields), phone: textOf(fields, 'phone') } });
    again();
    return '已登记。';
  };
  return (
    <>
      {open.length === 0 ? null : (
        <details className="panel">
          <summary>应老人要求收回</summary>
          <DeedForm does="收回" danger run={withdraw}><Choice name="whom" label="收回谁的" of={open} /></DeedForm>
        </details>
      )}
      {bound.length === 0 ? null : (
        <details className="panel">
          <summary>登记手机号</summary>
          <DeedForm does="登记手机号" run={phone}>
            <Choice name="whom" label="谁的微信" of={bound} />
            <Field name="phone" label="手机号" length={30} hint="微信没有给出手机号时才登记" />
          </DeedForm>
        </details>
      )}
    </>
  );
}

function OfElder({ elder }: { readonly elder: FoundElder }): ReactElement {
  const { elderId } = elder;
  const [accounts, again] = useRead(useCallback(() => get('/v1/elders/{id}/accounts', { path: { id: elderId } }), [elderId]));
  return (
    <Reading of={accounts} again={again}>
      {(of) => (
        <>
          <h2>{elder.name}</h2>
          <p>{of.self ? '老人本人已绑定微信。' : '老人本人没有绑定微信。'}</p>
          <Table title="家人" rows={of.relatives} keyOf={(row) => row.contactId} none="还没有登记家人。" head={['家人', '电话', '微信', '老人同意', '到']}
            cells={(row) => [nameWords(row), row.phone, row.bound ? '已绑定' : '没有绑定', row.rights.map((right) => RIGHT_WORDS[right]).join('、') || '没有', row.until ?? '—']} />
          <Codes elder={elder} accounts={of} again={again} />
          <Consent elder={elder} accounts={of} again={again} />
          <Change elder={elder} accounts={of} again={again} />
        </>
      )}
    </Reading>
  );
}

/** Elders' accounts and relatives, for who helps them at a desk or on the telephone. */
export function RelativesPage(): ReactElement {
  const [elder, find] = useState<FoundElder | null>(null);
  return (
    <>
      <h1>微信与家人</h1>
      <section className="panel">
        <DeedForm does="查找老人" run={async (_id, fields) => find(await findElder(textOf(fields, 'card'), textOf(fields, 'name')))}>
          <Field name="card" label="助餐卡号" length={40} optional />
          <Field name="name" label="或老人姓名（全名）" length={60} optional />
        </DeedForm>
      </section>
      {elder === null ? null : <OfElder key={elder.elderId} elder={elder} />}
    </>
  );
}
