import { addDays } from '../../kernel/index.js';
import { isWithin, levelOf, pathOf, type CompiledVersion, type Level } from '../domain/index.js';
import type { SourcePack } from '../pack-source.js';
import { plansOf } from './check-meals.js';
import type { Facts, Findings, LintContext } from './finding.js';
import { codesOf, conditionsOf, placeOutside, type Examples } from './meal-grid.js';

const LEVELS: readonly Level[] = ['province', 'city', 'county', 'township', 'village'];
/** Prefectures without counties: the city itself stands for them. */
const WITHOUT_COUNTIES = ['441900', '442000', '460400', '620200'];

function overlap(a: string, b: string): boolean {
  return isWithin(pathOf(a), [b]) || isWithin(pathOf(b), [a]);
}

/** What concerns the whole version: dates, papers, funders, categories, places, cases. */
export class VersionCheck {
  constructor(
    private readonly pack: SourcePack, private readonly versions: readonly CompiledVersion[], private readonly version: CompiledVersion,
    private readonly examples: Examples, private readonly context: LintContext, private readonly findings: Findings,
  ) {}

  run(): void {
    this.dates();
    this.counters();
    this.funders();
    this.categories();
    this.places();
    this.grants();
    this.fundsEnd();
    this.calendar();
    this.cases();
  }

  private before(): CompiledVersion | undefined {
    return this.versions.filter(({ from }) => from < this.version.from).at(-1);
  }

  private dates(): void {
    const before = this.before();
    if (before?.to != null && addDays(before.to, 1) < this.version.from) {
      this.findings.add('error', 'version-gap', { path: ['from'] }, `上一版本“${before.version}”到${before.to}为止，本版本从${this.version.from}起，中间几天没有任何补贴；请删去上一版本的 to，或更正 from`, this.examples.on(addDays(before.to, 1)));
    }
    this.version.rules.forEach(({ id, document }, index) => {
      if (this.version.backdated !== null || !/^\d{4}/.test(document.date) || this.version.from.slice(0, document.date.length) >= document.date) return;
      this.findings.add('error', 'before-document', { path: ['rules', index, 'document'], ruleId: id }, `本版本从${this.version.from}起，文件“${document.title}”却在${document.date}才印发；请更正 from，或写 backdated 说明文件允许追溯`, this.examples.on(this.version.from));
    });
  }

  /** A rule that goes on under another id loses its counters in the middle of a week or month. */
  private counters(): void {
    const before = this.before();
    if (before === undefined) return;
    this.version.rules.forEach((rule, index) => {
      if (rule.pays !== 'elder' || rule.limits.length === 0 || before.rules.some(({ countsAs }) => countsAs === rule.countsAs)) return;
      const gone = before.rules.find((old) => old.pays === 'elder' && old.group === rule.group && old.limits.length > 0 && !this.version.rules.some(({ countsAs }) => countsAs === old.countsAs));
      if (gone === undefined) return;
      this.findings.add('warning', 'counter-restarts', { path: ['rules', index, 'id'], ruleId: rule.id }, `上一版本的“${gone.id.split('/')[1] ?? ''}”在本版本改了编号，已用次数从${this.version.from}起重新计算；请沿用原编号，或写 countsAs`, this.examples.on(this.version.from));
    });
  }

