import { addDays, civilDate } from '../../../../src/kernel/civil-date.js';
import { CONSENT_TERMS } from '../../../lib/words.js';
import { AskingScreen } from '../asking-screen.js';
import { touch } from '../screen.js';
import { Trouble } from '../service.js';
import type { Relative } from '../shapes.js';
import { heading, text, type Block, type Button } from '../view.js';
import { dateWords, momentWords } from '../words.js';
import { RELATIONS } from './bind.js';

const SCOPES = [['meals', '看我吃的饭和账单'], ['ordering', '帮我订饭'], ['paying', '帮我付钱']] as const;
type Scope = (typeof SCOPES)[number][0];
const RELATION_WORDS: ReadonlyMap<string, string> = new Map(RELATIONS);
/** What is on paper may last longer than the service takes from a telephone. */
const MOST_DAYS = 3 * 365;

/** Whom the elder lets in, for what, and until when. Given one by one, taken back by one touch. */
export class FamilyScreen extends AskingScreen {
  readonly title = '家人和授权';
  readonly twin = '到社区当面说，或者带助餐卡到食堂刷一下，也可以给家人授权、收回。收回当场生效。';
  private relatives: readonly Relative[] = [];
  private notice = '';
  private days: number = CONSENT_TERMS[1][1];
  private typed = '';
  /** Whether somebody wants to leave, which is said twice. */
  private isLeaving = false;
  private code: { readonly code: string; readonly expiresAt: string } | null = null;

  protected override async load(): Promise<void> {
    const { elder } = this.desk;
    this.readTemplates();
    if (elder?.self === true) await this.readKin(elder.elderId);
  }

  private async readKin(elderId: string): Promise<void> {
    const { items, notice } = await this.desk.service.ask<{ readonly items: readonly Relative[]; readonly notice: { readonly text: string } }>('GET', `/v1/mini/elders/${elderId}/kin`);
    // Whom the elder only gave as somebody to call may see and do nothing.
    [this.relatives, this.notice] = [items.filter(({ bound, rights }) => bound || rights.length > 0), notice.text];
  }

  protected blocks(): readonly Block[] {
    const self = this.desk.elder?.self === true;
    return [
      ...(self ? this.own() : this.theirs()),
      heading('我的手机'),
      ...this.asking(),
      ...this.phone({ page: 'family' }),
      ...this.typing(),
      touch(this.going('再绑定一位老人', 'bind')),
      touch(this.doing('退出登录', () => this.desk.logOut())),
    ];
  }

  private own(): readonly Block[] {
    return [
      text('家人能看什么、能办什么，由您定。', 'big'),
      text(this.notice),
      ...(this.relatives.length === 0 ? [] : this.term()),
      ...this.relatives.map((relative) => this.card(relative)),
      ...(this.relatives.length === 0 ? [text('现在没有家人绑定。')] : []),
      ...(this.code === null ? [] : [{ is: 'card', title: '把这个绑定码告诉家人', figure: this.code.code, lines: ['家人在自己的手机上填这个绑定码，就绑定好了。', `${momentWords(this.code.expiresAt)} 以前有效，只能用一次。`], buttons: [] } as const]),
      touch(this.doing('给家人一个绑定码', () => this.makeCode(), { kind: 'main' })),
    ];
  }

  private term(): readonly Block[] {
    return [
      { is: 'choice', label: '同意多久', buttons: CONSENT_TERMS.map(([words, days]) => this.button(words, () => this.last(days), { chosen: days === this.days })) },
      text(`按“同意”的，到 ${dateWords(this.until())} 为止，这位家人已经有的也改到这一天。收回一项，别的不变。`),
    ];
  }

  private last(days: number): void {
    this.days = days;
    this.changed();
  }

  private until(): string {
    return addDays(civilDate(this.desk.today), this.days);
  }

  /** Taking one right back leaves the others as they were. */
  private kept(until: string | null): string {
    const most = addDays(civilDate(this.desk.today), MOST_DAYS);
    return until !== null && until < most ? until : most;
  }

