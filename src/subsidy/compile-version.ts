import { isCivilDate } from '../kernel/index.js';
import { codeAt, pathOf, type AmountForm, type Application, type Basis, type CategoryWanted, type CompiledVersion, type Condition, type DocumentRef, type Funder, type FundingPlan, type FundingPlanPart, type LostWhen, type PeriodAmounts, type Rule, type RuleClass, type SiteGrant, type WhenFundsEnd } from './domain/index.js';
import type { Assumable, SourceAmount, SourceAmounts, SourceBasis, SourceCategory, SourceClass, SourceCondition, SourceDocument, SourceFunding, SourceFundingPart, SourceGrant, SourcePack, SourceRule, SourceVersion } from './pack-source.js';
import type { YamlFile, YamlPath } from './yaml-file.js';

/** Resolves one version file: names are looked up, defaults filled in, contradictions refused with their line. */
class VersionCompiler {
  private readonly funders: readonly Funder[];

  constructor(private readonly pack: SourcePack, private readonly source: YamlFile<SourceVersion>) {
    this.funders = fundersOf(pack);
  }

  compile(): CompiledVersion {
    const { value, sha256 } = this.source;
    this.dates();
    const ids = new Set<string>();
    const rules = value.rules.map((rule, index) => {
      if (ids.has(rule.id)) this.source.complain(['rules', index, 'id'], `规则编号“${rule.id}”重复，请改名`);
      ids.add(rule.id);
      const twin = value.rules.find((other) => other !== rule && (other.countsAs ?? other.id) === (rule.countsAs ?? rule.id));
      if (twin !== undefined && ((twin.pays ?? 'elder') !== (rule.pays ?? 'elder') || (twin.group ?? 'main') !== (rule.group ?? 'main'))) {
        this.source.complain(['rules', index], `与“${twin.id}”共用次数，两者的 pays 和 group 必须相同`);
      }
      return this.rule(rule, ['rules', index]);
    });
    return {
      pack: this.pack.pack,
      packName: this.pack.name,
      version: value.version,
      from: value.from,
      to: value.to ?? null,
      sha256,
      sample: value.sample ?? null,
      reachedOn: value.age?.reachedOn ?? 'birthday',
      leapBirthday: value.age?.leap ?? 'march-1',
      ageNotes: notesOf(value.age),
      funders: this.funders,
      rules,
      documents: this.pack.documents.map(documentRef),
      categories: this.pack.categories ?? {},
      backdated: value.backdated === undefined ? null : this.basis(value.backdated, ['backdated']),
      application: this.application(),
      whenFundsEnd: this.whenFundsEnd(),
      siteGrants: (value.siteGrants ?? []).map((grant, index) => this.grant(grant, ['siteGrants', index])),
    };
  }

  private basis({ document, clause }: SourceBasis, at: YamlPath): Basis {
    return { document: this.document(document, [...at, 'document']), clause };
  }

  private application(): Application | null {
    const source = this.source.value.application;
    if (source === undefined) return null;
    const { level, streetDays, countyDays, appealDays } = source;
    return { level: level ?? 'county', streetDays, countyDays, appealDays, ...this.basis(source, ['application']), notes: notesOf(source) };
  }

  private whenFundsEnd(): WhenFundsEnd | null {
    const source = this.source.value.whenFundsEnd;
    if (source === undefined) return null;
    return { then: source.then, noticeDays: source.noticeDays, ...this.basis(source, ['whenFundsEnd']), notes: notesOf(source) };
  }

  private dates(): void {
    const { from, to } = this.source.value;
    if (!isCivilDate(from)) this.source.complain(['from'], `“${from}”不是真实的日期，请更正`);
    if (to !== undefined && (!isCivilDate(to) || to < from)) this.source.complain(['to'], '不是真实的日期，或早于 from，请更正');
  }

