import { Screen, touch } from '../screen.js';
import { Trouble } from '../service.js';
import { heading, text, type Block, type Field } from '../view.js';

export const RELATIONS = [['child', '子女'], ['spouse', '老伴'], ['grandchild', '孙辈'], ['sibling', '兄弟姐妹'], ['otherRelative', '别的亲戚'], ['neighbour', '邻居'], ['other', '别的人']] as const;

/** Tells the service whose telephone this is: the elder's own, or a child's who brings the parent's code. */
export class BindScreen extends Screen {
  readonly title = '这是谁的手机？';
  readonly twin = '填不来没关系：带上助餐卡和手机到社区，工作人员给您一个八位绑定码，填上就行。';
  private way: 'card' | 'code' | 'child' = this.given['way'] === 'child' ? 'child' : 'card';
  private relation: string = RELATIONS[0][0];
  private readonly filled = new Map<string, string>();

  protected blocks(): readonly Block[] {
    return [
      { is: 'choice', label: '请选一样', buttons: [
        this.button('我是老人，有助餐卡', () => this.turn('card'), { chosen: this.way === 'card' }),
        this.button('我是老人，社区给了我绑定码', () => this.turn('code'), { chosen: this.way === 'code' }),
        this.button('我是家人，帮老人办', () => this.turn('child'), { chosen: this.way === 'child' }),
      ] },
      ...this.form(),
    ];
  }

  private form(): readonly Block[] {
    if (this.way === 'card') {
      return [
        this.field('card', '助餐卡号', 'text', 40, '印在卡的正面'),
        this.field('name', '姓名', 'text', 40, '和卡上的一样'),
        touch(this.doing('就是我，绑定', () => this.bind('/v1/mini/bind-self', { cardNumber: this.of('card').toUpperCase(), name: this.of('name') }), { kind: 'main' })),
      ];
    }
    if (this.way === 'code') {
      return [
        this.field('code', '八位绑定码', 'digits', 16, '社区给您的'),
        touch(this.doing('就是我，绑定', () => this.bind('/v1/mini/bind-self', { bindingCode: this.of('code') }), { kind: 'main' })),
      ];
    }
    const known = this.desk.me?.account.phone != null;
    return [
      heading('请老人给您一个绑定码'),
      text('老人在自己的手机上按“家人和授权”，再按“给家人一个绑定码”。老人没有手机，就请老人到社区要。'),
      ...this.phone({ page: 'bind', way: 'child' }),
      ...(known ? [] : [this.field('phone', '您的手机号', 'digits', 20, '老人和社区有事时找您；不按上面的按钮，就在这里填')]),
      this.field('code', '八位绑定码', 'digits', 16, '还没过时间的，只能用一次'),
      { is: 'choice', label: '您是老人的', buttons: RELATIONS.map(([relation, words]) => this.button(words, () => this.be(relation), { chosen: this.relation === relation })) },
      this.field('name', '您的姓名', 'text', 40, '老人会看到姓；有几位同姓，还看到最后一个字'),
      touch(this.doing('绑定老人', () => this.bind('/v1/mini/kin', { bindingCode: this.of('code'), name: this.of('name'), relation: this.relation, ...(known ? {} : { phone: this.of('phone') }) }), { kind: 'main' })),
      text('绑定以后能看什么、能办什么，由老人自己定，随时可以收回。', 'soft'),
    ];
  }

  private be(relation: string): void {
    this.relation = relation;
    this.changed();
  }

  private turn(way: typeof this.way): void {
    this.way = way;
    this.changed();
  }

  private of(name: string): string {
    return (this.filled.get(name) ?? '').trim();
  }

  private field(name: string, label: string, kind: Field['kind'], most: number, hint: string): Field {
    return { is: 'field', name, label, kind, most, hint, value: this.filled.get(name) ?? '', set: (value) => {
      this.filled.set(name, value);
      this.changed();
    } };
  }

  /** What is left empty is said by its name, before anybody is asked. */
  private async bind(path: string, body: object): Promise<void> {
    const empty = this.form().find((block): block is Field => block.is === 'field' && block.value.trim() === '');
    if (empty !== undefined) throw new Trouble(0, 'empty', `请填${empty.label}。`);
    await this.deed(path, body);
    this.filled.clear();
    await this.desk.look();
    this.announce('绑定好了。');
    this.desk.host.home();
  }
}
