import { approvalSentence, entitlementWords, refusalSentence, stopSentence } from './reasons.js';

const PAPER = { paper: '《办法》', clause: '第三条' };

it('tells the elder the paper, the clause, the reason and what to do next', () => {
  expect(refusalSentence({ ...PAPER, reason: 'not-entitled', entitlement: 'too-young', detail: '54 周岁', appealUntil: '2025-03-21' }))
    .toBe('依据《办法》第三条，未达到文件规定的年龄：54 周岁。如不服本决定，可在 2025-03-21 前（含当日）向社区或街道提出复核。');
  expect(refusalSentence({ ...PAPER, reason: 'not-verified', entitlement: null, detail: '两次上门无人', appealUntil: null })).toBe('依据《办法》第三条，未能核实申请人的情况：两次上门无人。本决定为复核决定；情况有变化的，可以重新申请。');
  expect(approvalSentence({ ...PAPER, className: '80周岁及以上', from: '2025-01-20' })).toBe('依据《办法》第三条，按“80周岁及以上”批准享受助餐补贴，自 2025-01-20 起。');
  expect(stopSentence({ ...PAPER, cause: 'at-own-wish', detail: '不再需要', lastDay: '2025-02-01', appealUntil: '2025-04-02' }))
    .toBe('依据《办法》第三条，按老人本人意愿：不再需要。助餐补贴享受至 2025-02-01。如不服本决定，可在 2025-04-02 前（含当日）向社区或街道提出复核。');
});

it.each(['toString', 'constructor', 'not-in-force'])('has words even for %s', (code) => expect(entitlementWords(code)).toBe('不符合文件规定的条件'));