  private rule(rule: SourceRule, at: YamlPath): Rule {
    if ((rule.amount === undefined) === (rule.classes === undefined)) {
      this.source.complain(at, '请写 amount（人人同额）或 classes（分档），两者只写一个');
    }
    const classes = rule.classes ?? [{ id: rule.id, name: rule.name, amount: rule.amount as SourceAmounts }];
    const path = (...keys: YamlPath): YamlPath => [...at, ...keys];
    const ids = classes.map(({ id }) => id);
    const twice = ids.findIndex((id, index) => ids.indexOf(id) !== index);
    if (twice >= 0) this.source.complain(path('classes', twice, 'id'), `档次编号“${ids[twice] ?? ''}”重复，请改名`);
    return {
      id: `${this.pack.pack}/${rule.id}`,
      countsAs: `${this.pack.pack}/${rule.countsAs ?? rule.id}`,
      name: rule.name,
      pays: rule.pays ?? 'elder',
      group: rule.group ?? 'main',
      when: this.condition(rule.when, path('when')),
      excludeCareHome: rule.excludeCareHome ?? false,
      classes: classes.map((entry, index) => this.class(entry, rule.classes === undefined ? at : path('classes', index))),
      pick: rule.pick ?? 'highest',
      limits: this.limits(rule, path('limits')),
      bill: rule.bill === undefined ? null : { atLeastFen: rule.bill.atLeastFen ?? null, basis: rule.bill.basis ?? 'paid', aboveSubsidy: rule.bill.aboveSubsidy ?? false },
      onlyWithSubsidy: rule.onlyWithSubsidy ?? false,
      needsApproval: rule.needsApproval ?? this.approvalByDefault(rule),
      funding: this.funding(rule, path('funding')),
      document: this.document(rule.document, path('document')),
      clause: rule.clause,
      notes: [...notesOf(rule), ...notesOf(rule.funding), ...this.funderNotes(rule)],
    };
  }

  /** Where the version asks for an application, what is paid for the elder waits for its approval. */
  private approvalByDefault({ pays }: SourceRule): boolean {
    return this.source.value.application !== undefined && pays !== 'site' && pays !== 'fee';
  }

  private funderNotes(rule: SourceRule): string[] {
    const used = (rule.funding?.parts ?? rule.funding?.weights ?? []).map(({ funder }) => funder);
    return this.pack.funders.filter(({ code }) => used.includes(code)).flatMap(notesOf);
  }

  private class(source: SourceClass, at: YamlPath): RuleClass {
    return {
      id: source.id,
      name: source.name,
      when: this.condition(source.when, [...at, 'when']),
      amounts: this.amounts(source.amount, [...at, 'amount']),
      clause: source.clause ?? null,
      notes: notesOf(source),
    };
  }

  private limits(rule: SourceRule, at: YamlPath): Rule['limits'] {
    const order = ['period', 'day', 'week', 'month'];
    const limits = (rule.limits ?? []).map(({ per, count, fen, partly }, index) => {
      if ((count === undefined) === (fen === undefined)) this.source.complain([...at, index], '请写 count（次数）或 fen（金额），两者只写一个');
      return { per, count: count ?? null, fen: fen ?? null, partly: partly ?? true };
    });
    return limits.sort((a, b) => order.indexOf(a.per) - order.indexOf(b.per));
  }

  private amounts(source: SourceAmounts, at: YamlPath): PeriodAmounts {
    const { byPeriod, ...plain } = source;
    if (byPeriod === undefined) {
      const amount = this.amount(plain, at);
      return { breakfast: amount, lunch: amount, dinner: amount };
    }
    if (Object.keys(plain).length > 0) this.source.complain(at, 'byPeriod 不能与其他金额写法并用，请只留一种');
    const of = (period: 'breakfast' | 'lunch' | 'dinner'): AmountForm | null => {
      const amount = byPeriod[period];
      return amount === undefined ? null : this.amount(amount, [...at, 'byPeriod', period]);
    };
    return { breakfast: of('breakfast'), lunch: of('lunch'), dinner: of('dinner') };
  }

