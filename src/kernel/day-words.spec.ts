import { civilDate } from './civil-date.js';
import { clockWords, dayWords } from './day-words.js';

it('says days and hours as people do', () => {
  const day = civilDate('2026-10-18');
  expect([dayWords(day), dayWords(day, day), dayWords(day, civilDate('2026-10-17')), dayWords(day, civilDate('2026-10-19'))])
    .toEqual(['10月18日 星期日', '10月18日 星期日 今天', '10月18日 星期日 明天', '10月18日 星期日 昨天']);
  expect([0, 545, 1_170].map(clockWords)).toEqual(['0:00', '9:05', '19:30']);
});
