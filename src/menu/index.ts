export { importMenus, type ImportedMenu } from './import-menus.js';
export { MenuModule } from './menu.module.js';
export { dishesOf, menuOn, type DishRow } from './menu.store.js';
export { priceListInForce, priceListsInForce, readPrices, type Wanted } from './price.store.js';
