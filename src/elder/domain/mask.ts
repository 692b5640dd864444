/** Compound surnames (复姓) that are still common; a name that begins with one keeps both characters. */
const COMPOUND_SURNAMES: ReadonlySet<string> = new Set([
  '欧阳', '太史', '端木', '上官', '司马', '东方', '独孤', '南宫', '万俟', '闻人', '夏侯', '诸葛', '尉迟', '公羊', '赫连',
  '澹台', '皇甫', '宗政', '濮阳', '公冶', '太叔', '申屠', '公孙', '慕容', '仲孙', '钟离', '长孙', '宇文', '司徒', '鲜于',
  '司空', '闾丘', '子车', '亓官', '司寇', '巫马', '公西', '颛孙', '壤驷', '公良', '漆雕', '乐正', '宰父', '谷梁', '拓跋',
  '夹谷', '轩辕', '令狐', '段干', '百里', '呼延', '东郭', '南门', '羊舌', '微生', '公户', '公玉', '公仪', '梁丘', '公仲',
  '公上', '公门', '公山', '公坚', '左丘', '公伯', '西门', '公祖', '第五', '公乘', '贯丘', '公皙', '南荣', '东里', '东宫',
  '仲长', '子书', '子桑', '即墨', '达奚', '褚师', '纳兰', '完颜', '耶律',
]);

/**
 * A name with its surname alone: 张三 gives 张**, 欧阳修 gives 欧阳**. The stars do not tell how long the name is.
 * A name of another language (古丽·买买提) keeps its first character.
 */
export function maskName(name: string): string {
  const characters = [...name];
  const compound = characters.length > 2 && COMPOUND_SURNAMES.has(characters.slice(0, 2).join(''));
  return `${characters.slice(0, compound ? 2 : 1).join('')}**`;
}

/** A telephone number with its first three and last four digits: 138****5678. One of under 11 keeps the last four. */
export function maskPhone(phone: string): string {
  return phone.length >= 11 ? `${phone.slice(0, 3)}${'*'.repeat(phone.length - 7)}${phone.slice(-4)}` : `****${phone.slice(-4)}`;
}

/** An identity number with its first and last character. */
export function maskIdentityNumber(number: string): string {
  return `${number.slice(0, 1)}${'*'.repeat(16)}${number.slice(-1)}`;
}
