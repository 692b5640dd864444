import { defineProblems } from '../platform/index.js';

export const menuProblems = defineProblems({
  'item-unknown': { status: 422, sentence: '菜品 {itemCode} 尚未登记，请先登记菜品或套餐。' },
  'item-repeated': { status: 422, sentence: '菜品编码 {itemCode} 填写了两次，请每个编码只填一次。' },
  'item-kind-fixed': { status: 409, sentence: '{itemCode} 已登记为另一类（单品或套餐），请换一个编码。' },
  'set-empty': { status: 422, sentence: '套餐 {itemCode} 没有组成菜品，请至少填写一个。' },
  'elder-set-not-set': { status: 422, sentence: '{itemCode} 是单品，老年套餐只能是套餐，请更正。' },
  'price-repeated': { status: 422, sentence: '{itemCode} 在同一餐次填写了两个价格，请只保留一个。' },
  'half-above-whole': { status: 422, sentence: '{itemCode} 的半份价高于整份价，请把半份价改为不高于整份价后重新提交。' },
  'filing-missing': { status: 422, sentence: '价目表含老年套餐，须先备案：请填写备案号和备案日期后重新提交。' },
  'filing-incomplete': { status: 422, sentence: '备案号和备案日期要么都填，要么都不填，请补全。' },
  'filing-too-late': { status: 422, sentence: '价目表不能早于备案日 {filedOn} 生效，请推迟生效日。' },
  'price-above-cap': { status: 422, sentence: '老年套餐 {itemCode} 超过当地限价 {capYuan} 元，请降低价格后重新提交。' },
  'price-list-not-after': { status: 409, sentence: '新价目表的生效日应晚于上一版的 {last}，请核对日期。' },
  'price-list-backdated': { status: 422, sentence: '价目表不能在今天以前生效，请改用今天或以后的日期。' },
  'price-list-none': { status: 404, sentence: '该场所在 {date} 还没有生效的价目表，请先发布价目表。' },
  'cap-taken': { status: 409, sentence: '该区划该餐次从这一天起的限价已经登记过，请换一个起始日。' },
  'menu-monday-wrong': { status: 422, sentence: '每周菜单应从星期一开始，请核对日期。' },
  'menu-day-outside': { status: 422, sentence: '菜单中有日期不在这一周之内，请核对。' },
  'menu-entry-repeated': { status: 422, sentence: '同一天同一餐次有重复的菜品，请合并份数后重新提交。' },
  'menu-week-over': { status: 422, sentence: '这一周已经过去，请发布本周或以后的菜单。' },
});
