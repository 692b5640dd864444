import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { mondayOf, today, type Clock } from '../kernel/index.js';
import { Allow, CLOCK, ProblemException, Transactor } from '../platform/index.js';
import { siteDivision } from '../site/index.js';
import { OnDateQuery, PublicMenu, PublicMenuParams } from './menu.dto.js';
import { menuOn } from './menu.store.js';
import { priceListInForce } from './price.store.js';

/** What is on the table, for anybody. */
@ApiTags('公开信息')
@Controller('v1/public')
export class PublicMenuController {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  @Get(':cityCode/sites/:id/menu')
  @Allow('public')
  @ApiOkResponse({ type: PublicMenu })
  async menu(@Param() { cityCode, id }: PublicMenuParams, @Query() query: OnDateQuery): Promise<PublicMenu> {
    const date = query.date ?? today(this.clock);
    return this.transactor.run(async (tx) => {
      if ((await siteDivision(tx, cityCode, id)) === null) throw new ProblemException('not-found');
      const rows = await menuOn(tx, cityCode, id, mondayOf(date), date);
      const list = await priceListInForce(tx, cityCode, id, date);
      const items = rows.map((row) => {
        const price = list?.prices.find((entry) => entry.itemCode === row.itemCode && entry.mealPeriod === row.mealPeriod);
        return { ...row, components: [...row.components], marks: [...row.marks], allergens: [...row.allergens], fen: price?.fen ?? null, elderSet: price?.elderSet ?? false };
      });
      return { siteId: id, date, items };
    });
  }
}
