import { chinaDate, chinaMinute } from '../../src/kernel/civil-date.js';
import { freshCart, offerOf, periodAt, periodsOf, type PriceList } from './cart/cart.js';
import { Counter } from './counter.js';
import { askToKeep, claimWriting, Device, lacking, type Keeping, type Remembered } from './device.js';
import type { Entry, MealPeriod } from './journal/entry.js';
import { Journal } from './journal/journal.js';
import { Away, enrol, Link, Refused, type Terminal } from './journal/link.js';
import { KeyRenewal } from './journal/renewal.js';
import { Sender } from './journal/sender.js';
import { People } from './people/people.js';
import { tellPlaceAtOpening, whereabouts } from './place.js';
import { Printing } from './receipt/printing.js';
import type { Issuer } from './receipt/slip.js';
import type { Trace } from './roster/own-meals.js';
import { isTakenOut, Roster } from './roster/roster.js';
import { Shelf } from './roster/shelf.js';
import { agree, clockCheck, journalCheck, owedFen, ownDay, servedDay, storageCheck, type Check, type DayFigures, type MealLine } from './shift.js';
import { Sounds } from './sound.js';
import { Board, type View } from './view.js';

const REFRESH_MS = 10 * 60_000;
/** How often the roster's age is looked at. */
const AGE_MS = 60_000;
const CHANNEL = 'xingfu-till';

const now = (): number => Date.now();

/** What the closing compares. `served` is null where the service could not be asked. */
export interface Closing {
  readonly own: DayFigures;
  readonly served: DayFigures | null;
  readonly agrees: boolean;
  /** Taken too much while the share was not known, and not given back yet: in all, and in cash. */
  readonly owedFen: number;
  readonly owedCashFen: number;
  readonly trouble: string | null;
}

/** The till behind the page: brings the device up, keeps prices and journal, and hands keys and cards to the counter. */
export class Till {
  readonly board = new Board();
  readonly sounds = new Sounds();
  readonly printing = new Printing(this.board, () => this.issuer());
  counter: Counter | null = null;
  people: People | null = null;
  /** Set once a newer page waits: loads it. */
  update: () => void = () => window.location.reload();
  private device: Device | null = null;
  private journal: Journal | null = null;
  private sender: Sender | null = null;
  private link: Link | null = null;
  private roster: Roster | null = null;
  private prices: Remembered['prices'] | null = null;
  /** The meal that the cashier turned to by hand, for this shift. */
  private chosen: MealPeriod | null = null;
  private keeping: Keeping = 'refused';
  private readonly channel = new BroadcastChannel(CHANNEL);

  /** Brings the till up as far as it gets: to its enrolment, its opening list, or straight back to a shift that was cut off. */
  async start(): Promise<void> {
    const lack = lacking();
    if (lack !== null) return this.board.show({ phase: 'failed', trouble: lack });
    try {
      const alone = await claimWriting(() => window.location.reload());
      if (!alone) return this.mirror();
      this.device = await Device.open();
      this.keeping = await askToKeep();
      this.board.show({ kept: this.keeping === 'kept' });
      this.board.watch(() => this.channel.postMessage(this.board.view()));
      this.channel.addEventListener('message', ({ data }) => data === 'hello' && this.channel.postMessage(this.board.view()));
      const terminal = await this.device.recall('terminal');
      if (terminal === undefined) return this.board.show({ phase: 'enrol' });
      await this.bring(terminal);
    } catch (error) {
      this.board.show({ phase: 'failed', trouble: `本机数据库打不开，不能收款：${error instanceof Error ? error.message : ''}` });
    }
  }

  /** Another page of this device sells: this one shows what it shows. */
  private mirror(): void {
    this.board.show({ role: 'mirror', phase: 'opening' });
    this.channel.addEventListener('message', ({ data }) => typeof data === 'object' && this.board.show({ ...(data as View), role: 'mirror' }));
    this.channel.postMessage('hello');
  }

  /** Enrols this device with a one-time code. @returns why not, in words, or null */
  async enrol(code: string): Promise<string | null> {
    if (this.device === null) return '本机数据库没有打开，请刷新本页。';
    try {
      const terminal = await enrol(this.device.keys, code.trim());
      await this.device.remember('terminal', terminal);
      await this.bring(terminal);
      return null;
    } catch (error) {
      if (error instanceof Refused) return error.sentence;
      if (error instanceof Away) return '连接不上服务器。登记要联网，请检查网络后再试。';
      throw error;
    }
  }

