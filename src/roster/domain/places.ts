import { plainText } from './cell.js';

/** A division as places are looked for in. */
export interface PlaceNode {
  readonly divisionCode: string;
  readonly name: string;
  readonly parentCode: string | null;
  /** The division that took over, where this one was merged away. */
  readonly successorCode: string | null;
}

/** What a text says about a place. */
export type Place =
  | { readonly kind: 'found'; readonly code: string }
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'ambiguous' };

const TAIL = '(街道办事处|街道办|街道|办事处|镇人民政府|镇|乡|(社区)?居民委员会|社区居委会|社区|村民委员会|村委会|居委会|自治县|开发区|新区|省|市|县|区|村)';
const TAIL_AT_END = new RegExp(`${TAIL}$`);
const TAIL_AT_START = new RegExp(`^${TAIL}`);

const PROVINCES = ['北京', '天津', '河北', '山西', '内蒙古', '辽宁', '吉林', '黑龙江', '上海', '江苏', '浙江', '安徽', '福建', '江西', '山东', '河南', '湖北', '湖南', '广东', '广西', '海南',
  '重庆', '四川', '贵州', '云南', '西藏', '陕西', '甘肃', '青海', '宁夏', '新疆', '台湾', '香港', '澳门'];

/** A division's name without what kind of division it is; names of one sign keep it. */
export function baseName(name: string): string {
  const base = name.replace(TAIL_AT_END, '');
  return [...base].length >= 2 ? base : name;
}

/** Finds divisions by the names that people write, under one division: 聊城市东昌府区古楼街道, 古楼办事处, or a code. */
export class PlaceFinder {
  private readonly children = new Map<string, PlaceNode[]>();
  private readonly byCode: ReadonlyMap<string, PlaceNode>;
  private readonly known = new Map<string, Place>();

  /**
   * @param above the divisions over the root, the widest first (province, city ...)
   * @param nodes the root and everything below it
   */
  constructor(private readonly root: string, private readonly above: readonly PlaceNode[], nodes: readonly PlaceNode[]) {
    this.byCode = new Map(nodes.map((node) => [node.divisionCode, node]));
    for (const node of nodes) {
      const parent = this.byCode.get(node.parentCode ?? '')?.successorCode ?? node.parentCode;
      if (parent !== null) this.children.set(parent, [...(this.children.get(parent) ?? []), node]);
    }
  }

  /** The narrowest division that a text names. What follows the last name, such as a street and a number, is left out. */
  find(text: string): Place {
    const plain = plainText(text).replace(/\s/g, '');
    const known = this.known.get(plain);
    if (known !== undefined) return known;
    const place = this.resolve(plain);
    // Addresses differ from house to house; what repeats is worth keeping.
    if (this.known.size < 20_000) this.known.set(plain, place);
    return place;
  }

  private resolve(text: string): Place {
    if (/^\d{6}(\d{3}){0,2}$/.test(text)) return this.byCode.has(text) ? this.found(text) : { kind: 'unknown' };
    let rest = text;
    let led = false;
    for (const node of this.above) {
      const after = this.after(rest, node);
      if (after === null) continue;
      [rest, led] = [after, true];
    }
    const province = this.above[0] === undefined ? undefined : baseName(this.above[0].name);
    if (!led && PROVINCES.some((name) => name !== province && rest.startsWith(name)) && !this.names(rest)) return { kind: 'elsewhere' };
    const own = this.byCode.get(this.root);
    let at = this.root;
    let reached = false;
    if (own !== undefined) {
      const after = this.after(rest, own);
      if (after !== null) [rest, reached] = [after, true];
    }
    if (led && !reached && this.foreign(rest)) return { kind: 'elsewhere' };
    for (;;) {
      const next = this.below(at, rest) ?? (at === this.root ? this.deeper(rest) : null);
      if (next === 'ambiguous') return { kind: 'ambiguous' };
      if (next === null) break;
      [at, rest, reached] = [next.node.divisionCode, next.rest, true];
    }
    return reached ? this.found(at) : { kind: led ? 'elsewhere' : 'unknown' };
  }

  /** Whether a text that a wider division led in names no place of this one. */
  private foreign(rest: string): boolean {
    return rest !== '' && !this.names(rest);
  }

  private names(text: string): boolean {
    return this.below(this.root, text) !== null || this.deeper(text) !== null;
  }

  private found(code: string): Place {
    return { kind: 'found', code: this.byCode.get(code)?.successorCode ?? code };
  }

  private after(text: string, node: PlaceNode): string | null {
    if (text.startsWith(node.name)) return text.slice(node.name.length);
    const base = baseName(node.name);
    return text.startsWith(base) ? text.slice(base.length).replace(TAIL_AT_START, '') : null;
  }

  private below(at: string, text: string): { node: PlaceNode; rest: string } | 'ambiguous' | null {
    return this.longest(this.children.get(at) ?? [], text);
  }

  /** A grandchild named without its parent, such as a street without its district. */
  private deeper(text: string): { node: PlaceNode; rest: string } | 'ambiguous' | null {
    return this.longest((this.children.get(this.root) ?? []).flatMap((child) => this.children.get(child.divisionCode) ?? []), text);
  }

  /** The full names first, then the bare ones: the one that takes most of the text, unless two take as much. */
  private longest(nodes: readonly PlaceNode[], text: string): { node: PlaceNode; rest: string } | 'ambiguous' | null {
    if (text === '') return null;
    const full = nodes.filter((node) => text.startsWith(node.name));
    const fits = full.length > 0 ? full : nodes.filter((node) => text.startsWith(baseName(node.name)));
    const size = (node: PlaceNode): number => (full.length > 0 ? node.name : baseName(node.name)).length;
    const most = Math.max(0, ...fits.map(size));
    const best = [...new Set(fits.filter((node) => size(node) === most).map((node) => this.byCode.get(node.successorCode ?? '') ?? node))];
    if (best.length > 1) return 'ambiguous';
    const [node] = best;
    if (node === undefined) return null;
    return { node, rest: text.slice(most).replace(full.length > 0 ? /^(办事处|人民政府)/ : TAIL_AT_START, '') };
  }
}
