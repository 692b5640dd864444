import { Away, Refused } from './journal/link.js';
import { PayDesk, type PaymentState } from './paying.js';
import { Board } from './view.js';

const CODE = '134567890123456789';
const paid: PaymentState = { state: 'paid', sentence: '' };
const open: PaymentState = { state: 'open', sentence: '等待老人输入密码' };
const failed: PaymentState = { state: 'failed', sentence: '付款码已过期' };

/** A desk whose service says these things in turn; an error is thrown. */
function desk(...says: (PaymentState | Error)[]) {
  const board = new Board();
  const seen = { asked: [] as string[], steps: [] as string[], ids: [] as string[] };
  board.watch(() => {
    const step = board.view().paying?.step ?? 'none';
    if (seen.steps.at(-1) !== step) seen.steps.push(step);
  });
  const next = async (what: string): Promise<PaymentState> => {
    seen.asked.push(what);
    const said = says.shift() ?? open;
    if (said instanceof Error) throw said;
    return said;
  };
  const made = new PayDesk(board, {
    charge: (_tapId, { id, authCode }) => {
      seen.ids.push(id);
      return next(`charge ${authCode}`);
    },
    state: () => next('state'),
  }, async () => undefined);
  return { made, board, seen };
}

const turn = () => new Promise((done) => setTimeout(done));

describe('a payment by a scanned code', () => {
  it('is there at once where no password is asked for', async () => {
    const { made, seen } = desk(paid);
    const collected = made.collect('t', 1200);
    expect([made.scan('LC00000001'), made.scan(CODE)]).toEqual([false, true]);
    expect(await collected).toBe(true);
    expect(seen).toMatchObject({ asked: [`charge ${CODE}`], steps: ['scan', 'asking', 'none'] });
  });

  it('is asked about, and never charged again, while the payer types or no answer comes', async () => {
    const { made, seen } = desk(new Away('network'), open, new Away('network'), paid);
    const collected = made.collect('t', 1200);
    made.scan(CODE);
    expect(await collected).toBe(true);
    expect(seen).toMatchObject({ asked: [`charge ${CODE}`, 'state', 'state', 'state'], steps: ['scan', 'asking', 'password', 'none'] });
  });

  it('that failed may be tried with another code, under another id, or given up', async () => {
    const { made, board, seen } = desk(failed, new Refused('pay-code-form', '不是付款码'));
    const collected = made.collect('t', 1200);
    made.scan(CODE);
    await turn();
    expect(board.view().paying).toMatchObject({ step: 'scan', says: '付款码已过期' });
    made.scan('150000000000000000');
    await turn();
    expect(new Set(seen.ids).size).toBe(2);
    made.giveUp();
    expect(await collected).toBe(false);
  });

  it('that stays open is given up by the cashier, and by itself in the end', async () => {
    const hurried = desk();
    const first = hurried.made.collect('t', 1200);
    hurried.made.scan(CODE);
    hurried.made.giveUp();
    expect(await first).toBe(false);
    const { made, seen } = desk();
    const second = made.collect('t', 1200);
    made.scan(CODE);
    expect(await second).toBe(false);
    expect(seen.asked.length).toBeGreaterThan(30);
    expect(made.scan(CODE)).toBe(false);
  });
});
