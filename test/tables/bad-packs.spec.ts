import { compilePackTexts, decideCase } from '../../src/subsidy/cases.js';
import { loadCalendars } from '../../src/subsidy/load-packs.js';
import { PackLibrary } from '../../src/subsidy/pack-library.js';

const HEAD = `pack: anping
name: 安平县老年人助餐补贴
issuer: 安平县民政局
division: '131125'
scope:
  elder: {of: hukou}
  site: [pack]
funders:
  - {code: city, name: 市级财政, short: 市, level: city, of: pack}
  - {code: county, name: 县级财政, short: 县, level: county, of: pack}
documents:
  - {id: ap, title: 办法, number: not published, date: not published, issuer: 安平县民政局, url: not published}
categories:
  minLivingRecipient: 低保对象
`;

const VERSION = `version: '1'
from: 2024-01-01
rules:
  - id: meal
    name: 就餐补贴
    document: ap
    clause: 第三条
    when: {age: {from: 60}, anyCategory: [minLivingRecipient]}
    amount: {fen: 300}
    limits: [{per: day, count: 1}]
    funding:
      parts:
        - {funder: city, fen: 100}
        - {funder: county, rest: true}
      cut: [county, city]
siteGrants:
  - id: build
    kind: construction
    name: 建设补贴
    document: ap
    clause: 第八条
    amount: {percent: 50, capFen: 100000}
    funding: {parts: [{funder: city, rest: true}]}
`;

const CASES = "elder: {age: 70, hukou: '131125'}\nmeal: {date: 2024-06-05, period: lunch, priceFen: 1200}\n";

interface Texts {
  head: string;
  version: string;
  cases: string;
}

