import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UnnamedMeals } from '../booking/index.js';
import { mealsUnnamed } from './unnamed-meal.store.js';

/** Tells bookings by which sales they were eaten that named none. */
@Injectable()
export class TellUnnamed implements OnModuleInit {
  constructor(private readonly meals: UnnamedMeals) {}

  onModuleInit(): void {
    this.meals.foundBy(mealsUnnamed);
  }
}
