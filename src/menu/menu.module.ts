import { Module } from '@nestjs/common';
import { MenuController } from './menu.controller.js';
import './menu.problems.js';
import { PublicMenuController } from './public-menu.controller.js';
import { PublishPrices } from './publish-prices.js';
import { PublishWeek } from './publish-week.js';
import { SaveDishes } from './save-dishes.js';
import { SetCap } from './set-cap.js';

/** Dishes, prices and weekly menus. */
@Module({ controllers: [MenuController, PublicMenuController], providers: [SaveDishes, PublishPrices, PublishWeek, SetCap] })
export class MenuModule {}
