import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { isId } from '../kernel/index.js';
import { Allow, answer, at, CurrentActor, fromCursor, ProblemException, toPage, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { DisputeCategory } from './dispute-category.js';
import { disputeSteps, disputesOf, listDisputes, type DisputeRow } from './dispute.store.js';
import { AUTHORITY_NAMES } from './domain/index.js';
import { readElder } from './elder.store.js';
import { mayReach } from './reach-elder.js';
import { DisputeAnswer, DisputePage, DisputeStateView, type DisputeView } from './registry-view.dto.js';
import { ListDisputesQuery, MoveDisputeBody, OpenDisputeBody } from './registry.dto.js';

const PAGE = 50;

function idOf(text: string): string {
  if (!isId(text)) throw new ProblemException('not-found');
  return text;
}

async function toViews(tx: Tx, cityCode: string, rows: readonly DisputeRow[]): Promise<DisputeView[]> {
  const steps = await disputeSteps(tx, cityCode, rows.map(({ disputeId }) => disputeId));
  return rows.map((row) => ({
    ...row, authorityName: AUTHORITY_NAMES[row.authority],
    steps: steps.filter((step) => step.disputeId === row.disputeId).map(({ move, onDate, document, reason, entryId, recordedAt }) => ({ move, onDate, document, reason, entryId, recordedAt: at(recordedAt) })),
  }));
}

/** Disputes over categories that another authority decides. */
@ApiTags('老人与助餐卡')
@ApiBearerAuth()
@Controller('v1')
export class DisputeController {
  constructor(private readonly transactor: Transactor, private readonly disputes: DisputeCategory) {}

  @Post('elders/:id/disputes')
  @HttpCode(200)
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: DisputeAnswer })
  async open(@Param('id') id: string, @Body() body: OpenDisputeBody, @CurrentActor() actor: StaffActor): Promise<DisputeAnswer> {
    return answer(await this.disputes.open(actor, idOf(id), body));
  }

  @Get('elders/:id/disputes')
  @Header('cache-control', 'no-store')
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor')
  @ApiOkResponse({ type: DisputePage })
  async ofElder(@Param('id') id: string, @CurrentActor() actor: StaffActor): Promise<DisputePage> {
    return this.transactor.run(async (tx) => {
      const elder = await readElder(tx, actor.cityCode, idOf(id));
      if (!elder) throw new ProblemException('not-found');
      if (!(await mayReach(tx, actor, elder))) throw new ProblemException('outside-scope');
      return { items: await toViews(tx, actor.cityCode, await disputesOf(tx, actor.cityCode, id)), nextCursor: null };
    });
  }

  @Get('disputes')
  @Header('cache-control', 'no-store')
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer', 'auditor')
  @ApiOkResponse({ type: DisputePage })
  async list(@Query() query: ListDisputesQuery, @CurrentActor() actor: StaffActor): Promise<DisputePage> {
    const [after = null] = (fromCursor(query.cursor, 1) ?? []) as string[];
    if (after !== null && !isId(after)) throw new ProblemException('cursor-wrong');
    const limit = query.limit ?? PAGE;
    return this.transactor.run(async (tx) => {
      const page = toPage(await listDisputes(tx, { cityCode: actor.cityCode, scopeCode: actor.divisionCode, state: query.state ?? null, after, limit }), limit, (row) => [row.disputeId]);
      return { items: await toViews(tx, actor.cityCode, page.items), nextCursor: page.nextCursor };
    });
  }

  @Post('disputes/:disputeId/moves')
  @HttpCode(200)
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOkResponse({ type: DisputeStateView })
  async move(@Param('disputeId') disputeId: string, @Body() body: MoveDisputeBody, @CurrentActor() actor: StaffActor): Promise<DisputeStateView> {
    const moved = answer(await this.disputes.move(actor, idOf(disputeId), body));
    return { disputeId: moved.disputeId, state: moved.state };
  }
}
