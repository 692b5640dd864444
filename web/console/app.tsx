import { useCallback, useEffect, useState, type ReactElement } from 'react';
import { JournalPage } from './journal.js';
import { BookingsPage } from './bookings.js';
import { CarePage } from './care.js';
import { ComplaintsPage } from './complaints.js';
import { FollowUpsPage } from './follow-ups.js';
import { GroupsPage } from './groups.js';
import { LimitsPage } from './limits.js';
import { NoShowPage } from './no-show.js';
import { PapersPage } from './papers.js';
import { PrepaidPage } from './prepaid.js';
import { DeedForm, Field, sentenceOf, textOf } from './pieces.js';
import { forget, isOneOf, logIn, logOut, stillIn, type Me, type Role } from './session.js';
import { RelativesPage } from './relatives.js';
import { ReviewsPage } from './reviews.js';
import { ShiftsPage } from './shifts.js';
import { TerminalsPage } from './terminals.js';
import { VillagePage } from './village.js';
import { WechatPage } from './wechat.js';

interface Room {
  readonly address: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** `at`: what follows the room's own address. */
  readonly page: (props: { readonly me: Me; readonly at: readonly string[] }) => ReactElement;
}

/** The rooms of the console and who has business there; the service asks again at every request. */
const ROOMS: readonly Room[] = [
  { address: 'terminals', name: '收银终端', page: TerminalsPage, roles: ['canteenManager', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'securityAdministrator', 'auditor'] },
  { address: 'shifts', name: '班次', page: ShiftsPage, roles: ['canteenManager', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor'] },
  { address: 'bookings', name: '预订', page: BookingsPage, roles: ['canteenManager', 'communityWorker', 'townshipOfficer', 'countyOfficer'] },
  { address: 'groups', name: '集体订餐', page: GroupsPage, roles: ['canteenManager', 'communityWorker', 'townshipOfficer'] },
  { address: 'complaints', name: '投诉', page: ComplaintsPage, roles: ['canteenManager', 'communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor'] },
  { address: 'follow-ups', name: '问候', page: FollowUpsPage, roles: ['communityWorker', 'townshipOfficer', 'countyOfficer'] },
  { address: 'relatives', name: '微信与家人', page: RelativesPage, roles: ['communityWorker', 'townshipOfficer', 'countyOfficer'] },
  { address: 'papers', name: '大字打印', page: PapersPage, roles: ['canteenManager', 'communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer'] },
  { address: 'journal', name: '导入流水', page: JournalPage, roles: ['canteenManager', 'countyOfficer'] },
  { address: 'village', name: '纸质单', page: VillagePage, roles: ['communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor'] },
  { address: 'reviews', name: '抽查', page: ReviewsPage, roles: ['townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor'] },
  { address: 'wechat', name: '微信收款', page: WechatPage, roles: ['countyOfficer', 'cityOfficer', 'auditor'] },
  { address: 'prepaid', name: '预付余额', page: PrepaidPage, roles: ['cityOfficer', 'auditor'] },
  { address: 'care', name: '通知与期限', page: CarePage, roles: ['cityOfficer', 'systemAdministrator', 'auditor'] },
  { address: 'no-show', name: '未取餐规定', page: NoShowPage, roles: ['countyOfficer', 'cityOfficer', 'auditor'] },
  { address: 'limits', name: '离线限额', page: LimitsPage, roles: ['countyOfficer', 'cityOfficer', 'auditor'] },
];

function useAddress(): string {
  const [address, go] = useState(() => window.location.hash.slice(1));
  useEffect(() => {
    const turn = (): void => go(window.location.hash.slice(1));
    window.addEventListener('hashchange', turn);
    return () => window.removeEventListener('hashchange', turn);
  }, []);
  return address;
}

function LogIn({ onIn, onOut }: { readonly onIn: (me: Me) => void; readonly onOut: () => void }): ReactElement {
  return (
    <main className="narrow">
      <h1>幸福食堂 · 管理台</h1>
      <DeedForm does="登录" run={async (_id, fields) => onIn(await logIn(textOf(fields, 'account'), String(fields.get('password')), onOut))}>
        <Field label="账号" name="account" autoComplete="username" />
        <Field label="密码" name="password" type="password" autoComplete="current-password" />
      </DeedForm>
      <p className="hint">账号由安全管理员开通。忘记密码，请联系本单位的安全管理员。</p>
    </main>
  );
}

function Inside({ me, onOut }: { readonly me: Me; readonly onOut: () => void }): ReactElement {
  const address = useAddress();
  const mine = ROOMS.filter(({ roles }) => isOneOf(me, ...roles));
  const [first, ...at] = address.split('/');
  const room = mine.find((one) => one.address === first) ?? mine[0];
  return (
    <>
      <header className="top">
        <strong>幸福食堂 · 管理台</strong>
        <nav aria-label="功能">{mine.map(({ address: to, name }) => <a key={to} href={`#${to}`} aria-current={to === room?.address ? 'page' : undefined}>{name}</a>)}</nav>
        <span className="who">{me.displayName} <button type="button" onClick={() => void logOut().then(onOut)}>退出</button></span>
      </header>
      <main>{room === undefined ? <p className="none">您的岗位在这里没有要办的事。</p> : <room.page key={address} me={me} at={at} />}</main>
    </>
  );
}

/** The console of canteens' managers, towns and bureaus. */
export function App(): ReactElement {
  const [me, set] = useState<Me | null | 'asking'>('asking');
  const [trouble, tell] = useState<string | null>(null);
  const out = useCallback(() => {
    forget();
    set(null);
  }, []);
  useEffect(() => {
    stillIn(out).then(set, (error: unknown) => tell(sentenceOf(error)));
  }, [out]);
  if (trouble !== null) return <main className="narrow"><p className="trouble" role="alert">{trouble} <button type="button" onClick={() => window.location.reload()}>重试</button></p></main>;
  if (me === 'asking') return <main className="narrow"><p role="status">正在读取…</p></main>;
  return me === null ? <LogIn onIn={set} onOut={out} /> : <Inside me={me} onOut={out} />;
}
