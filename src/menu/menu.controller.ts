import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { done, refuse, today, type Clock } from '../kernel/index.js';
import { Allow, answer, CLOCK, CurrentActor, fromCursor, PageQuery, toPage, Transactor, type Actor, type StaffActor } from '../platform/index.js';
import { findSite } from '../site/index.js';
import {
  CapAnswer, CapRequest, DishesAnswer, DishesRequest, DishPage, OnDateQuery, PriceListAnswer, PriceListCreated, PriceListRequest, SiteIdParams, WeekAnswer, WeekRequest,
} from './menu.dto.js';
import { listDishes } from './menu.store.js';
import { priceListInForce } from './price.store.js';
import { PublishPrices } from './publish-prices.js';
import { PublishWeek } from './publish-week.js';
import { SaveDishes } from './save-dishes.js';
import { SetCap } from './set-cap.js';

const PAGE = 50;
const READERS = ['cashier', 'canteenManager', 'communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'marketRegulator', 'auditor', 'terminal'] as const;

/** What a site serves and what it costs. */
@ApiTags('菜单与价格')
@ApiBearerAuth()
@Controller('v1')
export class MenuController {
  constructor(
    private readonly transactor: Transactor,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly dishes: SaveDishes,
    private readonly prices: PublishPrices,
    private readonly weeks: PublishWeek,
    private readonly caps: SetCap,
  ) {}

  @Post('sites/:id/dishes')
  @Allow('canteenManager', 'townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiCreatedResponse({ type: DishesAnswer })
  async saveDishes(@CurrentActor() actor: StaffActor, @Param() params: SiteIdParams, @Body() body: DishesRequest): Promise<DishesAnswer> {
    return answer(await this.dishes.run(actor, params.id, body.id, body.dishes));
  }

  @Get('sites/:id/dishes')
  @Allow(...READERS)
  @ApiOkResponse({ type: DishPage })
  async listDishes(@CurrentActor() actor: Actor, @Param() { id }: SiteIdParams, @Query() query: PageQuery): Promise<DishPage> {
    const [after = null] = fromCursor(query.cursor, 1) ?? [];
    const limit = query.limit ?? PAGE;
    const rows = await this.transactor.run(async (tx) => {
      const site = await findSite(tx, actor, id, false);
      return site.ok ? done(await listDishes(tx, actor.cityCode, id, after as string | null, limit)) : site;
    });
    const page = toPage(answer(rows), limit, (row) => [row.itemCode]);
    const items = page.items.map((row) => ({ ...row, components: [...row.components], marks: [...row.marks], allergens: [...row.allergens] }));
    return { items, nextCursor: page.nextCursor };
  }

  @Post('sites/:id/price-lists')
  @Allow('canteenManager', 'townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiCreatedResponse({ type: PriceListCreated })
  async publishPrices(@CurrentActor() actor: StaffActor, @Param() params: SiteIdParams, @Body() body: PriceListRequest): Promise<PriceListCreated> {
    const { id, effectiveFrom, filingNumber = null, filedOn = null, prices } = body;
    return answer(await this.prices.run(actor, params.id, id, { effectiveFrom, filingNumber, filedOn, prices }));
  }

  @Get('sites/:id/price-lists/current')
  @Allow(...READERS)
  @ApiOkResponse({ type: PriceListAnswer })
  async currentPrices(@CurrentActor() actor: Actor, @Param() { id }: SiteIdParams, @Query() query: OnDateQuery): Promise<PriceListAnswer> {
    const date = query.date ?? today(this.clock);
    const list = answer(await this.transactor.run(async (tx) => {
      const site = await findSite(tx, actor, id, false);
      if (!site.ok) return site;
      const inForce = await priceListInForce(tx, actor.cityCode, id, date);
      return inForce ? done(inForce) : refuse('price-list-none', { date });
    }));
    return { ...list, prices: [...list.prices] };
  }

  @Post('sites/:id/menus')
  @Allow('canteenManager', 'townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiCreatedResponse({ type: WeekAnswer })
  async publishWeek(@CurrentActor() actor: StaffActor, @Param() params: SiteIdParams, @Body() body: WeekRequest): Promise<WeekAnswer> {
    return answer(await this.weeks.run(actor, params.id, body.id, body.monday, body.entries));
  }

  @Post('price-caps')
  @Allow('countyOfficer', 'cityOfficer')
  @ApiCreatedResponse({ type: CapAnswer })
  async setCap(@CurrentActor() actor: StaffActor, @Body() body: CapRequest): Promise<CapAnswer> {
    const { id, ...cap } = body;
    return answer(await this.caps.run(actor, id, cap));
  }
}
