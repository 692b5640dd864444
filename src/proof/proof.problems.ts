import { defineProblems } from '../platform/index.js';

defineProblems({
  'alert-acknowledged': { status: 409, sentence: '这条提醒已有人确认，无需再次确认；处理完后系统会自行解除。' },
});
