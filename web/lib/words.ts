/** A day in Chinese: `2024-12-03` gives `2024年12月3日`. */
export function dateWords(date: string): string {
  const [year, month, day] = date.split('-').map(Number);
  return `${year}年${month}月${day}日`;
}

/** A month in Chinese: `2024-12` gives `2024年12月`. */
export function monthWords(month: string): string {
  const [year, number] = month.split('-').map(Number);
  return `${year}年${number}月`;
}

export const PERIOD_WORDS = { breakfast: '早餐', lunch: '午餐', dinner: '晚餐' } as const;

/** How somebody is addressed, after the surname. */
export const TITLE_WORDS = { f: '女士', m: '先生' } as const;

/** States of a site's life, in the order in which a site goes through them. */
export const SITE_STATES = [
  { state: 'planned', word: '规划中' },
  { state: 'building', word: '建设中' },
  { state: 'accepted', word: '已建成、未开业' },
  { state: 'open', word: '营业中' },
  { state: 'suspended', word: '暂停' },
  { state: 'closed', word: '已关闭' },
] as const;

/** States of a claim, in the order in which it goes through them. */
export const CLAIM_STATES: readonly { readonly state: string; readonly word: string }[] = [
  { state: 'building', word: '生成中' },
  { state: 'draft', word: '待食堂申报' },
  { state: 'submitted', word: '待镇街复核' },
  { state: 'townshipReviewed', word: '待县级民政核定' },
  { state: 'countyApproved', word: '已核定，待汇总' },
  { state: 'batched', word: '待财政复核' },
  { state: 'financeReviewed', word: '待财政批准' },
  { state: 'released', word: '已批准，待拨付' },
  { state: 'partPaid', word: '部分拨付' },
  { state: 'paid', word: '已拨付' },
  { state: 'returned', word: '已退回' },
];

/** For how long an elder consents: words and days. */
export const CONSENT_TERMS = [['三个月', 91], ['一年', 365]] as const;

/** How somebody stands to an elder. */
export const RELATION_WORDS: Readonly<Record<string, string>> = { spouse: '配偶', child: '子女', grandchild: '孙辈', sibling: '兄弟姐妹', otherRelative: '别的亲戚', neighbour: '邻居', other: '联系人' };
