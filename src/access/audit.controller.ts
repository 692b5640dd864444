import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow, at, CurrentActor, fromCursor, ProblemException, toPage, Transactor, type StaffActor } from '../platform/index.js';
import { AuditPage, AuditQueryRequest } from './access.dto.js';
import { readAudit } from './audit.store.js';

/** The audit chain, for those who watch. It covers a whole city, so a county's auditor does not read it. */
@ApiTags('审计')
@Controller('v1/audit')
export class AuditController {
  constructor(private readonly transactor: Transactor) {}

  @Get()
  @Allow('auditor', 'auditAdministrator')
  async list(@CurrentActor() actor: StaffActor, @Query() query: AuditQueryRequest): Promise<AuditPage> {
    if (actor.divisionCode !== actor.cityCode) throw new ProblemException('outside-scope');
    const limit = query.limit ?? 50;
    const after = Number(fromCursor(query.cursor, 1)?.[0] ?? 0);
    const { cityCode } = actor;
    const { objectKind = null, objectId = null } = query;
    const rows = await this.transactor.run((tx) => readAudit(tx, { cityCode, objectKind, objectId, after, limit: limit + 1 }));
    const page = toPage(rows, limit, (row) => [row.seq]);
    return { items: page.items.map((row) => ({ ...row, at: at(row.at) })), nextCursor: page.nextCursor };
  }
}
