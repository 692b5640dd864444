import { defineProblems } from '../platform/index.js';

export const reviewProblems = defineProblems({
  'review-not-drawn': { status: 404, sentence: '这一餐不在抽查名单中，请从抽查名单里选择。' },
  'review-own-entry': { status: 403, sentence: '这一餐由您本人录入，请交另一位工作人员核查。' },
  'review-rule-too-soon': { status: 422, sentence: '抽查比例只能从明天或以后的日期开始调整，已经开始的日子不能改，请改选日期。' },
});