  private funders(): void {
    const { funders, rules, siteGrants } = this.version;
    const named = JSON.stringify([rules.map(plansOf), siteGrants]);
    funders.forEach((funder, index) => {
      const place = { in: 'pack' as const, path: ['funders', index] };
      if (rules.length > 0 && !named.includes(`"${funder.code}"`) && this.versions.every((version) => !JSON.stringify(version.rules).includes(`"funder":"${funder.code}"`))) {
        this.findings.add('warning', 'funder-unused', place, `资金方“${funder.name}”没有在任何规则中出资；请补上它的分担，或从 funders 删去`, this.examples.any());
      }
      const twin = funders.slice(0, index).find(({ level, of }) => level === funder.level && of === funder.of);
      if (twin !== undefined) this.findings.add('warning', 'funder-twice', place, `“${funder.name}”与“${twin.name}”是同一级、同一归属的财政，会成为同一个钱袋；请核对 level 和 of`, this.examples.any());
      const own = LEVELS.indexOf(levelOf(this.pack.division));
      if (funder.of === 'pack' && LEVELS.indexOf(funder.level) > own && !(funder.level === 'county' && WITHOUT_COUNTIES.includes(this.pack.division)) && !this.isMunicipality(funder.level)) {
        this.findings.add('error', 'funder-unresolved', place, `“${funder.name}”是 ${funder.level} 一级，本政策的区划${this.pack.division}却在它之上，定不下是哪一家财政；请把 of 改为 site、hukou 或 residence`, this.examples.any());
      }
    });
  }

  /** A municipality is its own city. */
  private isMunicipality(level: Level): boolean {
    return level === 'city' && pathOf(this.pack.division).length === 1 && ['11', '12', '31', '50'].includes(this.pack.division.slice(0, 2));
  }

  private categories(): void {
    if (this.versions.every(({ rules }) => rules.length === 0)) return;
    const asked = new Set(this.versions.flatMap(({ rules }) => conditionsOf(rules).flatMap((each) => [...(each.anyCategory ?? []), ...(each.allCategories ?? []), ...(each.noCategory ?? [])].map(({ code }) => code))));
    for (const [code, name] of Object.entries(this.pack.categories ?? {})) {
      if (!asked.has(code)) this.findings.add('warning', 'category-unused', { in: 'pack', path: ['categories', code] }, `类别“${name}”（${code}）列出了，却没有规则用到；请检查是否漏写条件，或从 categories 删去`);
    }
  }

  private places(): void {
    const { scope, division } = this.pack;
    const [elders, sites] = [codesOf(this.pack, scope.elder.in), codesOf(this.pack, scope.site)];
    if (!sites.some((code) => overlap(code, division))) this.findings.add('error', 'own-sites-left-out', { in: 'pack', path: ['scope', 'site'] }, `scope.site 不含本政策自己的区划${division}，本地食堂都不适用；请补上 pack`);
    const check = (code: string, allowed: readonly string[], path: (string | number)[], key: string, ruleId?: string): void => {
      if (allowed.some((each) => overlap(code, each))) return;
      const facts = this.examples.any();
      this.findings.add('error', 'place-outside', { path, key: `${key} ${code}`, ...(ruleId === undefined ? {} : { ruleId }) }, `${key} 中的“${code}”不在本政策的范围内，永远不会符合；请核对区划代码`,
        facts === null ? null : { ...facts, elder: { ...facts.elder, hukou: pathOf(code), residence: pathOf(code) } });
    };
    this.version.rules.forEach((rule, index) => {
      for (const condition of conditionsOf([rule])) {
        if (scope.elder.of !== 'any') for (const key of ['hukou', 'residence'] as const) {
          const reach = scope.elder.of === key || scope.elder.of === 'either' ? elders : null;
          if (reach !== null) for (const code of condition[key] ?? []) check(code, reach, ['rules', index], key, rule.id);
        }
        for (const code of condition.siteIn ?? []) check(code, sites, ['rules', index], 'siteIn', rule.id);
      }
      for (const { lostWhenSiteOutside: lost } of plansOf(rule).flatMap(({ parts }) => parts)) {
        if (lost === null || !('divisions' in lost)) continue;
        for (const code of lost.divisions) check(code, sites, ['rules', index, 'funding'], 'lostWhenSiteOutside', rule.id);
      }
    });
    if (elders.some((code) => !overlap(code, division)) && scope.elder.of !== 'any') {
      this.findings.add('warning', 'elders-elsewhere', { in: 'pack', path: ['scope', 'elder'] }, `scope.elder.in 写了本政策区划${division}以外的地方；请核对区划代码`, this.elsewhere());
    }
  }