  private theirs(): readonly Block[] {
    const { elder } = this.desk;
    if (elder === null) return [];
    const may = SCOPES.filter(([scope]) => elder.rights.includes(scope)).map(([, words]) => words.replaceAll('我', '老人'));
    return [
      text(`${elder.name} 现在让您：${may.length === 0 ? '还没有同意任何一项' : may.join('、')}。`), text('老人在自己的手机上、在社区，或在食堂刷卡，都可以改。'),
      ...(this.isLeaving ? [
        text(`不再帮 ${elder.name} 办事，解除绑定吗？以后要再帮，得请老人再给一个绑定码。`, 'big'),
        touch(this.doing('是的，解除绑定', () => this.goAway(elder.elderId))), touch(this.button('不解除，留着', () => this.turnAway(false))),
      ] : [touch(this.button(`不再帮 ${elder.name} 办`, () => this.turnAway(true)))]),
    ];
  }

  private turnAway(isLeaving: boolean): void {
    this.isLeaving = isLeaving;
    if (isLeaving) this.announce('要解除绑定吗？');
    else this.changed();
  }

  private async goAway(elderId: string): Promise<void> {
    await this.deed(`/v1/mini/elders/${elderId}/leave`, {});
    this.isLeaving = false;
    await this.desk.look();
    this.announce('解除了，老人会收到通知。');
    this.desk.host.home();
  }

  /** Where WeChat tells no number: one that is typed is kept, and nobody takes it for proven. */
  private typing(): readonly Block[] {
    if (this.desk.me?.account.phoneProven === true) return [];
    return [
      { is: 'field', name: 'phone', label: '您的手机号', kind: 'digits', most: 20, value: this.typed, hint: '微信给不出手机号，就在这里填。带手机到社区，工作人员核对以后才作数', set: (value) => this.type(value) },
      touch(this.doing('登记我填的手机号', () => this.keepTyped())),
    ];
  }

  private type(value: string): void {
    this.typed = value;
    this.changed();
  }

  private async keepTyped(): Promise<void> {
    if (this.typed.trim() === '') throw new Trouble(0, 'empty', '请填您的手机号。');
    await this.desk.keepPhone({ phone: this.typed.trim() });
    this.typed = '';
    this.announce('手机号记下了。');
  }

  private card(relative: Relative): Block {
    const { name, relation, rights, until, bound } = relative;
    return {
      is: 'card', title: `${name}${relation === null ? '' : `（${RELATION_WORDS.get(relation) ?? '亲友'}）`}`,
      lines: [...(bound ? [] : ['还没有绑定微信']), ...SCOPES.map(([scope, words]) => `${words}：${rights.includes(scope) ? '同意了' : '没有同意'}`), ...(until === null || rights.length === 0 ? [] : [`到 ${dateWords(until)} 为止`])],
      buttons: this.deeds(relative),
    };
  }

  private deeds({ contactId, name, rights, until, bound }: Relative): readonly Button[] {
    const give = SCOPES.filter(([scope]) => !rights.includes(scope)).map(([scope, words]) => this.doing(`同意${name}${words}`, () => this.consent(contactId, [...rights, scope], this.until())));
    const less = rights.length < 2 ? [] : SCOPES.filter(([scope]) => rights.includes(scope)).map(([scope, words]) => this.doing(`不再让${name}${words}`, () => this.consent(contactId, rights.filter((one) => one !== scope), this.kept(until))));
    const all = rights.length > 0 ? `全部收回，不再绑定${name}` : `不再绑定${name}`;
    return [...give, ...less, ...(bound || rights.length > 0 ? [this.doing(all, () => this.withdraw(contactId))] : [])];
  }

  private async makeCode(): Promise<void> {
    this.code = await this.deed(`/v1/mini/elders/${this.desk.elder?.elderId ?? ''}/binding-code`, { scopes: [] });
    this.announce(`绑定码是 ${[...(this.code?.code ?? '')].join(' ')}`);
  }

  private async consent(contactId: string, scopes: readonly Scope[], until: string): Promise<void> {
    await this.deed(`/v1/mini/elders/${this.desk.elder?.elderId ?? ''}/kin/${contactId}/consent`, { scopes, until });
    await this.load();
    this.announce('改好了，马上生效。');
  }

  private async withdraw(contactId: string): Promise<void> {
    await this.deed(`/v1/mini/elders/${this.desk.elder?.elderId ?? ''}/kin/${contactId}/withdraw`, {});
    await this.load();
    this.announce('都收回了，马上生效。');
  }
}
