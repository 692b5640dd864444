import { Global, Module } from '@nestjs/common';
import { PRICE_PREVIEW } from '../booking/index.js';
import { SubsidyModule } from '../subsidy/index.js';
import { ListNearSites } from './list-sites.js';
import { MiniController } from './mini.controller.js';
import './mini.problems.js';
import { PreviewSplit } from './preview-split.js';
import { PrintController } from './print.controller.js';
import { PrintPapers } from './print-papers.js';
import { ReadMeals } from './read-meals.js';
import { ReadRecent } from './read-recent.js';
import { ViewMenu } from './view-menu.js';

/** What elders and their families look at. Open to every room, since bookings ask it for prices though they come earlier. */
@Global()
@Module({
  imports: [SubsidyModule],
  controllers: [MiniController, PrintController],
  providers: [ListNearSites, ViewMenu, ReadMeals, ReadRecent, PreviewSplit, PrintPapers, { provide: PRICE_PREVIEW, useExisting: PreviewSplit }],
  exports: [PRICE_PREVIEW],
})
export class MiniModule {}
