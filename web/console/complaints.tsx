import { useCallback, useState, type ReactElement, type ReactNode } from 'react';
import { get, send } from '../lib/api.js';
import type { components } from '../lib/api.gen.js';
import { allPages, Choice, DeedForm, Field, momentWords, Reading, Table, textOf, useRead } from './pieces.js';
import { isOneOf, type Me } from './session.js';

type Complaint = components['schemas']['StaffComplaintDto'];
type Whole = components['schemas']['WholeComplaintDto'];
type State = Complaint['state'];

const CATEGORIES: readonly (readonly [Complaint['category'], string])[] = [
  ['taste', '口味'], ['portion', '分量'], ['wait', '等太久、没送到'], ['attitude', '态度'], ['hygiene', '卫生'], ['money', '钱算得不对'], ['notEaten', '没吃却有记录'], ['other', '别的事'],
];
const CATEGORY_WORDS = new Map<string, string>(CATEGORIES);
const STATES: readonly (readonly [State, string])[] = [['open', '待答复'], ['answered', '已答复'], ['settled', '办结']];
const LEVELS: Readonly<Record<Complaint['level'], string>> = { site: '助餐点', township: '镇街', county: '县（市、区）' };
const CHANNELS: Readonly<Record<Complaint['channel'], string>> = { mini: '小程序', telephone: '来电', counter: '到场' };
const STEPS: Readonly<Record<string, string>> = { made: '投诉', answered: '答复', told: '已告知', objected: '不满意，转上一级', settled: '满意', late: '逾期未答复，转县（市、区）' };

/** Takes down what somebody says who calls or stands at the counter. */
function TakeDown({ me, onDone }: { readonly me: Me; readonly onDone: () => void }): ReactElement {
  const [sites, again] = useRead(useCallback(() => (me.siteId === null ? allPages((query) => get('/v1/sites', { query })) : Promise.resolve([])), [me.siteId]));
  const take = async (id: string, fields: FormData): Promise<string> => {
    const [card, phone] = [textOf(fields, 'card'), textOf(fields, 'phone')];
    const { number, dueAt } = await send('post', '/v1/complaints', {
      body: {
        id, siteId: me.siteId ?? textOf(fields, 'siteId'), category: textOf(fields, 'category') as Complaint['category'], channel: textOf(fields, 'channel') as 'telephone' | 'counter', text: textOf(fields, 'text'),
        ...(card === '' ? {} : { card }), ...(phone === '' ? {} : { phone }),
      },
    });
    onDone();
    return `已登记：${number} 号，${momentWords(dueAt)} 以前答复。请把号码念给对方。`;
  };
  return (
    <details className="panel">
      <summary>登记来电或到场的投诉</summary>
      <Reading of={sites} again={again}>
        {(list) => (
          <DeedForm does="登记投诉" run={take}>
            {me.siteId === null ? <Choice name="siteId" label="助餐点" of={list.map(({ siteId, name }) => [siteId, name])} /> : null}
            <Choice name="channel" label="怎样来的" of={[['telephone', '来电'], ['counter', '到场']]} />
            <Choice name="category" label="哪方面的事" of={CATEGORIES} />
            <Field name="text" label="怎么回事" hint="不写姓名、电话、证件号和卡号" length={500} />
            <Field name="card" label="助餐卡号" hint="有卡的填；不知道的空着" length={40} optional />
            <Field name="phone" label="回电的电话" hint="没有填卡号的必填；只在回电时查看，留痕" length={30} optional />
          </DeedForm>
        )}
      </Reading>
    </details>
  );
}

/** The number that a caller left; shown when somebody asks for it, and kept nowhere. */
function CallBack({ complaintId }: { readonly complaintId: string }): ReactElement {
  const [phone, show] = useState<string | null>(null);
  if (phone !== null) return <p>回电：<strong>{phone}</strong></p>;
  return <DeedForm does="查看回电的电话" run={async () => show((await send('post', '/v1/complaints/{id}/phone', { path: { id: complaintId } })).phone)} />;
}

/** Who speaks with the people that complained; the canteen is not to learn who they are. */
const callsBack = (me: Me): boolean => isOneOf(me, 'communityWorker', 'townshipOfficer', 'countyOfficer');

