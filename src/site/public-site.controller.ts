import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { today, type Clock } from '../kernel/index.js';
import { Allow, CLOCK, fromCursor, toPage, Transactor } from '../platform/index.js';
import { CityParams, PublicSitePage, PublicSitesQuery } from './site.dto.js';
import { hoursOfSites } from './site.store.js';
import { listSites } from './sites-on.store.js';

const PAGE = 50;

/** Where one may eat: open and suspended sites with their hours, for anybody. */
@ApiTags('公开信息')
@Controller('v1/public')
export class PublicSiteController {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  @Get(':cityCode/sites')
  @Allow('public')
  @ApiOkResponse({ type: PublicSitePage })
  async list(@Param() { cityCode }: CityParams, @Query() query: PublicSitesQuery): Promise<PublicSitePage> {
    const [after = null] = fromCursor(query.cursor, 1) ?? [];
    const limit = query.limit ?? PAGE;
    const date = today(this.clock);
    return this.transactor.run(async (tx) => {
      const rows = await listSites(tx, { cityCode, scopeCode: query.division ?? cityCode, states: ['open', 'suspended'], date }, after as string | null, limit);
      const page = toPage(rows, limit, (row) => [row.siteId]);
      const hours = await hoursOfSites(tx, cityCode, page.items.map((row) => row.siteId), date);
      const items = page.items.map(({ siteId, name, kind, state, divisionCode, address, seats, longitude, latitude }) => (
        { siteId, name, kind, state, divisionCode, address, seats, longitude, latitude, hours: hours.get(siteId) ?? [] }));
      return { items, nextCursor: page.nextCursor };
    });
  }
}
