import { Module } from '@nestjs/common';
import { PaymentModule } from '../payment/index.js';
import { SubsidyModule } from '../subsidy/index.js';
import { BookForKin } from './book-for-kin.js';
import { BookGroup } from './book-group.js';
import { BookingPlaces } from './booking-places.js';
import { BookingController } from './booking.controller.js';
import { BookingJobs } from './booking.jobs.js';
import './booking.problems.js';
import { CallAboutStanding } from './call-about-standing.js';
import { CancelBooking } from './cancel-booking.js';
import { ChangeBooking } from './change-booking.js';
import { ChangeForKin } from './change-for-kin.js';
import { ListForKin } from './list-for-kin.js';
import { MakeBooking } from './make-booking.js';
import { MiniBookingController } from './mini-booking.controller.js';
import { NoShowNews } from './no-show-news.js';
import { NoShowController } from './no-show.controller.js';
import { PayAhead } from './pay-ahead.js';
import { SetBookingHours } from './set-hours.js';
import { SetNoShowRule } from './set-no-show-rule.js';
import { StandingByStaff } from './standing-by-staff.js';
import { StandingNews } from './standing-news.js';
import { StandingOrders } from './standing-orders.js';
import { StandingController } from './standing.controller.js';
import { StandingJobs } from './standing.jobs.js';
import { UnnamedMeals } from './unnamed-meals.js';
import { ViewBookings } from './view-bookings.js';

/** Meals booked ahead: by elders and their children, on an elder's behalf, by standing orders; paid ahead or at the meal. */
@Module({
  imports: [PaymentModule, SubsidyModule],
  controllers: [BookingController, StandingController, MiniBookingController, NoShowController],
  providers: [BookingPlaces, MakeBooking, ChangeBooking, CancelBooking, ViewBookings, SetBookingHours, BookGroup, BookForKin, ChangeForKin, ListForKin, PayAhead, StandingOrders, StandingByStaff, CallAboutStanding, SetNoShowRule, BookingJobs, StandingJobs, NoShowNews, StandingNews, UnnamedMeals],
  exports: [NoShowNews, StandingNews, UnnamedMeals],
})
export class BookingModule {}
