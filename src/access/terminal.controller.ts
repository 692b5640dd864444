import { Body, Controller, Get, Param, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow, answer, at, CurrentActor, fromCursor, toPage, Transactor, type StaffActor, type TerminalActor } from '../platform/index.js';
import {
  DoneAnswer, EndRequest, EnrolmentAnswer, EnrolmentRequest, IdParams, TerminalAnswer, TerminalCodeAnswer, TerminalPage, TerminalQueryRequest, TerminalRequest,
  TerminalSessionAnswer, TerminalSessionRequest,
} from './access.dto.js';
import { EnrolTerminal } from './enrol-terminal.js';
import { OpenTerminalSession } from './open-terminal-session.js';
import { RevokeTerminal } from './revoke-terminal.js';
import { RotateTerminalKey } from './rotate-terminal-key.js';
import { TerminalKeyAnswer, TerminalKeyRequest } from './terminal-key.dto.js';
import { listTerminals, type TerminalRow } from './terminal.store.js';

function shown(row: TerminalRow): TerminalAnswer {
  const { terminalId, siteId, label, version, seenAt } = row;
  const state = row.revokedAt !== null ? 'revoked' : row.enrolledAt !== null ? 'enrolled' : 'awaiting';
  return { terminalId, siteId, label, state, version, seenAt: seenAt === null ? null : at(seenAt) };
}

/** Tills' devices: brought in, opened for the day, taken out. */
@ApiTags('终端')
@Controller('v1/terminals')
export class TerminalController {
  constructor(
    private readonly enrolTerminal: EnrolTerminal,
    private readonly openSession: OpenTerminalSession,
    private readonly revokeTerminal: RevokeTerminal,
    private readonly rotateKey: RotateTerminalKey,
    private readonly transactor: Transactor,
  ) {}

  @Post()
  @Allow('canteenManager', 'townshipOfficer', 'countyOfficer')
  @ApiCreatedResponse({ type: TerminalCodeAnswer })
  async create(@CurrentActor() actor: StaffActor, @Body() body: TerminalRequest): Promise<TerminalCodeAnswer> {
    const issued = answer(await this.enrolTerminal.issue(actor, body));
    return { ...issued, expiresAt: at(issued.expiresAt) };
  }

  @Post('enrolment')
  @Allow('public')
  async enrol(@Body() body: EnrolmentRequest, @Req() request: FastifyRequest): Promise<EnrolmentAnswer> {
    return answer(await this.enrolTerminal.enrol({ code: body.code, publicKey: body.publicKey, label: body.label ?? null, address: request.ip }));
  }

  @Post('sessions')
  @Allow('public')
  async open(@Body() body: TerminalSessionRequest): Promise<TerminalSessionAnswer> {
    const opened = answer(await this.openSession.run({ ...body, version: body.version ?? null }));
    return { ...opened, expiresAt: at(opened.expiresAt) };
  }

  @Post('keys')
  @Allow('terminal')
  async rotate(@CurrentActor() actor: TerminalActor, @Body() body: TerminalKeyRequest): Promise<TerminalKeyAnswer> {
    const taken = answer(await this.rotateKey.run(actor, body));
    return { ...taken, overlapUntil: at(taken.overlapUntil) };
  }

  @Post(':id/revoke')
  @Allow('canteenManager', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'securityAdministrator')
  async revoke(@CurrentActor() actor: StaffActor, @Param() { id: terminalId }: IdParams, @Body() body: EndRequest): Promise<DoneAnswer> {
    answer(await this.revokeTerminal.run(actor, { ...body, terminalId }));
    return { status: 'done' };
  }

  @Get()
  @Allow('canteenManager', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'securityAdministrator', 'auditor')
  @ApiOkResponse({ type: TerminalPage })
  async list(@CurrentActor() actor: StaffActor, @Query() query: TerminalQueryRequest): Promise<TerminalPage> {
    const { cityCode, divisionCode } = actor;
    const limit = query.limit ?? 50;
    const after = fromCursor(query.cursor, 1)?.[0] ?? null;
    const siteId = actor.siteId ?? query.siteId ?? null;
    const rows = await this.transactor.run((tx) => listTerminals(tx, { cityCode, divisionCode, siteId, after: after === null ? null : String(after), limit: limit + 1 }));
    const page = toPage(rows, limit, (row) => [row.terminalId]);
    return { items: page.items.map(shown), nextCursor: page.nextCursor };
  }
}
