import { useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactElement } from 'react';
import { placeOf } from './browser-host.js';
import { Blocks, Touch } from './blocks.js';
import type { Desk } from './models/desk.js';
import { screenOf } from './models/pages/index.js';

function useHash(): string {
  return useSyncExternalStore((hear) => {
    window.addEventListener('hashchange', hear);
    return () => window.removeEventListener('hashchange', hear);
  }, () => window.location.hash);
}

/** The elder's pages in a browser: one page model at a time, drawn as it stands. */
export function App({ desk }: { readonly desk: Desk }): ReactElement {
  const [, turned] = useState(0);
  useEffect(() => desk.hear(() => turned((count) => count + 1)), [desk]);
  useEffect(() => document.documentElement.style.setProperty('--scale', String(desk.scale)), [desk, desk.scale]);
  const hash = useHash();
  if (desk.state === 'starting') return <main><p role="status">正在打开…</p></main>;
  // Another person, another session: a page of its own, so that nothing of the last one stays in sight.
  return <Page key={`${desk.state} ${desk.kin.length} ${hash}`} desk={desk} hash={hash} />;
}

function Page({ desk, hash }: { readonly desk: Desk; readonly hash: string }): ReactElement {
  const screen = useMemo(() => {
    const { page, given } = placeOf(hash);
    return screenOf(desk, page, given);
  }, [desk, hash]);
  const view = useSyncExternalStore(screen.hear, screen.view);
  const head = useRef<HTMLHeadingElement>(null);
  const trouble = useRef<HTMLDivElement>(null);
  useEffect(() => {
    void screen.open();
    window.scrollTo(0, 0);
    head.current?.focus({ preventScroll: true });
    return () => screen.close();
  }, [screen]);
  useEffect(() => {
    document.title = `${view.title} · 幸福食堂`;
  }, [view.title]);
  useEffect(() => {
    if (view.trouble !== null) trouble.current?.focus();
  }, [view.trouble]);
  const { host } = desk;
  return (
    <>
      <header className="bar">
        <button type="button" onClick={() => host.back()} disabled={hash === ''}>返回</button>
        <button type="button" onClick={() => screen.readAloud()}>朗读</button>
        <button type="button" onClick={() => desk.turnScale()} aria-label={`大字，现在是${desk.scaleWords}`}>大字</button>
      </header>
      <main>
        <h1 ref={head} tabIndex={-1}>{view.title}</h1>
        {view.trouble === null ? null : <div ref={trouble} className="trouble" role="alert" tabIndex={-1}><p><strong>没有办成：</strong>{view.trouble}</p></div>}
        <Blocks blocks={view.blocks} />
        <p className="announced" role="status">{view.announced}</p>
      </main>
      <aside className="twin" aria-label="不用手机怎么办，打电话给谁">
        <p>{view.twin}</p>
        {view.helpers.map((button) => <Touch key={button.words} button={button} />)}
      </aside>
    </>
  );
}
