import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Allow, answer, Transactor } from '../platform/index.js';
import { ReadCityOverview } from './city-overview.js';
import { CityList, OverviewQuery, OverviewView } from './target.dto.js';
import { listCities } from './target.store.js';

/** What anybody may see: totals of cities, counties and days, never a person. */
@ApiTags('公开数据')
@Controller('v1/public')
export class OverviewController {
  constructor(private readonly transactor: Transactor, private readonly overview: ReadCityOverview) {}

  @Get('cities')
  @Allow('public')
  @ApiOkResponse({ type: CityList })
  async cities(): Promise<CityList> {
    return { items: await this.transactor.run((tx) => listCities(tx)) };
  }

  @Get(':cityCode/overview')
  @Allow('public')
  @ApiOkResponse({ type: OverviewView })
  async read(@Param('cityCode') cityCode: string, @Query() query: OverviewQuery): Promise<OverviewView> {
    return answer(await this.overview.read(cityCode, query.asOf, query.month));
  }
}
