export { citiesHeld } from './demo.store.js';
export { FULL, Random, SMALL, type Scale } from './domain/index.js';
export { StaffCaller } from './callers.js';
export { publishWeeks } from './play-menus.js';
export { playMonth } from './play-month.js';
export { settleMonth, settleInPart } from './play-settlement.js';
export { demoReport, type DemoFigures } from './report.js';
export { CITY_CODE, setStage } from './stage.js';
export { inProcess, overHttp } from './transport.js';
