import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { isId, type Clock } from '../kernel/index.js';
import { Allow, answer, CLOCK, CurrentActor, FieldCipher, fromCursor, problemBody, ProblemException, toPage, Transactor, type StaffActor } from '../platform/index.js';
import { cardHandle } from './card-holder.store.js';
import { DiscloseElder } from './disclose-elder.js';
import { halfWidth, normaliseName } from './domain/index.js';
import {
  RegisteredBatchView, CardStateView, ElderHistoryView, ElderPage, EntryAnswer, IssuedView, RegisteredView, type BatchRowView,
} from './elder-view.dto.js';
import {
  CardEventBody, DisclosureBody, IssueCardBody, ListEldersQuery, RecordCategoryBody, RecordDeathBody, RecordStayBody, RegisterBatchBody, RegisterElderBody, SearchEldersBody,
} from './elder.dto.js';
import { readElder } from './elder.store.js';
import { IssueCard } from './issue-card.js';
import { MoveCard } from './move-card.js';
import { mayReach } from './reach-elder.js';
import { RecordCategory } from './record-category.js';
import { RecordDeath } from './record-death.js';
import { RecordStay } from './record-stay.js';
import { RegisterBatch, type RowOutcome } from './register-batch.js';
import { RegisterElder } from './register-elder.js';
import { DisclosedView } from './registry-view.dto.js';
import { identityIndex, nameIndex } from './sealed-elder.js';
import { historyOf, listLines } from './view-elders.js';

const PAGE = 50;
const MOST_FOUND = 20;

function idOf(text: string): string {
  if (!isId(text)) throw new ProblemException('not-found');
  return text;
}

function toRowView({ id, outcome }: RowOutcome): BatchRowView {
  if (outcome.ok) return { id, outcome: 'registered', elderId: outcome.value.elderId, cardId: outcome.value.cardId };
  return { id, outcome: 'refused', code: outcome.code, sentence: problemBody(outcome.code, outcome.detail).title };
}

/**
 * The register of elders and their cards. Personal data leaves it masked, except by a disclosure with a reason.
 * Answers are written field by field: a kept one comes back from the database with its fields in another order.
 */
@ApiTags('老人与助餐卡')
@ApiBearerAuth()
@Controller('v1')
export class ElderController {
  constructor(
    private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock,
    private readonly registerElder: RegisterElder, private readonly registerBatch: RegisterBatch,
    private readonly recordCategory: RecordCategory, private readonly recordStay: RecordStay, private readonly recordDeath: RecordDeath,
    private readonly issueCard: IssueCard, private readonly moveCard: MoveCard, private readonly discloseElder: DiscloseElder,
  ) {}

