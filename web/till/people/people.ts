import type { Credential, Presence, Sale } from '../journal/entry.js';
import type { Asking } from './ask.js';
import type { Photographs } from './face.js';
import { CashierDesk, type DeskTools } from './cashier-desk.js';
import { ForgottenCard, type FoundElder } from './forgotten-card.js';
import { KinDesk } from './kin.js';
import type { KinCode } from './people-view.js';
import { PresenceDesk } from './presence.js';

const LOOK_EVERY_MS = 5_000;
const PHOTOS = '/v1/till/photos';
/** The page's name for the photo of whose card was read last. */
const OF_CARD = 'card';

/** What a till needs for everything about people: who sells, who forgot a card, and whether an elder is really there. */
export interface PeopleTools extends DeskTools {
  readonly link: Asking;
  /** Photos of regulars that this till keeps: by the page's name for one; null where it is none of them. */
  readonly kept: Photographs;
  /** Puts a relative's code onto paper. */
  readonly printCode: (code: KinCode) => void;
  /** Sells what is on the bill to somebody. */
  readonly sell: (credential: Credential) => void;
}

/** People at the till. */
export class People {
  readonly cashiers: CashierDesk;
  readonly forgotten: ForgottenCard;
  readonly kin: KinDesk;
  private readonly presence: PresenceDesk;
  /** Whom the notes of the last searches stand for. */
  private readonly entered = new Map<string, FoundElder>();
  /** The card whose holder is asked about just now. */
  private card: string | null = null;

  constructor(private readonly tools: PeopleTools) {
    this.cashiers = new CashierDesk(tools);
    this.presence = new PresenceDesk(tools.board);
    this.kin = new KinDesk(tools);
    this.forgotten = new ForgottenCard({ ...tools, sell: (elder) => this.sellTo(elder) });
  }

  /** Takes up what is remembered, and watches from then on whether the page is to be locked. */
  async start(): Promise<void> {
    await this.cashiers.start();
    const touched = (): void => this.cashiers.touched();
    window.addEventListener('pointerdown', touched);
    window.addEventListener('keydown', touched);
    this.tools.board.watch(() => this.cashiers.settle());
    setInterval(() => this.cashiers.settle(), LOOK_EVERY_MS);
  }

  /** Gets the photo of somebody who was found, or whose card was just read; the page knows it by a name that says nothing. */
  readonly photographs: Photographs = async (photo) => (await this.tools.kept(photo)) ?? this.fromService(photo);

  private fromService(photo: string): Promise<Blob | null> {
    const { link } = this.tools;
    if (photo === OF_CARD) return this.card === null ? Promise.resolve(null) : link.picture(PHOTOS, { number: this.card });
    const note = this.forgotten.noteOf(photo) ?? [...this.entered.values()].find((elder) => elder.photo === photo)?.note;
    return note === undefined ? Promise.resolve(null) : link.picture(PHOTOS, { note });
  }

  /** A key while the till sells. @returns whether it was meant for a panel of this desk */
  press(key: string): boolean {
    return this.presence.press(key) || this.kin.press(key) || this.forgotten.press(key);
  }

  /** A card was read: whoever was being looked for has found it. @returns whether it was laid down for a panel of this desk, and sells nothing */
  scanned(number: string): boolean {
    this.forgotten.close();
    return this.kin.scanned(number);
  }

  private sellTo(elder: FoundElder): void {
    this.entered.set(elder.note, elder);
    this.tools.sell({ kind: 'entered', note: elder.note });
  }

  /** Whom a note stands for, as long as this page remembers. */
  behind(note: string): FoundElder | null {
    return this.entered.get(note) ?? null;
  }

  /**
   * Asks once by what the elder's presence is known, where the meal costs the elder nothing and the rules want it.
   * @param needsProof what the till itself says of the meal; false where it does not know
   * @param kept the photo that this till keeps of the elder: it needs no network, and no waiting
   * @returns null where nothing was asked, or nobody said: the meal is sold all the same
   */
  async presenceFor({ credential }: Pick<Sale, 'credential'>, needsProof: boolean, kept: string | null): Promise<Presence | null> {
    if (credential.kind === 'guest' || !needsProof) return null;
    const elder = credential.kind === 'entered' ? this.behind(credential.note) : null;
    this.card = credential.kind === 'card' ? credential.number : null;
    const asked = this.tools.board.view().link.is !== 'online' ? null : (elder?.photo ?? OF_CARD);
    const presence = await this.presence.ask({ tail: this.card?.slice(-4) ?? elder?.cardTail ?? '', photo: kept ?? asked });
    this.card = null;
    return presence;
  }
}
