import { Inject, Injectable } from '@nestjs/common';
import { chinaDate, fen, type Clock, type Instant, type Outcome } from '../kernel/index.js';
import { openBooked } from '../booking/index.js';
import { cardHandle, openEntered } from '../elder/index.js';
import type { BillItem } from '../menu/domain/index.js';
import { checkedBody, CLOCK, FieldCipher, Metrics, problemBody, ProblemException, sha256, type ProblemBody, type TerminalActor } from '../platform/index.js';
import type { TapAnswer } from './domain/index.js';
import { openCode } from './code-note.js';
import { signatureBytes } from './journal.js';
import type { ArrivedTap } from './record-taps.js';
import { HELD_SIZE, TapBatcher } from './tap-batcher.js';
import { quickTexts } from './tap-texts.js';
import { TapBody } from './tap.dto.js';

/** Times outside of these years are typing errors or broken clocks, and no civil date of a meal. */
const EARLIEST: Instant = Date.UTC(1970, 0, 2);
const LATEST: Instant = Date.UTC(9998, 0, 1);

/** What an uploaded tap got: what it would have got by itself. */
export interface UploadResult {
  readonly tapId: string | null;
  readonly status: number;
  readonly answer: TapAnswer | null;
  readonly problem: ProblemBody | null;
}

/** Takes what tills send, one by one or held back, to the batcher. */
@Injectable()
export class TakeTaps {
  private readonly check = checkedBody();

  constructor(private readonly batcher: TapBatcher, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock, private readonly metrics: Metrics) {}

  /** A tap that a till sends at once. @throws ProblemException `fields-wrong` for what no field check alone can see */
  async online(actor: TerminalActor, body: TapBody): Promise<Outcome<TapAnswer>> {
    const begun = performance.now();
    const [answer] = (await this.batcher.submit(actor.cityCode, [this.arrived(actor, body, false)])) as [Outcome<TapAnswer>];
    this.metrics.observe('xingfu_tap_seconds', (performance.now() - begun) / 1000);
    this.note('online', answer);
    return answer;
  }