  private amount(source: SourceAmount, at: YamlPath): AmountForm {
    const { fen, percent, voucher } = source;
    const given = [fen, percent, voucher].filter((value) => value !== undefined).length;
    if (given !== 1) this.source.complain(at, '请写 fen（定额）、percent（比例）或 voucher（券）中的一个');
    if (percent === undefined && (source.capFen !== undefined || source.of !== undefined || source.rounding !== undefined)) {
      this.source.complain(at, 'capFen、of、rounding 只用于 percent，请删去或改写为 percent');
    }
    if (fen !== undefined) return { form: 'fixed', fen };
    if (voucher !== undefined) return { form: 'voucher', kind: voucher };
    return {
      form: 'percentage', basisPoints: this.basisPoints(percent as number, [...at, 'percent']),
      capFen: source.capFen ?? null, of: source.of ?? 'paid', rounding: source.rounding ?? 'down',
    };
  }

  private basisPoints(percent: number, at: YamlPath): number {
    const basisPoints = Math.round(percent * 100);
    if (Math.abs(percent * 100 - basisPoints) > 1e-6) this.source.complain(at, '比例最多两位小数，请更正');
    return basisPoints;
  }

  private condition(source: SourceCondition | undefined, at: YamlPath): Condition {
    if (source === undefined) return {};
    const { age, hukou, residence, siteIn, anyCategory, allCategories, noCategory, any, ...same } = source;
    if (age?.from !== undefined && age.to !== undefined && age.from > age.to) this.source.complain([...at, 'age'], 'from 大于 to，没有人符合，请更正');
    const wanted = (list: readonly SourceCategory[], key: string): CategoryWanted[] => list.map((entry, index) => this.category(entry, [...at, key, index]));
    return {
      ...(age?.from === undefined ? {} : { ageFrom: age.from }),
      ...(age?.to === undefined ? {} : { ageTo: age.to }),
      ...(hukou === undefined ? {} : { hukou: this.codes(hukou) }),
      ...(residence === undefined ? {} : { residence: this.codes(residence) }),
      ...(siteIn === undefined ? {} : { siteIn: this.codes(siteIn) }),
      ...(anyCategory === undefined ? {} : { anyCategory: wanted(anyCategory, 'anyCategory') }),
      ...(allCategories === undefined ? {} : { allCategories: wanted(allCategories, 'allCategories') }),
      ...(noCategory === undefined ? {} : { noCategory: wanted(noCategory, 'noCategory') }),
      ...(any === undefined ? {} : { any: any.map((entry, index) => this.condition(entry, [...at, 'any', index])) }),
      ...same,
    };
  }

  private category(source: SourceCategory, at: YamlPath): CategoryWanted {
    const wanted = typeof source === 'string' ? { code: source } : source;
    if (this.pack.categories?.[wanted.code] === undefined) this.source.complain(at, `类别“${wanted.code}”没有在 pack.yaml 的 categories 中列出，请补上或更正`);
    return wanted;
  }

  private codes(codes: readonly string[]): string[] {
    return codes.map((code) => (code === 'pack' ? this.pack.division : code));
  }

  private document(id: string, at: YamlPath): DocumentRef {
    const found = this.pack.documents.find((document) => document.id === id);
    if (found === undefined) return this.source.complain(at, `文件“${id}”没有在 pack.yaml 的 documents 中列出，请补上或更正`);
    return documentRef(found);
  }

  private funding(rule: SourceRule, at: YamlPath): FundingPlan {
    const source = rule.funding;
    if (rule.pays === 'fee') {
      if (source !== undefined) this.source.complain(at, '送餐费由老人支付，没有资金方，请删去 funding');
      return { by: 'parts', parts: [{ funder: 'elder', fen: null, weight: null, lostWhenSiteOutside: null }], cut: 'proportional' };
    }
    if (source === undefined) return this.source.complain(at.slice(0, -1), '缺少 funding，请写明由谁出资');
    if ((source.parts === undefined) === (source.weights === undefined)) this.source.complain(at, '请写 parts（定额分担）或 weights（按比例分担），两者只写一个');
    const by = source.parts === undefined ? 'weights' : 'parts';
    const rows = source.parts ?? source.weights ?? [];
    const parts = rows.map((row, index) => this.fundingPart(row, by, [...at, by, index]));
    this.fundingWhole(rows, by, source, at);
    return { by, parts, cut: source.cut ?? 'proportional' };
  }

