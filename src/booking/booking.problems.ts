import { defineProblems } from '../platform/index.js';

export const bookingProblems = defineProblems({
  'booking-who-wrong': { status: 422, sentence: '请填助餐卡号或老人编号其中一项；食堂代订请填卡号。' },
  'booking-elder-unknown': { status: 422, sentence: '没有查到这张助餐卡，请核对卡号，或请社区协助预订。' },
  'booking-elder-no-card': { status: 409, sentence: '老人没有能用的助餐卡，取餐时无法记账；请先到社区办卡或补卡，再预订。' },
  'booking-elder-gone': { status: 409, sentence: '登记显示老人已离世，不能预订；如有误请联系社区更正。' },
  'booking-site-closed': { status: 409, sentence: '助餐点该日不营业或没有生效的价目表，不能预订；请换一天，或换一个助餐点。' },
  'booking-item-unknown': { status: 422, sentence: '该日该餐次没有所选的菜品或套餐，请核对价目表后重新选择。' },
  'booking-too-far': { status: 422, sentence: '只能预订今天起 {days} 天内的餐，请换一天。' },
  'booking-closed': { status: 409, sentence: '这一餐的预订、更改和取消已于 {at} 截止；请直接打电话给食堂商量，或当天到店点餐。' },
  'booking-sold-out': { status: 409, sentence: '这一餐只剩 {left} 份可订，没有订上；请减少份数、换一餐或换一个助餐点。' },
  'booking-exists': { status: 409, sentence: '老人在这里的这一餐已有预订（{number} 号），没有重复预订；要改请更改原预订。' },
  'booking-too-many': { status: 409, sentence: '老人这一天的预订次数或份数已到上限，没有订上；还要多订，请打食堂电话。' },
  'booking-not-open': { status: 409, sentence: '这份预订已取餐、已取消或已过时，不能再更改；如有疑问请联系食堂。' },
  'booking-note-personal': { status: 422, sentence: '备注里不要写电话、证件号等个人信息，请只写口味或送餐要求。' },
  'no-show-day-past': { status: 422, sentence: '首日应晚于今天：已经付款的人，按付款时的规定办；请改填明天或以后。' },
  'no-show-decided': { status: 409, sentence: '这条规定已经复核过了，不能再改；要变更请另登记一条。' },
  'booking-hours-wrong': { status: 422, sentence: '开餐应早于收餐，截止时间应在当天或前一天之内，请更正后再保存。' },
});