  private elsewhere(): Facts | null {
    const facts = this.examples.any();
    const away = placeOutside(this.pack);
    return facts === null ? null : { ...facts, elder: { ...facts.elder, hukou: away, residence: away } };
  }

  private grants(): void {
    this.version.siteGrants.forEach((grant, index) => {
      const place = { path: ['siteGrants', index] };
      const { classes } = grant;
      if (grant.until != null && grant.until < this.version.from) this.findings.add('error', 'grant-over', place, `“${grant.name}”到${grant.until}截止，早于本版本的起始日${this.version.from}，永远不会发放；请更正 until 或删去`);
      const unpublished = grant.notes.length > 0 && classes.every(({ amount }) => amount === null);
      const unpaid = !unpublished && classes.some(({ amount, notes }) => amount === null && notes.length === 0);
      if (unpaid) this.findings.add('error', 'grant-without-amount', place, `“${grant.name}”没有写金额；请写 amount，未公布时加 assumed 和 note`);
      if (classes.some(({ amount }) => amount?.form === 'percentage' && amount.capFen === null)) this.findings.add('warning', 'grant-without-cap', place, `“${grant.name}”按比例补助而没有 capFen，投入越大补得越多；请写上限，文件未规定时请确认`);
      if (grant.per === 'year' && grant.when.dinersFrom !== undefined && (grant.when.monthsOpenFrom ?? 0) < 12) this.findings.add('warning', 'grant-year-too-short', place, `“${grant.name}”看全年就餐人次，monthsOpenFrom 却不满12个月，一年还没有过完；请写 monthsOpenFrom: 12`);
    });
  }

  /** A version that is meant for a year whose holidays are not known yet, and asks for the kind of day. */
  private calendar(): void {
    const { lastCalendarYear: last } = this.context;
    const { from, to, rules } = this.version;
    const asks = conditionsOf(rules).some(({ workdaysOnly, days }) => workdaysOnly === true || days !== undefined);
    const year = to === null ? from.slice(0, 4) : to.slice(0, 4);
    if (last === undefined || !asks || Number(year) <= last) return;
    this.findings.add('warning', 'no-calendar', { path: [to === null ? 'from' : 'to'] }, `本版本用到${year}年，规则要看工作日或节假日，而放假安排只装到${last}年，届时按周一至周五推定；请在国务院公布后装入当年的 packs/calendars`, this.examples.any());
  }

  private fundsEnd(): void {
    const { whenFundsEnd } = this.version;
    if (whenFundsEnd?.then === 'end' && whenFundsEnd.noticeDays === 0) {
      this.findings.add('error', 'end-without-notice', { path: ['whenFundsEnd', 'noticeDays'] }, '资金用完当天就停补，老人到收银台才知道；请写 noticeDays，提前公告截止日', this.examples.on(this.version.from));
    }
  }

  /** Classes that no case of the pack reaches: nobody has checked their amount. */
  private cases(): void {
    const { decisions } = this.context;
    if (decisions === undefined) return;
    const reached = new Set(decisions.flatMap(({ version, reasons }) => reasons.map(({ ruleId, classId }) => `${version ?? ''} ${ruleId} ${classId}`)));
    this.version.rules.forEach((rule, index) => {
      rule.classes.forEach((each, at) => {
        if (reached.has(`${this.version.version} ${rule.id} ${each.id}`)) return;
        const path = rule.classes.length === 1 ? ['rules', index] : ['rules', index, 'classes', at];
        this.findings.add('warning', 'class-without-case', { path, ruleId: rule.id, classId: each.id }, `没有一个案例落在“${rule.name}”的“${each.name}”；请在 cases/ 中加一例，核对金额`);
      });
    });
  }
}
