import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentActor, fromCursor, ProblemException, ROLES, toPage, Transactor, type StaffActor } from '../platform/index.js';
import type { Division } from './domain/index.js';
import { DivisionPage, DivisionWithPath, FunderPage, ListDivisionsQuery, ListFundersQuery } from './region.dto.js';
import { childrenOf, divisionsOf, listFunders, pathOf } from './region.store.js';

const PAGE = 50;

/** Divisions are published, so staff see those of the whole city, whatever their own scope; purses only in their scope. */
@ApiTags('行政区划')
@ApiBearerAuth()
@Controller('v1')
export class RegionController {
  constructor(private readonly transactor: Transactor) {}

  @Get('divisions')
  @Allow(...ROLES)
  @ApiOkResponse({ type: DivisionPage })
  async divisions(@Query() query: ListDivisionsQuery, @CurrentActor() actor: StaffActor): Promise<DivisionPage> {
    const [after = null] = fromCursor(query.cursor, 1) ?? [];
    const limit = query.limit ?? PAGE;
    const rows = await this.transactor.run((tx) => childrenOf(tx, actor.cityCode, query.parent ?? actor.cityCode, after as string | null, limit));
    return toPage(rows, limit, (row) => [row.divisionCode]);
  }

  @Get('divisions/:code')
  @Allow(...ROLES)
  @ApiOkResponse({ type: DivisionWithPath })
  async division(@Param('code') code: string, @CurrentActor() actor: StaffActor): Promise<DivisionWithPath> {
    const path = await this.transactor.run(async (tx) => {
      const codes = await pathOf(tx, actor.cityCode, code);
      const rows = new Map((await divisionsOf(tx, actor.cityCode, codes)).map((row) => [row.divisionCode, row]));
      return codes.map((entry) => rows.get(entry)).filter((row): row is Division => row !== undefined);
    });
    const own = path.at(-1);
    if (!own) throw new ProblemException('not-found');
    return { ...own, path };
  }

  @Get('funders')
  @Allow(...ROLES)
  @ApiOkResponse({ type: FunderPage })
  async funders(@Query() query: ListFundersQuery, @CurrentActor() actor: StaffActor): Promise<FunderPage> {
    const [after = null] = fromCursor(query.cursor, 1) ?? [];
    const limit = query.limit ?? PAGE;
    const rows = await this.transactor.run((tx) => listFunders(tx, actor.cityCode, actor.divisionCode, query.kind ?? null, after as string | null, limit));
    return toPage(rows, limit, (row) => [row.funderCode]);
  }
}
