export { operatorsOf, payeesOf, type OperatorRow, type PayeeRow } from './party.store.js';
export { countSites, listSites, readSitesOn, siteDivision, siteHistories, siteNames, siteTenures, type ListedSite, type SiteFilter, type SiteHistory, type SiteOn } from './sites-on.store.js';
