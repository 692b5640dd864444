export { packetPart, signPacket, type PacketPart } from './packet-part.js';
export { SealDays, type SealingDone } from './seal-days.js';
export { SealModule } from './seal.module.js';
export { holdingSeals, sealedLines, sealedSites, type SealedLine } from './seal.store.js';
export { sealedMeals, type SealedMeals } from './sealed-meals.store.js';
