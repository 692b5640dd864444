import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { monthOf, today, type CivilMonth, type Clock } from '../kernel/index.js';
import { reachKin } from '../family/index.js';
import { prepaidOf, type ElderPrepaid } from '../payment/index.js';
import { Allow, answer, at, CLOCK, CurrentActor, ProblemException, Transactor, type MiniActor } from '../platform/index.js';
import { prepaidWords } from './domain/index.js';
import { ListNearSites } from './list-sites.js';
import { MealStoriesDto, MiniElderParams, MiniMenuDto, MiniMenuQuery, MiniSiteParams, MonthQuery, NearSitesDto, NearSitesQuery, RecentMealsDto, StatementDto } from './mini.dto.js';
import { ReadMeals, type MealStory, type MonthStory } from './read-meals.js';
import { ReadRecent } from './read-recent.js';
import { ViewMenu, type OfferedDay } from './view-menu.js';

const USUAL_LIMIT = 20;

/** Where to eat, what there is and what it costs, and what was eaten: for elders and those whom they let. */
@ApiTags('小程序')
@ApiBearerAuth()
@Controller('v1/mini')
export class MiniController {
  constructor(
    private readonly transactor: Transactor, private readonly sites: ListNearSites, private readonly menus: ViewMenu, private readonly meals: ReadMeals, private readonly recents: ReadRecent,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('sites')
  @Allow('mini')
  @ApiOperation({ summary: '附近的食堂' })
  @ApiOkResponse({ type: NearSitesDto })
  async near(@CurrentActor() actor: MiniActor, @Query() { elderId, lat, lng, limit }: NearSitesQuery): Promise<NearSitesDto> {
    if ((lat === undefined) !== (lng === undefined)) throw new ProblemException('mini-position-half');
    const position = lat === undefined || lng === undefined ? null : { latitude: lat, longitude: lng };
    const items = answer(await this.sites.run(actor, elderId ?? null, position, limit ?? USUAL_LIMIT));
    return { items: items.map((site) => ({ ...site, hours: site.hours.map((entry) => ({ ...entry })) })) };
  }

  @Get('sites/:id/menu')
  @Allow('mini')
  @ApiOperation({ summary: '一家食堂某几天的菜谱，和这位老人的价格' })
  @ApiOkResponse({ type: MiniMenuDto })
  async menu(@CurrentActor() actor: MiniActor, @Param() { id }: MiniSiteParams, @Query() { elderId, date, days }: MiniMenuQuery): Promise<MiniMenuDto> {
    const menu = answer(await this.menus.run(actor, id, elderId ?? null, date ?? today(this.clock), days ?? 1));
    return { ...menu, days: menu.days.map(dayOf) };
  }

  @Get('elders/:id/meals')
  @Allow('mini')
  @ApiOperation({ summary: '一个月的用餐记录' })
  @ApiOkResponse({ type: MealStoriesDto })
  async history(@CurrentActor() actor: MiniActor, @Param() { id }: MiniElderParams, @Query() { month }: MonthQuery): Promise<MealStoriesDto> {
    const { story } = await this.storyOf(actor, id, month);
    return { month: story.month, words: story.words, items: story.lines.map(lineOf).reverse() };
  }

  @Get('elders/:id/statement')
  @Allow('mini')
  @ApiOperation({ summary: '月度账单' })
  @ApiOkResponse({ type: StatementDto })
  async statement(@CurrentActor() actor: MiniActor, @Param() { id }: MiniElderParams, @Query() { month }: MonthQuery): Promise<StatementDto> {
    const { story: { lines, parts, ...sums }, prepaid } = await this.storyOf(actor, id, month);
    return { ...sums, parts: parts.map((part) => ({ ...part })), prepaidWords: prepaid === null ? null : prepaidWords(prepaid), items: lines.map(lineOf) };
  }

  @Get('elders/:id/recent')
  @Allow('mini')
  @ApiOperation({ summary: '最近在哪家食堂用餐、哪几个月有用餐记录' })
  @ApiOkResponse({ type: RecentMealsDto })
  async recent(@CurrentActor() actor: MiniActor, @Param() { id }: MiniElderParams): Promise<RecentMealsDto> {
    const { lastSite, months } = answer(await this.recents.run(actor, id));
    return { lastSite: lastSite === null ? null : { ...lastSite }, months: [...months] };
  }

  private async storyOf(actor: MiniActor, elderId: string, month: CivilMonth | undefined): Promise<{ story: MonthStory; prepaid: ElderPrepaid | null }> {
    return this.transactor.read(async (tx) => {
      const day = today(this.clock);
      const { isSelf } = answer(await reachKin(tx, actor, elderId, 'meals', day));
      const story = await this.meals.ofMonth(tx, actor.cityCode, elderId, month ?? monthOf(day));
      // What a bank holds for somebody is shown to no relative.
      return { story, prepaid: isSelf ? await prepaidOf(tx, actor.cityCode, elderId, day) : null };
    });
  }
}

function lineOf(line: MealStory): MealStoriesDto['items'][number] {
  return { ...line, parts: line.parts.map((part) => ({ ...part })) };
}

function dayOf({ meals, ...day }: OfferedDay): MiniMenuDto['days'][number] {
  return {
    ...day,
    meals: meals.map((meal) => ({
      ...meal, closesAt: at(meal.closesAt),
      items: meal.items.map((item) => ({
        ...item, dishes: [...item.dishes], marks: [...item.marks],
        split: item.split === null ? null : { ...item.split, parts: item.split.parts.map((part) => ({ ...part })) },
      })),
    })),
  };
}
