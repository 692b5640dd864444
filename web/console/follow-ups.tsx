import { useCallback, useState, type ReactElement, type ReactNode } from 'react';
import { get, send } from '../lib/api.js';
import type { components } from '../lib/api.gen.js';
import { PERIOD_WORDS, RELATION_WORDS, dateWords } from '../lib/words.js';
import { allPages, Choice, DeedForm, Field, momentWords, Reading, Table, textOf, useRead } from './pieces.js';

type FollowUp = components['schemas']['FollowUpDto'];
type Outcome = components['schemas']['FollowUpNoteBody']['outcome'];
type Contact = components['schemas']['FollowUpContactDto'];

const OUTCOMES: readonly (readonly [Outcome, string])[] = [['reached', '已联系，平安'], ['noAnswer', '没接'], ['visitNeeded', '需要上门'], ['visited', '已上门']];
const STEP_WORDS: ReadonlyMap<string, string> = new Map([...OUTCOMES, ['made', '订了餐没有来'], ['ate', '之后来用餐了，自动办结']]);
const STATE_WORDS: Readonly<Record<FollowUp['state'], string>> = { open: '打电话', visit: '上门', closed: '办结' };
/** Whom to ring up; each look is written down. */
function Call({ followUpId }: { readonly followUpId: string }): ReactElement {
  const [contact, show] = useState<Contact | null>(null);
  if (contact === null) return <DeedForm does="查看姓名和电话" run={async () => show(await send('post', '/v1/follow-ups/{id}/contact', { path: { id: followUpId } }))} />;
  return (
    <>
      <p>{contact.name}：<strong>{contact.phone ?? '没有登记电话，请上门'}</strong></p>
      {contact.emergency.map(({ name, relation, phone }) => <p key={phone}>紧急联系人 {name}（{RELATION_WORDS[relation] ?? relation}）：<strong>{phone}</strong></p>)}
    </>
  );
}

/** One elder to be asked after. */
function Ask({ of, onDone }: { readonly of: FollowUp; readonly onDone: () => void }): ReactElement {
  const note = async (id: string, fields: FormData): Promise<void> => {
    const text = textOf(fields, 'note');
    await send('post', '/v1/follow-ups/{id}/notes', { path: { id: of.followUpId }, body: { id, outcome: textOf(fields, 'outcome') as Outcome, ...(text === '' ? {} : { note: text }) } });
    onDone();
  };
  return (
    <section className="panel open" aria-label="问候">
      <h2>{of.name}，{of.age} 岁　{of.communityName ?? ''}</h2>
      <p>{dateWords(of.mealDate)}{PERIOD_WORDS[of.mealPeriod]}订在{of.siteName}，没有来取。{of.unanswered > 0 ? `电话没接 ${of.unanswered} 次。` : ''}{of.state === 'visit' ? '请上门看看。' : ''}</p>
      <Call followUpId={of.followUpId} />
      <DeedForm does="登记" run={note}>
        <Choice name="outcome" label="结果" of={OUTCOMES} />
        <Field name="note" label="情况" hint="不写电话和证件号" length={200} optional />
      </DeedForm>
      <p className="hint">联系上、上过门，或老人后来用了餐，才算办结；没接三次转为上门。</p>
    </section>
  );
}

const cellsOf = (choose: (row: FollowUp) => void) => (row: FollowUp): readonly ReactNode[] => [
  `${row.name}，${row.age} 岁`, row.communityName ?? '—', `${dateWords(row.mealDate)}${PERIOD_WORDS[row.mealPeriod]}，${row.siteName}`, STATE_WORDS[row.state],
  `${momentWords(row.lastAt)} ${STEP_WORDS.get(row.lastStep) ?? row.lastStep}${row.lastNote === null ? '' : `：${row.lastNote}`}`,
  row.state === 'closed' ? '' : <button key="do" type="button" onClick={() => choose(row)}>问候{row.name}</button>,
];

/** Elders who booked a meal and did not come: somebody asks whether all is well. */
export function FollowUpsPage(): ReactElement {
  const [state, turn] = useState<'open' | 'closed'>('open');
  const [chosen, choose] = useState<FollowUp | null>(null);
  const [read, again] = useRead(useCallback(() => allPages((query) => get('/v1/follow-ups', { query: { ...query, state } })), [state]));
  const done = (): void => {
    choose(null);
    again();
  };
  return (
    <>
      <h1>问候</h1>
      <p className="field short">
        <label htmlFor="follow-ups-state">看哪些</label>
        <select id="follow-ups-state" value={state} onChange={({ target }) => turn(target.value === 'closed' ? 'closed' : 'open')}><option value="open">要办的</option><option value="closed">办结的</option></select>
      </p>
      {chosen === null ? null : <Ask key={chosen.followUpId} of={chosen} onDone={done} />}
      <Reading of={read} again={again}>
        {(rows) => (
          <Table title={state === 'open' ? '要问候的老人' : '办结的问候'} rows={rows} keyOf={(row) => row.followUpId} none={state === 'open' ? '没有要问候的老人。' : '还没有。'}
            head={['老人', '社区', '没有来的一餐', '要做的', '最近', '办理']}
            cells={cellsOf(choose)} />
        )}
      </Reading>
    </>
  );
}
