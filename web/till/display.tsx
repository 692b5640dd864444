import { useEffect, useState, type ReactElement } from 'react';
import { yuanText } from '../lib/amount.js';
import { Sign } from './person.js';
import type { Outcome, View } from './view.js';

/** Windows of one device talk here. */
const CHANNEL = 'xingfu-till';

/** What the eater pays, or gets back; null while there is nothing to pay. */
export function owed(outcome: Outcome): { readonly word: string; readonly fen: number } | null {
  if (outcome.is === 'done') return { word: outcome.tender === 'balance' || (outcome.tender === 'booked' && outcome.paid === true) ? '已付' : '请付', fen: outcome.payFen };
  if (outcome.is === 'back') return { word: outcome.intoBalance ? '已退' : '退', fen: outcome.returnFen };
  return outcome.is === 'wait' && outcome.payFen !== undefined ? { word: '请付', fen: outcome.payFen } : null;
}

/** The second screen, turned to the eater: what they pay and that they may eat, and nothing else. It never sells. */
export function Display(): ReactElement {
  const [outcome, show] = useState<Outcome>({ is: 'none' });
  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.addEventListener('message', ({ data }: MessageEvent<View | string>) => {
      if (typeof data === 'object') show(data.phase === 'selling' ? data.outcome : { is: 'none' });
    });
    channel.postMessage('hello');
    return () => channel.close();
  }, []);
  const due = owed(outcome);
  return (
    <main className="display">
      <h1 className="unseen">顾客屏</h1>
      <Sign is={outcome.is} />
      <p className="due" role="status" aria-label="应付">
        <span className="word">{due?.word ?? ''}</span>
        <span className="figure">{due === null ? '' : yuanText(due.fen)}<span className="unit">{due === null ? '' : '元'}</span></span>
      </p>
    </main>
  );
}