  private fundingPart(row: SourceFundingPart, by: 'parts' | 'weights', at: YamlPath): FundingPlanPart {
    if (!this.funders.some(({ code }) => code === row.funder)) this.source.complain([...at, 'funder'], `资金方“${row.funder}”没有在 pack.yaml 的 funders 中列出，请补上或更正`);
    const given = [row.fen, row.rest, row.weight].filter((value) => value !== undefined).length;
    if (given !== 1 || (by === 'weights') !== (row.weight !== undefined)) {
      this.source.complain(at, by === 'weights' ? '按比例分担时每行写 weight' : '定额分担时每行写 fen，或（只有一行）写 rest: true');
    }
    return { funder: row.funder, fen: row.fen ?? null, weight: row.weight ?? null, lostWhenSiteOutside: this.lostWhen(row) };
  }

  private lostWhen(row: SourceFundingPart): LostWhen | null {
    const lost = row.lostWhenSiteOutside;
    if (lost === undefined) return null;
    return 'of' in lost ? { sameAs: lost } : { divisions: this.codes(lost) };
  }

  private fundingWhole(rows: readonly SourceFundingPart[], by: 'parts' | 'weights', source: SourceFunding, at: YamlPath): void {
    if (by === 'parts' && rows.filter((row) => row.rest === true).length !== 1) {
      this.source.complain([...at, 'parts'], '定额分担要有且只有一行 rest: true，由它承担其余部分');
    }
    if (by === 'weights' && rows.every((row) => row.weight === 0)) this.source.complain([...at, 'weights'], '比例不能全为 0，请更正');
    const names = rows.map((row) => row.funder);
    if (new Set(names).size !== names.length) this.source.complain([...at, by], '同一资金方写了两行，请合并');
    const { cut } = source;
    if (Array.isArray(cut) && (cut.length !== names.length || names.some((name) => !cut.includes(name)))) {
      this.source.complain([...at, 'cut'], `削减顺序要列出每个资金方各一次：${names.join('、')}`);
    }
  }

  private grant(grant: SourceGrant, at: YamlPath): SiteGrant {
    return {
      id: grant.id, kind: grant.kind, name: grant.name,
      supplyModes: grant.supplyModes ?? null,
      fen: grant.fen ?? null,
      perSquareMetreFen: grant.perSquareMetreFen ?? null,
      basisPoints: grant.percent === undefined ? null : this.basisPoints(grant.percent, [...at, 'percent']),
      capFen: grant.capFen ?? null,
      afterMonths: grant.afterMonths ?? null,
      needsEvaluation: grant.needsEvaluation ?? false,
      yearlyDinersOver: grant.yearlyDinersOver ?? null,
      until: grant.until ?? null,
      document: this.document(grant.document, [...at, 'document']),
      clause: grant.clause,
      notes: notesOf(grant),
    };
  }
}

function notesOf(source: Assumable | undefined): string[] {
  return source?.assumed === true && source.note !== undefined ? [source.note] : [];
}

function documentRef(source: SourceDocument): DocumentRef {
  const { id, title, number, date, issuer, url, sha256 } = source;
  return { id, title, number, date, issuer, url, sha256: sha256 ?? null };
}

function fundersOf(pack: SourcePack): Funder[] {
  const path = pathOf(pack.division);
  return pack.funders.map(({ code, name, short, level, of }) => ({ code, name, short, level, of, division: of === 'pack' ? codeAt(path, level) : null }));
}

/**
 * Turns a version file into the plain data that the engine reads.
 * @throws PackError naming file, line and remedy
 */
export function compileVersion(pack: SourcePack, source: YamlFile<SourceVersion>): CompiledVersion {
  return new VersionCompiler(pack, source).compile();
}
