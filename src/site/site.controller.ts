import { Body, Controller, Get, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { done, refuse, today, type Clock } from '../kernel/index.js';
import { Allow, answer, at, CLOCK, CurrentActor, fromCursor, toPage, Transactor, type StaffActor } from '../platform/index.js';
import { isWithin } from '../region/index.js';
import { AddPaper } from './add-paper.js';
import { ChangeOperator } from './change-operator.js';
import { ChangePayee } from './change-payee.js';
import { PlanSite } from './plan-site.js';
import { ReadSite } from './read-site.js';
import { RecordEvent } from './record-event.js';
import { RecordInspection } from './record-inspection.js';
import { SetHours } from './set-hours.js';
import { SetPhone } from './set-phone.js';
import {
  EventAnswer, EventRequest, HoursAnswer, HoursRequest, InspectionRequest, InspectionView, ListSitesQuery, OperationView, PaperRequest, PaperView,
  PayeeConfirmationRequest, PhoneAnswer, PhoneRequest, RouteView, SiteCreated, SiteDetail, SiteOperatorRequest, SitePage, SiteParams, SitePayeeRequest, SiteRequest,
} from './site.dto.js';
import { listSites } from './sites-on.store.js';

const PAGE = 50;
const READERS = [
  'canteenManager', 'communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'marketRegulator', 'financeReviewer', 'financeApprover', 'auditor',
] as const;

/** Sites, their life and what belongs to them. Lists and single sites only inside the caller's scope. */
@ApiTags('助餐场所')
@ApiBearerAuth()
@Controller('v1/sites')
export class SiteController {
  constructor(
    private readonly transactor: Transactor,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly planSite: PlanSite,
    private readonly readSite: ReadSite,
    private readonly recordEvent: RecordEvent,
    private readonly changeOperator: ChangeOperator,
    private readonly changePayee: ChangePayee,
    private readonly addPaper: AddPaper,
    private readonly recordInspection: RecordInspection,
    private readonly setHours: SetHours,
    private readonly setPhone: SetPhone,
  ) {}

  @Post()
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiCreatedResponse({ type: SiteCreated })
  async plan(@CurrentActor() actor: StaffActor, @Body() body: SiteRequest): Promise<SiteCreated> {
    return answer(await this.planSite.run(actor, { ...body, longitude: body.longitude ?? null, latitude: body.latitude ?? null, document: body.document ?? null }));
  }

  @Get()
  @Allow(...READERS)
  @ApiOkResponse({ type: SitePage })
  async list(@CurrentActor() actor: StaffActor, @Query() query: ListSitesQuery): Promise<SitePage> {
    const [after = null] = fromCursor(query.cursor, 1) ?? [];
    const limit = query.limit ?? PAGE;
    const { cityCode, siteId } = actor;
    const scopeCode = query.division ?? actor.divisionCode;
    const states = query.state === undefined ? null : [query.state];
    const rows = await this.transactor.run(async (tx) => {
      if (!(await isWithin(tx, cityCode, actor.divisionCode, scopeCode))) return refuse('outside-scope');
      return done(await listSites(tx, { cityCode, siteId, scopeCode, states, kind: query.kind ?? null, date: query.date ?? today(this.clock) }, after as string | null, limit));
    });
    return toPage(answer(rows), limit, (row) => [row.siteId]);
  }

  @Get(':id')
  @Allow(...READERS)
  @ApiOkResponse({ type: SiteDetail })
  async read(@CurrentActor() actor: StaffActor, @Param() { id }: SiteParams): Promise<SiteDetail> {
    const file = answer(await this.readSite.run(actor, id));
    return {
      ...file,
      events: file.events.map(({ eventNo, kind, onDate, reason, document, recordedAt }) => ({ eventNo, kind, onDate, reason, document, recordedAt: at(recordedAt) })),
      operations: [...file.operations], operators: [...file.operators], routes: [...file.routes], payees: [...file.payees],
      papers: [...file.papers], inspections: [...file.inspections], hours: [...file.hours],
    };
  }

  @Post(':id/events')
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer', 'marketRegulator')
  @ApiCreatedResponse({ type: EventAnswer })
  async event(@CurrentActor() actor: StaffActor, @Param() params: SiteParams, @Body() body: EventRequest): Promise<EventAnswer> {
    const { id, kind, onDate, reason = null, document = null } = body;
    return answer(await this.recordEvent.run(actor, params.id, id, { kind, onDate, reason, document }));
  }

  @Post(':id/operator')
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiCreatedResponse({ type: OperationView })
  async operator(@CurrentActor() actor: StaffActor, @Param() params: SiteParams, @Body() body: SiteOperatorRequest): Promise<OperationView> {
    return answer(await this.changeOperator.run(actor, { ...body, siteId: params.id, reason: body.reason ?? null }));
  }

  @Post(':id/payee')
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiCreatedResponse({ type: RouteView, description: '已提出，须由另一位区县或市级民政人员确认后生效' })
  async payee(@CurrentActor() actor: StaffActor, @Param() params: SiteParams, @Body() body: SitePayeeRequest): Promise<RouteView> {
    return answer(await this.changePayee.propose(actor, { ...body, siteId: params.id, reason: body.reason ?? null }));
  }

  @Post(':id/payee/confirmation')
  @Allow('countyOfficer', 'cityOfficer')
  @ApiCreatedResponse({ type: RouteView })
  async confirmPayee(@CurrentActor() actor: StaffActor, @Param() params: SiteParams, @Body() body: PayeeConfirmationRequest): Promise<RouteView> {
    return answer(await this.changePayee.confirm(actor, params.id, body.id, body.routeId));
  }

  @Post(':id/papers')
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer', 'marketRegulator')
  @ApiCreatedResponse({ type: PaperView })
  async paper(@CurrentActor() actor: StaffActor, @Param() params: SiteParams, @Body() body: PaperRequest): Promise<PaperView> {
    const { id: paperId, kind, number, validFrom, validTo = null } = body;
    return answer(await this.addPaper.run(actor, params.id, { paperId, kind, number, validFrom, validTo }));
  }

  @Post(':id/inspections')
  @Allow('marketRegulator')
  @ApiCreatedResponse({ type: InspectionView })
  async inspection(@CurrentActor() actor: StaffActor, @Param() params: SiteParams, @Body() body: InspectionRequest): Promise<InspectionView> {
    const { id: inspectionId, onDate, result, findings = null, correctBy = null, suspended } = body;
    return answer(await this.recordInspection.run(actor, params.id, { inspectionId, onDate, result, findings, correctBy, suspended }));
  }

  @Post(':id/hours')
  @Allow('canteenManager', 'townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiCreatedResponse({ type: HoursAnswer })
  async hours(@CurrentActor() actor: StaffActor, @Param() params: SiteParams, @Body() body: HoursRequest): Promise<HoursAnswer> {
    const { fromDate, hours } = answer(await this.setHours.run(actor, { ...body, siteId: params.id }));
    return { fromDate, hours: [...hours] };
  }

  @Put(':id/phone')
  @Allow('canteenManager', 'townshipOfficer', 'countyOfficer')
  @ApiOkResponse({ type: PhoneAnswer })
  async phone(@CurrentActor() actor: StaffActor, @Param() params: SiteParams, @Body() body: PhoneRequest): Promise<PhoneAnswer> {
    return answer(await this.setPhone.run(actor, params.id, body.id, body.phone));
  }
}
