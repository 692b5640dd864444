import type { ErrorObject } from 'ajv';

/** What officials write, by the key or the value that is meant. */
const MEANT: Readonly<Record<string, string>> = {
  金额: 'fen', 定额: 'fen', 补贴: 'amount', 比例: 'percent', 百分比: 'percent', 上限: 'capFen', 封顶: 'capFen', 下限: 'atLeastFen', 自付: 'selfPay', 资金方: 'funder', 出资方: 'funder', 出资: 'funding', 资金: 'funding',
  分担: 'funding', 权重: 'weight', 名称: 'name', 编号: 'id', 文件: 'document', 文号: 'number', 条款: 'clause', 年龄: 'age', 户籍: 'hukou', 常住: 'residence', 常住地: 'residence', 类别: 'categories', 条件: 'when',
  档次: 'classes', 规则: 'rules', 版本: 'version', 生效: 'from', 开始: 'from', 截止: 'to', 结束: 'to', 限额: 'limits', 限制: 'limits', 次数: 'count', 餐次: 'period', 日期: 'date', 价格: 'priceFen', 餐费: 'priceFen', 老人: 'elder',
  场所: 'site', 食堂: 'site', 用餐: 'meal', 期望: 'expect', 案例: 'cases', 区划: 'division', 范围: 'scope', 说明: 'note', 四舍五入: 'rounding', 取整: 'roundTo', 发文单位: 'issuer', 奖补: 'siteGrants',
  早餐: 'breakfast', 午餐: 'lunch', 中餐: 'lunch', 晚餐: 'dinner', 工作日: 'workday', 周末: 'weekend', 节假日: 'holiday', 省级: 'province', 市级: 'city', 县级: 'county', 区县: 'county', 镇级: 'township', 乡镇: 'township', 街道: 'township',
  村级: 'village', 每日: 'day', 每天: 'day', 每周: 'week', 每月: 'month', 每季: 'quarter', 每年: 'year', 每餐: 'period', 元: 'yuan', 角: 'jiao', 五角: 'half-yuan', 建设: 'construction', 设备: 'equipment', 运营: 'operating',
};

/** Number of single-letter changes between two words, to guess what was meant. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

function nearest(word: string, words: readonly string[]): string | undefined {
  const meant = MEANT[word];
  if (meant !== undefined) return words.find((each) => each === meant) ?? words.find((each) => each.toLowerCase().startsWith(meant.toLowerCase()));
  const sorted = [...words].sort((a, b) => distance(word, a) - distance(word, b));
  return sorted[0] !== undefined && distance(word, sorted[0]) <= Math.min(3, word.length - 1) ? sorted[0] : undefined;
}

interface Wanted {
  readonly properties?: object;
  readonly description?: string;
  readonly pattern?: string;
}

function isMoney(schema: Wanted | undefined): boolean {
  return schema?.description?.startsWith('whole fen') === true;
}

function numberRemedy(wanted: string, data: unknown, schema: Wanted | undefined): string {
  const [written = ''] = typeof data === 'string' ? (/\d+(?:\.\d+)?/u.exec(data) ?? []) : [];
  if (typeof data === 'string' && /[%％]/u.test(data)) return `应为数字：写 ${written}，不写 %`;
  if (typeof data === 'string' && /元/u.test(data) && written !== '') return `金额写整数分：${data} 写 ${Math.round(Number(written) * 100)}`;
  if (isMoney(schema)) return `应为整数：金额写整数分，3 元写 300${typeof data === 'number' ? `；如是 ${data} 元，写 ${Math.round(data * 100)}` : '，不加引号'}`;
  if (wanted === 'integer' && typeof data === 'number') return '应为整数';
  return `应为数字${typeof data === 'string' && written === data ? `，不加引号：${data}` : ''}`;
}

function typeRemedy(error: ErrorObject, schema: Wanted | undefined): string {
  const { data, params } = error;
  const wanted = String(params['type']);
  if (wanted === 'integer' || wanted === 'number') return numberRemedy(wanted, data, schema);
  if (wanted.includes('string') && (typeof data === 'number' || typeof data === 'boolean')) {
    return schema?.pattern?.includes('d{6}') === true ? `行政区划代码要加引号：'${String(data)}'` : `文字请加引号：'${String(data)}'`;
  }
  if (wanted === 'array') return `应为列表${typeof data === 'string' || typeof data === 'number' ? `，写作 [${String(data)}]` : '，每项以“- ”开头'}`;
  if (wanted === 'object') return '应为一组“键: 值”；请检查缩进';
  if (wanted === 'boolean') return '应为 true 或 false';
  return data === null ? '没有写内容，请补上' : '应为文字';
}

function patternRemedy(schema: Wanted | undefined): string {
  const { description = '', pattern = '' } = schema ?? {};
  if (description === 'YYYY-MM-DD') return '不是日期，请写作 2024-05-17';
  if (description.startsWith('MM-DD')) return "不是月日，请加引号写作 '10-01'";
  if (pattern.includes('d{6}')) return '行政区划代码是 6、9 或 12 位数字，要加引号';
  if (description !== '') return `格式不对（${description}）`;
  return '编号只用英文字母、数字和连字符，请更正';
}

const BOUNDS: Readonly<Record<string, (limit: string) => string>> = {
  minimum: (limit) => `不能小于 ${limit}，请更正`, maximum: (limit) => `不能大于 ${limit}，请更正`, exclusiveMinimum: (limit) => `要大于 ${limit}，请更正`,
  minItems: () => '列表是空的，请至少写一项，或整行删去', minLength: () => '是空的，请补上', minProperties: () => '是空的，请补上，或整行删去',
};

/** What to do about an error of the grammar, in Chinese. */
export function remedyOf(error: ErrorObject): string {
  const schema = error.parentSchema as Wanted | undefined;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params['additionalProperty']);
      const known = Object.keys(schema?.properties ?? {});
      const meant = nearest(key, known);
      return `不认识的键“${key}”，${meant === undefined ? `这里可用：${known.join('、')}` : `是否想写“${meant}”？`}`;
    }
    case 'required':
      return `缺少“${String(error.params['missingProperty'])}”，请补上`;
    case 'dependencies':
      return '写了 assumed: true 就要用 note 说明哪个数字未公布、为何这样取';
    case 'enum': {
      const allowed = (error.params['allowedValues'] as unknown[]).map(String);
      const meant = typeof error.data === 'string' ? nearest(error.data, allowed) : undefined;
      return `应为以下之一：${allowed.join('、')}${meant === undefined ? '' : `；是否想写 ${meant}？`}`;
    }
    case 'const':
      return `只能写 ${JSON.stringify(error.params['allowedValue'])}`;
    case 'pattern':
      return patternRemedy(schema);
    case 'type':
      return typeRemedy(error, schema);
    default:
      return BOUNDS[error.keyword]?.(String(error.params['limit'])) ?? '不符合格式，请对照 docs/policy-language.md';
  }
}