/** The one line with which a pack is refused. */
function refusal({ head, version, cases }: Texts): string {
  try {
    const { pack, cases: [first] } = compilePackTexts({ packYaml: head, versionYamls: [{ name: '2024-01-01-1.yaml', text: version }], caseYamls: [{ name: 'case.yaml', text: cases }] });
    if (first !== undefined) decideCase(pack, new PackLibrary([pack], loadCalendars()), first);
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
}

test('the pack without a defect is accepted', () => {
  expect(refusal({ head: HEAD, version: VERSION, cases: CASES })).toBe('accepted');
});

const V = '2024-01-01-1.yaml';

test.each<[keyof Texts, string, string, string, string]>([
  ['version', 'limits:', 'limit:', `${V}:10`, '不认识的键“limit”，是否想写“limits”？'],
  ['version', 'anyCategory:', 'anyCategry:', `${V}:8`, '不认识的键“anyCategry”，是否想写“anyCategory”？'],
  ['version', '    clause: 第三条\n', '', `${V}:4`, '缺少“clause”，请补上'],
  ['version', 'amount: {fen: 300}', 'amount: {fen: 3.5}', `${V}:9`, '金额写整数分，3 元写 300；如是 3.5 元，写 350'],
  ['version', 'amount: {fen: 300}', "amount: {fen: '300'}", `${V}:9`, '不加引号'],
  ['version', 'amount: {fen: 300}', 'amount: {fen: 3元}', `${V}:9`, '3元 写 300'],
  ['version', 'amount: {fen: 300}', 'amount: {percent: 30%}', `${V}:9`, '写 30，不写 %'],
  ['version', 'amount: {fen: 300}', 'amount: {金额: 300}', `${V}:9`, '不认识的键“金额”，是否想写“fen”？'],
  ['version', '    amount: {fen: 300}', '    补贴: {fen: 300}', `${V}:9`, '是否想写“amount”？'],
  ['version', 'amount: {fen: 300}', 'amount: {比例: 30, 上限: 300}', `${V}:9`, '是否想写“percent”？'],
  ['version', 'name: 就餐补贴', 'name: 59', `${V}:5`, "文字请加引号：'59'"],
  ['version', 'amount: {fen: 300}', 'amount：{fen: 300}', `${V}:9`, '有全角符号“：”，请改为半角 :'],
  ['version', 'amount: {fen: 300}', 'amount: {fen：300}', `${V}:9`, '有全角符号“：”'],
  ['version', 'anyCategory: [minLivingRecipient]}', 'periods: [lunch，dinner]}', `${V}:8`, '有全角符号“，”，请改为半角 ,'],
  ['version', "version: '1'", 'version: “1”\nrule: []', `${V}:1`, '有全角符号'],
  ['version', '    amount: {fen: 300}', '\tamount: {fen: 300}', `${V}:9`, '制表符（Tab），请改为空格'],
  ['version', 'age: {from: 60}', 'age: {from: 60}, periods: [午餐]', `${V}:8`, '是否想写 lunch？'],
  ['version', 'age: {from: 60}', 'age: {from: -1}', `${V}:8`, '不能小于 0'],
  ['version', 'from: 2024-01-01', 'from: 2024年1月1日', `${V}:2`, '不是日期，请写作 2024-05-17'],
  ['version', 'age: {from: 60}', 'age: {from: 60}, hukou: pack', `${V}:8`, '应为列表，写作 [pack]'],
  ['version', 'funder: city, fen: 100', 'funder: city, percent: 110', `${V}:13`, '不能大于 100'],
  ['version', '- {funder: city, fen: 100}', '- {funder: city, percent: 70}\n        - {funder: city, percent: 50}', `${V}:13`, '合计 120%'],
  ['version', 'amount: {fen: 300}', 'amount: {fen: 300, percent: 10}', `${V}:9`, '中的一个'],
  ['version', 'amount: {fen: 300}', 'amount: {fen: 300, capFen: 200}', `${V}:9`, 'capFen 不能与 fen 并用，请删去'],
  ['version', 'amount: {fen: 300}', 'amount: {percent: 33.333}', `${V}:9`, '比例最多两位小数，请更正；除不尽的写 fraction'],
  ['version', 'amount: {fen: 300}', 'amount: {byBill: [{fromFen: 1500, fen: 1}, {fromFen: 1000, fen: 2}]}', `${V}:9`, 'fromFen 要由小到大'],
  ['version', 'amount: {fen: 300}', 'amount: {slices: [{percent: 50}, {upToFen: 2000, percent: 20}]}', `${V}:9`, 'upToFen 要由小到大'],
  ['version', 'amount: {fen: 300}', 'amount: {percent: 10, atLeastFen: 300, capFen: 200}', `${V}:9`, '大于 capFen，请更正'],
  ['version', 'amount: {fen: 300}', 'amount: {percent: 10, ofAboveFen: 900, ofUpToFen: 800}', `${V}:9`, '没有一分钱可以计算'],
  ['version', 'funder: county', 'funder: district', `${V}:14`, '资金方“district”没有在 pack.yaml 的 funders 中列出'],
  ['version', 'rest: true}\n      cut', 'fen: 100}\n      cut', `${V}:13`, '要有且只有一行 rest: true'],
  ['version', 'cut: [county, city]', 'cut: [county]', `${V}:15`, '削减顺序要列出每个资金方各一次'],
  ['version', '{funder: city, fen: 100}', '{funder: city, percent: 50, fen: 100}', `${V}:13`, '每行写 fen 或 percent'],
  ['version', '    funding:\n      parts:\n        - {funder: city, fen: 100}\n        - {funder: county, rest: true}\n      cut: [county, city]\n', '', `${V}:4`, '缺少 funding，请写明由谁出资'],
  ['version', 'anyCategory: [minLivingRecipient]', 'anyCategory: [lowIncome]', `${V}:8`, '类别“lowIncome”没有在 pack.yaml 的 categories 中列出'],
  ['version', 'document: ap\n    clause: 第三条', 'document: bp\n    clause: 第三条', `${V}:6`, '文件“bp”没有在 pack.yaml 的 documents 中列出'],
  ['version', 'age: {from: 60}', 'age: {from: 80, to: 70}', `${V}:8`, '没有人符合，请更正'],
  ['version', 'age: {from: 60}', 'age: {from: 60}, dates: [2024-02-30]', `${V}:8`, '不是真实的日期'],
  ['version', 'age: {from: 60}', "age: {from: 60}, yearly: ['13-01']", `${V}:8`, '不是真实的月日'],
  ['version', 'age: {from: 60}', 'age: {from: 60}, hukou: [131125]', `${V}:8`, '行政区划代码要加引号'],
  ['version', 'age: {from: 60}', 'age: {from: 60}, bill: {standardMeal: true}', `${V}:8`, '没有列出 standardMeals'],
  ['version', 'age: {from: 60}', 'age: {from: 60}, bill: {atLeastFen: 900, atMostFen: 800}', `${V}:8`, '没有账单符合'],
  ['version', '{per: day, count: 1}', '{per: day, count: 1, fen: 300}', `${V}:10`, '请写 count（次数）或 fen（金额），两者只写一个'],
  ['version', '{per: day, count: 1}', '{per: day, count: 1, carryOver: year}', `${V}:10`, '只有 per: month 可以结转'],
  ['version', '{per: day, count: 1}', '{per: fortnight, count: 1}', `${V}:10`, '应为以下之一：period、day、week、month、quarter、year'],
  ['version', 'siteGrants:', '  - {id: meal, name: 又一条, document: ap, clause: 第四条, amount: {fen: 1}, funding: {parts: [{funder: city, rest: true}]}}\nsiteGrants:', `${V}:16`, '规则编号“meal”重复，请改名'],
  ['version', 'siteGrants:', '  - {id: site, countsAs: meal, pays: site, name: 运营, document: ap, clause: 第四条, amount: {fen: 1}, funding: {parts: [{funder: city, rest: true}]}}\nsiteGrants:', `${V}:4`, '共用次数，两者的 pays 和 group 必须相同'],
  ['version', 'siteGrants:', '  - {id: fee, pays: fee, name: 送餐费, document: ap, clause: 第四条, amount: {fen: 1}, funding: {parts: [{funder: city, rest: true}]}}\nsiteGrants:', `${V}:16`, '送餐费由老人支付，没有资金方，请删去 funding'],
  ['version', 'from: 2024-01-01', 'from: 2024-01-01\nto: 2023-12-31', `${V}:3`, '早于 from，请更正'],
  ['version', 'from: 2024-01-01', 'from: 2024-01-01\nchoices: {secondMealByMistake: elder, assumed: true, note: 无}', `${V}:3`, '不能是“elder”'],
  ['version', 'from: 2024-01-01', 'from: 2024-01-01\nage: {reachedOn: birthday, assumed: true}', `${V}:3`, '用 note 说明'],
  ['version', 'from: 2024-01-01', 'from: 2024-01-02', `${V}:2`, '文件名应以生效日期开头：2024-01-02'],
  ['version', "version: '1'", "version: '1'\nversion: '2'", `${V}:2`, '键“version”写了两次，请只留一处'],
  ['version', '    funding: {parts: [{funder: city, rest: true}]}\n', '', `${V}:17`, '缺少 funding，请写明由谁出资'],
  ['version', 'amount: {percent: 50, capFen: 100000}', 'amount: {fen: 5, perMealFen: 5}', `${V}:22`, '中的一个'],
  ['version', '    kind: construction\n', '    kind: construction\n    when: {areaFrom: 200, areaTo: 100}\n', `${V}:19`, '没有场所符合'],
  ['head', 'code: county', 'code: city', 'pack.yaml:10', '资金方“city”重复，请改名或合并'],
  ['head', "division: '131125'", 'division: 131125', 'pack.yaml:4', '行政区划代码要加引号'],
  ['head', 'issuer: 安平县民政局\ndivision', 'issuers: 安平县民政局\ndivision', 'pack.yaml:3', '不认识的键“issuers”，是否想写“issuer”？'],
  ['cases', 'age: 70', 'age: 70, born: 1954-01-01', 'case.yaml:1', 'elder 请写 born（出生日期）或 age（周岁），两者只写一个'],
  ['cases', 'period: lunch', 'period: 午餐', 'case.yaml:2', '是否想写 lunch？'],
  ['cases', 'date: 2024-06-05', 'date: 2024-02-30', 'case.yaml:1', '“2024-02-30”不是真实的日期，请更正'],
  ['cases', 'elder: {', "uses: [{ruleId: anping/meel, periodKey: 'd:2024-06-05', count: 1}]\nelder: {", 'case.yaml:1', '“anping/meel”不是本政策的规则，可用：anping/meal'],
  ['cases', 'elder: {', "uses: [{ruleId: anping/meal, periodKey: 'D:2024-06-05', count: 1}]\nelder: {", 'case.yaml:1', '“D:2024-06-05”不对'],
  ['cases', 'elder: {', "uses: [{ruleId: anping/meal, periodKey: 'w:2024-06-05', count: 1}]\nelder: {", 'case.yaml:1', 'w:2024-06-03（周一）'],
  ['cases', 'date: 2024-06-05, ', '', 'case.yaml:1', 'meal 要写 date（日期）、period（餐次）和 priceFen（价格，分）'],
  ['cases', 'priceFen: 1200', 'price: 12', 'case.yaml:2', '不认识的键“price”'],
])('%s: "%s" as "%s" is refused at %s', (text, from, to, place, remedy) => {
  const texts = { head: HEAD, version: VERSION, cases: CASES };
  expect(texts[text]).toContain(from);
  const message = refusal({ ...texts, [text]: texts[text].replace(from, to) });
  expect(message).toMatch(new RegExp(`^${place.replaceAll('.', '\\.')}：`, 'u'));
  expect(message).toContain(remedy);
  expect(message.split('\n')).toHaveLength(1);
});
