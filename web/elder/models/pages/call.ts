import { Screen } from '../screen.js';
import { text, type Block } from '../view.js';
import { nearUsual } from './menu-data.js';

/** People to talk to. The numbers stand below every page; here they are all there is. */
export class CallScreen extends Screen {
  readonly title = '打电话';
  readonly twin = '打不通就到食堂窗口或社区，当面说。';

  /** Whom to call is good to know, and nothing to wait for: what cannot be read is left out, the hotline stands there anyway. */
  protected override load(): void {
    const { elder } = this.desk;
    if (elder !== null && !this.desk.hasPlace) void nearUsual(this.desk, elder.elderId).then(() => this.changed(), () => undefined);
  }

  protected blocks(): readonly Block[] {
    return [text('按一下就打过去，有人接听。', 'big'), text('电话里可以订饭、改订、取消，问补贴和账单，也可以投诉。不用说密码，也不要说银行卡号。')];
  }
}
