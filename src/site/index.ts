export { findSite } from './find-site.js';
export { importSites, type ImportedPayee, type SiteImport } from './import-sites.js';
export type { ImportedSite } from './import.store.js';
export { operatorsOf, payeesOf, type OperatorRow, type PayeeRow } from './party.store.js';
export { openAccount } from './register-payee.js';
export { SiteModule } from './site.module.js';
export { hoursOfSites, phonesOf } from './site.store.js';
export { countSites, readSitesOn, siteDivision, siteHistories, siteNames, siteTenures, type SiteHistory, type SiteOn } from './sites-on.store.js';
