import { useSyncExternalStore, type ReactElement } from 'react';
import { Closing } from './closing.js';
import { Enrol } from './enrol.js';
import { Opening } from './opening.js';
import './people/people.css';
import { LogIn } from './people/log-in.js';
import { Selling } from './selling.js';
import type { Till } from './till.js';
import type { View } from './view.js';

function Page({ till, view }: { readonly till: Till; readonly view: View }): ReactElement {
  switch (view.phase) {
    case 'starting': return <main className="plain" aria-busy="true"><h1>收银台</h1><p role="status">正在打开……</p></main>;
    case 'failed': return <main className="plain"><h1>收银台打不开</h1><p role="alert">{view.trouble}</p><button type="button" onClick={() => window.location.reload()}>再试一次</button></main>;
    case 'enrol': return <Enrol till={till} />;
    case 'opening': return view.role === 'mirror'
      ? <main className="plain"><h1>收银台已在另一个窗口打开</h1><p role="status">一台设备只用一个窗口收款。那个窗口关闭后，这里会自动接上。</p></main>
      : <Opening till={till} view={view} />;
    case 'closing': return <Closing till={till} view={view} />;
    case 'selling': return <Selling till={till} view={view} />;
  }
}

/** The till's page, whatever the till is doing; while it asks for a PIN, what it was doing waits behind it out of sight. */
export function App({ till }: { readonly till: Till }): ReactElement {
  const view = useSyncExternalStore(till.board.watchFrames, till.board.view);
  const desk = view.role === 'writer' && view.people.lock !== null ? (till.people?.cashiers ?? null) : null;
  return (
    <>
      {desk === null ? null : <LogIn view={view} desk={desk} />}
      <div hidden={desk !== null}><Page till={till} view={view} /></div>
    </>
  );
}