/** What is still to be done with a complaint. */
function Doing({ me, whole: { complaint, mayAnswer }, onDone }: { readonly me: Me; readonly whole: Whole; readonly onDone: () => void }): ReactElement {
  const path = { id: complaint.complaintId };
  const say = (where: '/v1/complaints/{id}/answer' | '/v1/complaints/{id}/told') => async (id: string, fields: FormData): Promise<void> => {
    await send('post', where, { path, body: { id, text: textOf(fields, 'text') } });
    onDone();
  };
  const reply = async (id: string, fields: FormData): Promise<void> => {
    const text = textOf(fields, 'text');
    await send('post', '/v1/complaints/{id}/reply', { path, body: { id, satisfied: textOf(fields, 'satisfied') === 'yes', ...(text === '' ? {} : { text }) } });
    onDone();
  };
  const byCall = callsBack(me) && complaint.channel !== 'mini' && complaint.state === 'answered';
  return (
    <>
      {mayAnswer ? <DeedForm does="答复" run={say('/v1/complaints/{id}/answer')}><Field name="text" label="答复" hint="老人看得到，也会念给老人听；不写姓名和电话" length={500} /></DeedForm> : null}
      {!mayAnswer && complaint.state === 'open' ? <p className="hint">由{LEVELS[complaint.level]}答复。</p> : null}
      {byCall && !complaint.told ? <DeedForm does="登记已告知" run={say('/v1/complaints/{id}/told')}><Field name="text" label="怎样告知的" value="电话告知" length={100} /></DeedForm> : null}
      {byCall ? (
        <DeedForm does="登记对方的话" run={reply}>
          <Choice name="satisfied" label="满意吗" of={complaint.objected ? [['yes', '满意']] : [['yes', '满意'], ['no', '不满意，请上一级再办']]} />
          <Field name="text" label="还说了什么" length={500} optional />
        </DeedForm>
      ) : null}
    </>
  );
}

/** One complaint from its first word on. */
function Open({ me, complaintId, onDone }: { readonly me: Me; readonly complaintId: string; readonly onDone: () => void }): ReactElement {
  const [read, again] = useRead(useCallback(() => get('/v1/complaints/{id}', { path: { id: complaintId } }), [complaintId]));
  const done = (): void => {
    again();
    onDone();
  };
  return (
    <section className="panel open" aria-label="投诉和答复">
      <Reading of={read} again={again}>
        {(whole) => (
          <>
            <h2>{whole.complaint.number} 号　{whole.complaint.siteName}　{CATEGORY_WORDS.get(whole.complaint.category)}</h2>
            <ol>{whole.steps.map(({ kind, text, madeAt }) => <li key={`${kind} ${madeAt}`}>{momentWords(madeAt)}　{STEPS[kind] ?? kind}{text === null ? '' : `：${text}`}</li>)}</ol>
            {whole.complaint.hasPhone && callsBack(me) ? <CallBack complaintId={complaintId} /> : null}
            <Doing key={`${whole.complaint.state} ${whole.steps.length}`} me={me} whole={whole} onDone={done} />
          </>
        )}
      </Reading>
    </section>
  );
}

const dueWords = ({ state, late, dueAt }: Complaint): string => `${state === 'open' ? momentWords(dueAt) : '—'}${late ? '（曾逾期）' : ''}`;

const cellsOf = (choose: (complaintId: string) => void) => (row: Complaint): readonly ReactNode[] => [
  row.number, row.siteName, CATEGORY_WORDS.get(row.category) ?? row.category, CHANNELS[row.channel], LEVELS[row.level], dueWords(row),
  <button key="do" type="button" onClick={() => choose(row.complaintId)}>打开 {row.number} 号</button>,
];

/** What people complain of, and what is answered. Who complained is not shown; the canteen sees what it is to answer itself. */
export function ComplaintsPage({ me }: { readonly me: Me }): ReactElement {
  const [state, turn] = useState<State>('open');
  const [chosen, choose] = useState<string | null>(null);
  const [read, again] = useRead(useCallback(() => allPages((query) => get('/v1/complaints', { query: { ...query, state } })), [state]));
  return (
    <>
      <h1>投诉</h1>
      {isOneOf(me, 'canteenManager', 'communityWorker', 'townshipOfficer', 'countyOfficer') ? <TakeDown me={me} onDone={again} /> : null}
      <p className="field short">
        <label htmlFor="complaints-state">看哪些</label>
        <select id="complaints-state" value={state} onChange={({ target }) => turn(target.value as State)}>{STATES.map(([value, words]) => <option key={value} value={value}>{words}</option>)}</select>
      </p>
      {chosen === null ? null : <Open key={chosen} me={me} complaintId={chosen} onDone={again} />}
      <Reading of={read} again={again}>
        {(rows) => (
          <Table title="投诉" rows={rows} keyOf={(row) => row.complaintId} none={state === 'open' ? '没有待答复的投诉。' : '还没有。'} head={['号', '助餐点', '哪方面', '怎样来的', '由谁答复', '最晚', '办理']}
            cells={cellsOf(choose)} />
        )}
      </Reading>
    </>
  );
}