  /**
   * Taps that a till held back. Each is checked and answered on its own; repeats get their first answers. Recorded piece
   * by piece: what was recorded before a failure stands, and is repeated when the upload is sent again.
   * @param byFile whether somebody brought them in as a file; the caller has checked their signatures
   */
  async upload(actor: TerminalActor, bodies: readonly object[], byFile = false): Promise<UploadResult[]> {
    const results: UploadResult[] = [];
    for (let from = 0; from < bodies.length; from += HELD_SIZE) {
      results.push(...(await this.piece(actor, bodies.slice(from, from + HELD_SIZE), byFile)));
      // Between two pieces it is the turn of those who stand at a till.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return results;
  }

  private async piece(actor: TerminalActor, bodies: readonly object[], byFile: boolean): Promise<UploadResult[]> {
    const entries = await Promise.all(bodies.map((body) => this.checked(actor, body, byFile)));
    const good = entries.filter((entry): entry is ArrivedTap => 'tap' in entry);
    const answers = await this.batcher.submit(actor.cityCode, good, true);
    for (const answer of answers) this.note('offline', answer);
    const byTap = new Map(good.map((entry, index) => [entry, answers[index] as Outcome<TapAnswer>]));
    return entries.map((entry) => ('tap' in entry ? resultOf(entry.tap.tapId, byTap.get(entry) as Outcome<TapAnswer>) : entry));
  }

  /** Counts what a tap came to; never whose it was. */
  private note(way: 'online' | 'offline', answer: Outcome<TapAnswer>): void {
    if (answer.ok) this.metrics.count('xingfu_taps_total', { outcome: answer.value.outcome, way });
    else this.metrics.count('xingfu_tap_conflicts_total', { code: answer.code, way });
  }

  private async checked(actor: TerminalActor, raw: object, byFile: boolean): Promise<ArrivedTap | UploadResult> {
    try {
      const body = (await this.check.transform(raw, { type: 'body', metatype: TapBody })) as TapBody;
      const arrived = this.arrived(actor, body, true);
      return byFile ? { ...arrived, tap: { ...arrived.tap, byFile: true } } : arrived;
    } catch (error) {
      if (!(error instanceof ProblemException)) throw error;
      const { id } = raw as { id?: unknown };
      const problem = problemBody(error.code, error.facts, error.fields);
      return { tapId: typeof id === 'string' ? id.slice(0, 64) : null, status: problem.status, answer: null, problem };
    }
  }

  /** The card behind what stands for one: of a search, of a booking, or of an elder's code. */
  private behindNote(actor: TerminalActor, { credential, bookingId, mealPeriod }: TapBody, note: string, mealTime: Instant): { handle: string | null; code?: string } {
    const { cityCode, terminalId, siteId } = actor;
    if (credential.kind === 'entered') return { handle: openEntered(this.cipher, actor, note, mealTime) };
    if (credential.kind === 'code') return openCode(this.cipher, { cityCode, terminalId, siteId, mealTime, mealDate: chinaDate(mealTime), mealPeriod }, note) ?? { handle: null };
    return { handle: bookingId === undefined ? null : openBooked(this.cipher, { cityCode, terminalId, bookingId }, note, mealTime) };
  }

  private arrived(actor: TerminalActor, body: TapBody, offline: boolean): ArrivedTap {
    const deviceTime = Date.parse(body.deviceTime);
    if (deviceTime < EARLIEST || deviceTime >= LATEST) throw wrong('deviceTime', '应为真实的用餐时间');
    const { kind, number, note } = body.credential;
    if (kind === 'card' && number === undefined) throw wrong('credential.number', '刷卡时必须有卡号');
    if (kind === 'guest' && number !== undefined) throw wrong('credential.number', '散客不应有卡号');
    const isNoted = kind === 'entered' || kind === 'booking' || kind === 'code';
    if (isNoted !== (note !== undefined) || (isNoted && number !== undefined)) throw wrong('credential.note', '代记、凭取餐码、凭用餐码时必须且只能带所得的凭据');
    if (kind === 'booking' && body.bookingId === undefined) throw wrong('bookingId', '凭取餐码时必须有预订编号');
    // By the meal's own time: a tap whose answer was lost is the same tap an hour later.
    const behind = note === undefined ? { handle: number === undefined ? null : cardHandle(this.cipher, number) } : this.behindNote(actor, body, note, deviceTime);
    const { handle } = behind;
    if (kind === 'entered' && handle === null) throw wrong('credential.note', '查找凭据无效或已过十分钟，请重新查找老人');
    if (kind === 'booking' && handle === null) throw wrong('credential.note', '取餐码凭据无效或不是今天的，请刷卡取餐');
    if (kind === 'code' && handle === null) throw wrong('credential.note', '用餐码凭据无效或已过时，请老人重新出示');
    const { signature, told, ...deed } = body;
    // What was answered before a restore was paid like that: it stands as if the till had shown it.
    const texts = quickTexts(deed, handle, actor.terminalId);
    const shown = body.shown ?? (offline ? told : undefined);
    return {
      // The number itself stays out of what is kept, so that no hash lets it be guessed.
      bodyHash: sha256(texts.deed), prevHash: body.prevHash, entryHash: sha256(texts.entry), signature: signatureBytes(signature),
      ...(actor.session === undefined ? {} : { session: actor.session }),
      tap: {
        tapId: body.id, terminalId: actor.terminalId, siteId: actor.siteId, ...(kind === 'entered' ? { entered: true as const } : {}), ...(kind === 'booking' ? { byCode: true as const } : {}), ...(behind.code === undefined ? {} : { code: behind.code }), ...(body.presence === undefined ? {} : { presence: body.presence }), ...(body.bookingId === undefined ? {} : { bookingId: body.bookingId }), ...(body.paidFen === undefined || body.paidFen === null ? {} : { paidFen: fen(body.paidFen) }),
        items: body.items.map(itemOf), priceListVersion: body.priceListVersion,
        mealPeriod: body.mealPeriod, deviceTime, receivedAt: this.clock.now(), offline, journalNumber: body.journalNumber, tender: body.tender,
        shown: shown === undefined ? null : { selfPayFen: fen(shown.selfPayFen), subsidyFen: fen(shown.subsidyFen) }, handle,
      },
    };
  }
}

/** A line of the bill with what was said of it alone. */
function itemOf({ itemCode, quantity, half, for: eater }: TapBody['items'][number]): BillItem {
  return { itemCode, quantity, ...(half === true ? { half } : {}), ...(eater === undefined || eater === null ? {} : { for: eater }) };
}

function wrong(field: string, message: string): ProblemException {
  return new ProblemException('fields-wrong', undefined, [{ field, message }]);
}

function resultOf(tapId: string, outcome: Outcome<TapAnswer>): UploadResult {
  if (outcome.ok) return { tapId, status: 200, answer: outcome.value, problem: null };
  const problem = problemBody(outcome.code, outcome.detail);
  return { tapId, status: problem.status, answer: null, problem };
}
