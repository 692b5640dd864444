import type { Desk } from '../desk.js';
import type { Given } from '../host.js';
import type { Screen } from '../screen.js';
import { AnswerScreen } from './answer.js';
import { BindScreen } from './bind.js';
import { BookedScreen } from './booked.js';
import { BookingsScreen } from './bookings.js';
import { CallScreen } from './call.js';
import { CodeScreen } from './code.js';
import { ComplaintScreen } from './complaint.js';
import { FamilyScreen } from './family.js';
import { HistoryScreen } from './history.js';
import { HomeScreen } from './home.js';
import { InboxScreen } from './inbox.js';
import { LogInScreen } from './log-in.js';
import { MenuScreen } from './menu.js';
import { OrderScreen } from './order.js';
import { PassScreen } from './pass.js';
import { RateScreen } from './rate.js';
import { SitesScreen } from './sites.js';
import { StandingScreen } from './standing.js';

type Maker = new (desk: Desk, given: Given) => Screen;

const SCREENS: Readonly<Record<string, Maker>> = {
  home: HomeScreen, bind: BindScreen, call: CallScreen, sites: SitesScreen, menu: MenuScreen, order: OrderScreen, booked: BookedScreen,
  code: CodeScreen, pass: PassScreen, bookings: BookingsScreen, family: FamilyScreen, history: HistoryScreen, rate: RateScreen, complaint: ComplaintScreen, answer: AnswerScreen, inbox: InboxScreen, standing: StandingScreen,
};

/**
 * The page of a name. Whoever is not logged in sees the log-in, whoever has no network the code, whoever is nobody's kin the binding, and everyone can call.
 * @param name as `Host.go` has it; an unknown one is the home page
 */
export function screenOf(desk: Desk, name: string, given: Given): Screen {
  if (name !== 'call' && desk.state === 'away') return new CodeScreen(desk);
  if (name !== 'call' && desk.state !== 'in') return new LogInScreen(desk);
  if (name !== 'call' && desk.kin.length === 0) return new BindScreen(desk, given);
  return new (SCREENS[name] ?? HomeScreen)(desk, given);
}