  @Post('elders')
  @HttpCode(200)
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: RegisteredView })
  async register(@Body() body: RegisterElderBody, @CurrentActor() actor: StaffActor): Promise<RegisteredView> {
    const { elderId, cardId } = answer(await this.registerElder.run(actor, body));
    return { elderId, cardId };
  }

  @Post('elders/batch')
  @HttpCode(200)
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: RegisteredBatchView })
  async registerMany(@Body() body: RegisterBatchBody, @CurrentActor() actor: StaffActor): Promise<RegisteredBatchView> {
    const rows = answer(await this.registerBatch.run(actor, body)).map(toRowView);
    const registered = rows.filter((row) => row.outcome === 'registered').length;
    return { registered, refused: rows.length - registered, rows };
  }

  @Get('elders')
  @Header('cache-control', 'no-store')
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor')
  @ApiOkResponse({ type: ElderPage })
  async list(@Query() query: ListEldersQuery, @CurrentActor() actor: StaffActor): Promise<ElderPage> {
    const [after = null] = (fromCursor(query.cursor, 1) ?? []) as string[];
    if (after !== null && !isId(after)) throw new ProblemException('cursor-wrong');
    const limit = query.limit ?? PAGE;
    const lines = await this.transactor.run((tx) => listLines(tx, this.parts, {
      ...this.everyone(actor), divisionCode: query.division ?? null, category: query.category ?? null, phoneTail: query.phoneTail ?? null, after, limit,
    }));
    return toPage(lines, limit, (line) => [line.elderId]);
  }

  /** Finds elders by a full number or name. They come in the body, since addresses end up in logs. */
  @Post('elders/search')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor')
  @ApiOkResponse({ type: ElderPage })
  async search(@Body() body: SearchEldersBody, @CurrentActor() actor: StaffActor): Promise<ElderPage> {
    const { identityNumber, cardNumber, name } = body;
    if (identityNumber === undefined && cardNumber === undefined && name === undefined) throw new ProblemException('search-empty');
    const lines = await this.transactor.run((tx) => listLines(tx, this.parts, {
      ...this.everyone(actor),
      identityIndex: identityNumber === undefined ? null : identityIndex(this.cipher, halfWidth(identityNumber).toUpperCase()),
      cardHandle: cardNumber === undefined ? null : cardHandle(this.cipher, cardNumber),
      nameIndex: name === undefined ? null : nameIndex(this.cipher, normaliseName(name)),
      limit: MOST_FOUND,
    }));
    return { items: lines.slice(0, MOST_FOUND), nextCursor: null };
  }

  @Get('elders/:id')
  @Header('cache-control', 'no-store')
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor')
  @ApiOkResponse({ type: ElderHistoryView })
  async show(@Param('id') id: string, @CurrentActor() actor: StaffActor): Promise<ElderHistoryView> {
    return this.transactor.run(async (tx) => {
      const elder = await readElder(tx, actor.cityCode, idOf(id));
      if (!elder) throw new ProblemException('not-found');
      if (!(await mayReach(tx, actor, elder))) throw new ProblemException('outside-scope');
      return historyOf(tx, this.parts, actor.cityCode, elder);
    });
  }

  @Post('elders/:id/categories')
  @HttpCode(200)
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: EntryAnswer })
  async category(@Param('id') id: string, @Body() body: RecordCategoryBody, @CurrentActor() actor: StaffActor): Promise<EntryAnswer> {
    return answer(await this.recordCategory.run(actor, idOf(id), body));
  }

  @Post('elders/:id/care-home-stays')
  @HttpCode(200)
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: EntryAnswer })
  async stay(@Param('id') id: string, @Body() body: RecordStayBody, @CurrentActor() actor: StaffActor): Promise<EntryAnswer> {
    return answer(await this.recordStay.run(actor, idOf(id), body));
  }

  @Post('elders/:id/death')
  @HttpCode(200)
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: EntryAnswer })
  async death(@Param('id') id: string, @Body() body: RecordDeathBody, @CurrentActor() actor: StaffActor): Promise<EntryAnswer> {
    return answer(await this.recordDeath.run(actor, idOf(id), body));
  }

  @Post('elders/:id/cards')
  @HttpCode(200)
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: IssuedView })
  async issue(@Param('id') id: string, @Body() body: IssueCardBody, @CurrentActor() actor: StaffActor): Promise<IssuedView> {
    return answer(await this.issueCard.run(actor, idOf(id), body));
  }

  @Post('cards/:cardId/events')
  @HttpCode(200)
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: CardStateView })
  async cardEvent(@Param('cardId') cardId: string, @Body() body: CardEventBody, @CurrentActor() actor: StaffActor): Promise<CardStateView> {
    const moved = answer(await this.moveCard.run(actor, idOf(cardId), body));
    return { cardId: moved.cardId, state: moved.state };
  }

  @Post('elders/:id/disclosures')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor')
  @ApiOkResponse({ type: DisclosedView })
  async disclose(@Param('id') id: string, @Body() body: DisclosureBody, @CurrentActor() actor: StaffActor): Promise<DisclosedView> {
    const { contacts, ...disclosed } = answer(await this.discloseElder.run(actor, idOf(id), body));
    return { ...disclosed, contacts: [...contacts] };
  }

  private get parts(): { clock: Clock; cipher: FieldCipher } {
    return { clock: this.clock, cipher: this.cipher };
  }

  private everyone(actor: StaffActor) {
    return {
      cityCode: actor.cityCode, scopeCode: actor.divisionCode, divisionCode: null, category: null, phoneTail: null,
      identityIndex: null, nameIndex: null, cardHandle: null, after: null,
    };
  }
}