  private async bring(terminal: Terminal): Promise<void> {
    const device = this.device as Device;
    const journal = new Journal(device.db, device.keys, now);
    const link = new Link(device.keys, terminal, now);
    const sender: Sender = new Sender(journal, link, now, (entry) => this.heardOf(entry));
    [this.journal, this.link, this.sender] = [journal, link, sender];
    const people = new People({ board: this.board, device, link, now, sell: (credential) => this.counter?.sellEntered(credential) });
    this.people = people;
    const renewal = new KeyRenewal(device.db, device.keys, link, now);
    const roster = new Roster({
      shelf: new Shelf(device.db, device.keys), link, now, entries: () => this.board.view().entries, place: () => whereabouts(false),
      renew: (opened) => renewal.renew(opened).catch(() => false),
    });
    this.roster = roster;
    tellPlaceAtOpening(this.board, () => roster.report());
    this.counter = new Counter({
      board: this.board, journal, sender, sounds: this.sounds, people, roster, now,
      decide: (question) => roster.judge(question), sold: (entry, trace) => roster.sold(entry, trace),
    });
    link.onEpoch = sender.onEpoch = (epoch) => void this.heardEpoch(epoch);
    this.counter.onPeriod = (period) => {
      this.chosen = period;
      this.sellAt(period);
    };
    await journal.forgetOld();
    const entries = (await journal.entries()).map(({ sealed: _sealed, trace: _trace, ...entry }) => entry);
    await roster.load(await journal.traces<Trace>());
    const settings = await device.recall('settings');
    this.board.show({ label: terminal.label, entries, prefix: settings?.prefix ?? '', roster: roster.view() });
    this.prices = (await device.recall('prices')) ?? null;
    if (this.prices !== null) this.offerPrices(this.prices);
    await people.start();
    const shift = await device.recall('shift');
    this.board.show({ phase: shift !== undefined && chinaDate(shift.openedAt) === chinaDate(now()) ? 'selling' : 'opening' });
    void this.sounds.load();
    window.addEventListener('online', () => void sender.kick());
    window.addEventListener('offline', () => sender.lost(new Away('network')));
    setInterval(() => void this.refresh(), REFRESH_MS);
    setInterval(() => void this.lookAtRoster(), AGE_MS);
    await this.refresh();
  }

  private issuer(): Issuer | null {
    if (this.link === null) return null;
    const { terminalId, label } = this.link.terminal;
    const names = new Map(this.prices?.list.prices.map(({ itemCode, name }) => [itemCode, name]));
    return { terminalId, siteName: label, nameOf: (itemCode) => names.get(itemCode) ?? '餐品' };
  }

  private heardOf(entry: Entry | null): void {
    if (entry !== null) this.counter?.add(entry);
    const state = this.sender?.state;
    if (state === undefined || state === this.board.view().link) return;
    this.board.show({ link: state });
    // A terminal that was taken out knows nobody any more, from that moment.
    if (state.is === 'stopped' && isTakenOut(new Refused(state.code, state.sentence))) void this.roster?.wipe().then(() => this.lookAtRoster());
  }

  /** The roster's age, as it grows; at its end it is gone. */
  private async lookAtRoster(): Promise<void> {
    await this.roster?.wipeOld();
    if (this.roster !== null) this.board.show({ roster: this.roster.view() });
  }

  /** Brings the roster up to now. What it lacks is no reason not to sell. */
  private async refreshRoster(): Promise<void> {
    const { roster, sender } = this;
    if (roster === null || sender === null || sender.state.is !== 'online') return;
    try {
      await roster.refresh();
    } catch (error) {
      if (isTakenOut(error) || !(error instanceof Refused)) sender.lost(error);
    }
    await this.lookAtRoster();
  }

  /** The mark of the service's database: another one than before means that it may lack what it had said yes to. */
  private async heardEpoch(epoch: string): Promise<void> {
    const { device, journal, roster, sender } = this;
    const known = await device?.recall('epoch');
    if (known === epoch || device === null || journal === null) return;
    if (known !== undefined) {
      roster?.readWhole();
      const again = new Map((await journal.reopen()).map((entry) => [entry.number, entry]));
      const { entries } = this.board.view();
      this.board.show({ entries: entries.map((entry) => ({ ...entry, fate: again.get(entry.number)?.fate ?? entry.fate })) });
    }
    await device.remember('epoch', epoch);
    void sender?.kick();
  }

  /** Asks for the prices of today, sends what waits, and goes through the opening list again. */
  async refresh(): Promise<void> {
    const { link, sender, device } = this;
    if (link === null || sender === null || device === null) return;
    try {
      const list = await link.read<PriceList>(link.pricesPath(chinaDate(now())));
      this.prices = { list, at: now() };
      await device.remember('prices', this.prices);
      this.offerPrices(this.prices);
      sender.heard();
    } catch (error) {
      // A site without prices for today is no fault of the way to the service.
      if (error instanceof Refused && !error.isAboutTerminal) this.board.show({ outcome: { is: 'wait', sentence: error.sentence, next: '请联系食堂负责人。' } });
      else sender.lost(error);
    }
    await this.people?.cashiers.refresh();
    await sender.kick();
    await this.refreshRoster();
    await this.journal?.forgetOld();
    await this.check();
  }

