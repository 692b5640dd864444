import { defineProblems } from '../platform/index.js';

export const tapProblems = defineProblems({
  'tap-id-taken': { status: 409, sentence: '这个编号已记过另一笔内容不同的用餐，未记账；请换新编号，并联系管理员检查收银机。' },
  'journal-number-taken': { status: 409, sentence: '流水号 {journalNumber} 已被另一笔记录使用，未记账；请检查是否有两台设备共用一个终端身份。' },
  'split-changed': { status: 409, sentence: '补贴情况有变化，未记账；请按新金额（个人 {selfPayFen} 元、补贴 {subsidyFen} 元）告知老人后重新提交。' },
  'tap-refused-already': { status: 409, sentence: '这笔记录当时未记账，无需撤销。' },
  'already-voided': { status: 409, sentence: '这笔用餐已经撤销，不能再次撤销。' },
  'void-too-late': { status: 409, sentence: '收银机只能撤销当天的用餐；请由食堂负责人或区县民政说明原因后撤销。' },
  'nothing-to-adjust': { status: 409, sentence: '这笔用餐没有可以更正的补贴，请核对编号。' },
});
