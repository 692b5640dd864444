import { Screen, touch } from '../screen.js';
import { text, type Block } from '../view.js';

/** The first page for somebody who is not known yet. */
export class LogInScreen extends Screen {
  readonly title = '欢迎来到幸福食堂';
  readonly twin = '不用手机也可以：带助餐卡到食堂刷卡吃饭，订饭打电话给食堂，办卡找社区。';

  protected blocks(): readonly Block[] {
    const { trouble } = this.desk;
    return [
      text('订饭、付款、看账单，按一下就行。', 'big'),
      text('第一次用，请先登录。登录用您的微信，不用记密码。'),
      ...(trouble === null ? [] : [text(trouble, 'trouble'), touch(this.doing('再试一次', () => this.desk.start()))]),
      touch(this.doing('微信登录', () => this.desk.logIn(), { kind: 'main' })),
      text('我们只用微信认出是您本人，不看您的聊天、好友和相册。', 'soft'),
    ];
  }
}
