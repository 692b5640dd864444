export { citiesHeld } from './demo.store.js';
export { FULL, Random, SMALL, type Scale } from './domain/index.js';
export { playMonth, type Played } from './play-month.js';
export { settleMonth, settleInPart, type Settled } from './play-settlement.js';
export { demoReport, type DemoFigures } from './report.js';
export { CITY_CODE, setStage, type Progress, type Stage } from './stage.js';
export { inProcess, overHttp, type Transport } from './transport.js';
