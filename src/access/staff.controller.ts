import { Body, Controller, Delete, Get, Param, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { fromCursor, toPage, Allow, answer, at, CurrentActor, PageQuery, ROLES, Transactor, type StaffActor } from '../platform/index.js';
import { DoneAnswer, EndRequest, IdParams, LogInRequest, MeAnswer, PasswordRequest, RolesRequest, SessionAnswer, StaffAnswer, StaffPage, StaffRequest } from './access.dto.js';
import { ChangeStaff } from './change-staff.js';
import { CreateStaff } from './create-staff.js';
import { LogIn } from './log-in.js';
import { OwnAccount } from './own-account.js';
import { listStaff, type StaffRow } from './staff.store.js';

const DONE: DoneAnswer = { status: 'done' };

function me(staff: StaffRow): MeAnswer {
  const { staffId, account, displayName, cityCode, roles, divisionCode, siteId } = staff;
  return { staffId, account, displayName, cityCode, roles, divisionCode, siteId };
}

function shown(staff: StaffRow): StaffAnswer {
  return { ...me(staff), createdAt: at(staff.createdAt), disabledAt: staff.disabledAt === null ? null : at(staff.disabledAt) };
}

/** Logging in and out, and what concerns oneself. */
@ApiTags('登录与账号')
@Controller('v1')
export class SessionController {
  constructor(private readonly logIn: LogIn, private readonly own: OwnAccount) {}

  @Post('sessions')
  @Allow('public')
  @ApiCreatedResponse({ type: SessionAnswer })
  async open(@Body() body: LogInRequest, @Req() request: FastifyRequest): Promise<SessionAnswer> {
    const opened = answer(await this.logIn.run({ account: body.account, password: body.password, cityCode: body.cityCode ?? null, address: request.ip }));
    return { token: opened.token, expiresAt: at(opened.expiresAt), staff: me(opened.staff) };
  }

  @Delete('sessions/current')
  @Allow(...ROLES)
  async end(@CurrentActor() actor: StaffActor): Promise<DoneAnswer> {
    await this.own.logOut(actor);
    return DONE;
  }

  @Get('me')
  @Allow(...ROLES)
  @ApiOkResponse({ type: MeAnswer })
  async me(@CurrentActor() actor: StaffActor): Promise<MeAnswer> {
    return me(await this.own.read(actor));
  }

  @Post('me/password')
  @Allow(...ROLES)
  async changePassword(@CurrentActor() actor: StaffActor, @Body() body: PasswordRequest): Promise<DoneAnswer> {
    answer(await this.own.changePassword(actor, body));
    return DONE;
  }
}

/** Accounts of staff, kept by the security administrator. */
@ApiTags('登录与账号')
@Controller('v1/staff')
export class StaffController {
  constructor(
    private readonly createStaff: CreateStaff,
    private readonly change: ChangeStaff,
    private readonly transactor: Transactor,
  ) {}

  @Post()
  @Allow('securityAdministrator')
  async create(@CurrentActor() actor: StaffActor, @Body() body: StaffRequest): Promise<StaffAnswer> {
    return shown(answer(await this.createStaff.run(actor, { ...body, siteId: body.siteId ?? null })));
  }

  @Get()
  @Allow('securityAdministrator', 'auditAdministrator')
  async list(@CurrentActor() actor: StaffActor, @Query() query: PageQuery): Promise<StaffPage> {
    const limit = query.limit ?? 50;
    const after = fromCursor(query.cursor, 1)?.[0] ?? null;
    const rows = await this.transactor.run((tx) => listStaff(tx, actor.cityCode, actor.divisionCode, after === null ? null : String(after), limit + 1));
    const page = toPage(rows, limit, (row) => [row.account]);
    return { items: page.items.map(shown), nextCursor: page.nextCursor };
  }

  @Post(':id/roles')
  @Allow('securityAdministrator')
  async giveRoles(@CurrentActor() actor: StaffActor, @Param() { id: staffId }: IdParams, @Body() body: RolesRequest): Promise<StaffAnswer> {
    return shown(answer(await this.change.giveRoles(actor, { ...body, staffId, siteId: body.siteId ?? null })));
  }

  @Post(':id/disable')
  @Allow('securityAdministrator')
  async disable(@CurrentActor() actor: StaffActor, @Param() { id: staffId }: IdParams, @Body() body: EndRequest): Promise<StaffAnswer> {
    return shown(answer(await this.change.disable(actor, { ...body, staffId })));
  }
}
