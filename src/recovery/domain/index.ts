export { bearerOf, BEARERS, groundOf, GROUNDS, NOTICE_KINDS, noticeKindOf, type Bearer, type Ground, type LateMeal, type NoticeKind } from './who-repays.js';
