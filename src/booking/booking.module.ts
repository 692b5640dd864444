import { Module } from '@nestjs/common';
import { BookingController } from './booking.controller.js';
import { BookingJobs } from './booking.jobs.js';
import './booking.problems.js';
import { CancelBooking } from './cancel-booking.js';
import { ChangeBooking } from './change-booking.js';
import { MakeBooking } from './make-booking.js';
import { NoShowNews } from './no-show-news.js';
import { SetBookingHours } from './set-hours.js';
import { ViewBookings } from './view-bookings.js';

/** Meals booked ahead, on an elder's behalf. */
@Module({ controllers: [BookingController], providers: [MakeBooking, ChangeBooking, CancelBooking, ViewBookings, SetBookingHours, BookingJobs, NoShowNews], exports: [NoShowNews] })
export class BookingModule {}