  private offerPrices({ list, at }: Remembered['prices']): void {
    const { offer, cart } = this.board.view();
    this.board.show({ pricesAt: at, periods: periodsOf(list) });
    const period = this.chosen ?? periodAt(list, chinaMinute(now()));
    const isOther = offer === null || offer.mealPeriod !== period || offer.priceListVersion !== list.version;
    // In the middle of a sale nothing is put in its place.
    if (period !== null && isOther && (cart === null || cart.untouched)) this.sellAt(period);
  }

  private sellAt(period: MealPeriod): void {
    if (this.prices === null) return;
    const offer = offerOf(this.prices.list, period);
    this.board.show({ offer, cart: freshCart(offer) });
  }

  private async check(): Promise<void> {
    const entries = (await this.journal?.entries()) ?? [];
    const prices: Check = this.prices === null
      ? { what: '价目表', is: 'bad', says: '本机还没有价目表，联网后才能开始' }
      : { what: '价目表', is: chinaDate(this.prices.at) === chinaDate(now()) ? 'good' : 'open', says: `第 ${this.prices.list.version} 版，${this.board.view().offer?.items.length ?? 0} 种在售` };
    this.board.show({ checks: [clockCheck(this.link?.skewMs ?? null), storageCheck(this.keeping === 'kept'), prices, journalCheck(entries)] });
  }

  /** Begins a shift. A price list is all it needs: what is missing besides is shown and may come later. */
  async open(): Promise<void> {
    if (this.prices === null || this.device === null) return;
    await this.device.remember('shift', { openedAt: now() });
    this.board.show({ phase: 'selling', outcome: { is: 'none' }, mode: { is: 'sell' } });
  }

  goToClosing(): void {
    this.board.show({ phase: 'closing' });
  }

  goOnSelling(): void {
    this.board.show({ phase: 'selling' });
  }

  /** The day as the till and the service have it. */
  async closing(): Promise<Closing> {
    const date = chinaDate(now());
    const entries = (await this.journal?.entries()) ?? [];
    const own = ownDay(entries, date);
    const owed = { owedFen: owedFen(entries, date), owedCashFen: owedFen(entries, date, 'cash') };
    try {
      const served = servedDay(await this.servedLines(date), entries);
      return { own, served, ...owed, agrees: agree(own, served), trouble: null };
    } catch (error) {
      return { own, served: null, ...owed, agrees: false, trouble: error instanceof Refused ? error.sentence : '连接不上服务器，暂时不能核对。' };
    }
  }

  private async servedLines(date: string): Promise<MealLine[]> {
    const link = this.link as Link;
    const lines: MealLine[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: { items: MealLine[]; nextCursor: string | null } = await link.read(`/v1/sites/${link.terminal.siteId}/meals?date=${date}&limit=500${more}`);
      lines.push(...page.items);
      cursor = page.nextCursor;
    }
    return lines;
  }

  /** Ends the shift; refused while anything is unsent. @returns whether it ended */
  async close(): Promise<boolean> {
    const entries = (await this.journal?.entries()) ?? [];
    if (entries.some((entry) => entry.fate.is === 'unsent')) return false;
    await this.device?.forget('shift');
    this.chosen = null;
    this.board.show({ phase: 'opening', group: null, outcome: { is: 'none' } });
    await this.check();
    return true;
  }

  /** Everything that the service has not taken, as it would have been sent: the way out of a till that cannot send. */
  async unsentFile(): Promise<Blob> {
    const journal = this.journal as Journal;
    const open = (await journal.entries()).filter((entry) => entry.fate.is === 'unsent' || entry.fate.is === 'blocked');
    const taps = await Promise.all(open.map(async (entry) => ({
      number: entry.number, kind: entry.about.kind, ...(entry.about.kind === 'void' ? { tapId: entry.about.tapId } : {}), body: JSON.parse(await journal.body(entry)) as object,
    })));
    const { terminalId, siteId } = (this.link as Link).terminal;
    return new Blob([JSON.stringify({ terminalId, siteId, madeAt: new Date(now()).toISOString(), entries: taps }, null, 1)], { type: 'application/json' });
  }

  /** What was taken too much of an elder has been given back. */
  async giveBack(number: number): Promise<void> {
    const entry = await this.journal?.note(number, { returned: true });
    if (entry !== undefined) this.counter?.add(entry);
  }

  async setPrefix(prefix: string): Promise<void> {
    await this.device?.remember('settings', { prefix });
    this.board.show({ prefix });
  }

  retry(): void {
    void this.refresh();
  }
}
