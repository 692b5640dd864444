// Loads the built app and its page against a stub of `wx`, logs in, and touches its way to a booking.
const assert = require('node:assert/strict');
const Module = require('node:module');
const { join } = require('node:path');

const dist = join(__dirname, 'dist');
const find = Module._resolveFilename;
Module._resolveFilename = (name, ...rest) => (name === 'uqr' ? join(dist, 'miniprogram_npm/uqr/index.js') : find(name, ...rest));

const storage = new Map();
const asked = [];
const went = [];
const drawn = [];
const elder = { elderId: 'e-1', name: '李秀英', self: true, relation: null, rights: ['meals', 'ordering', 'paying'], until: null };
const closesAt = new Date(Date.now() + 3_600_000).toISOString();
const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
const answers = {
  'GET /v1/public/cities': { items: [{ cityCode: '371500', name: '聊城市' }] },
  'POST /v1/mini/log-in': { accessToken: 'a', expiresIn: 900, refreshToken: 'r', account: { accountId: 'a-1', phone: null, phoneProven: false }, kin: [elder] },
  'GET /v1/mini/notices': { items: [], nextCursor: null, unread: 2 },
  'GET /v1/mini/bookings': { items: [] },
  'GET /v1/mini/sites': { items: [{ siteId: 's-1', name: '幸福里食堂', address: '', phone: '12345678', isOpen: true, hours: [], distanceWords: null }] },
  'GET /v1/mini/sites/s-1/menu': { siteId: 's-1', name: '幸福里食堂', phone: null, days: [{ date: today, words: '今天', isOpen: true, meals: [{
    mealPeriod: 'lunch', words: '午餐', beginsMinute: 660, endsMinute: 780, closesAt, closesWords: '可以订', isBookable: true, portionsLeft: null, leftWords: null,
    items: [{ itemCode: 'set', name: '老年套餐', dishes: [], marks: [], warning: null, priceFen: 1500, split: { selfPayFen: 700, words: '原价15元，您付7元' } }] }] }] },
  'POST /v1/mini/bookings': { bookingId: 'b-1', payment: { appId: 'wx', timeStamp: '1', nonceStr: 'n', package: 'prepay_id=p', signType: 'RSA', paySign: 's' } },
  'GET /v1/mini/notices/templates': { items: [{ kind: 'booked', templateId: 't-1' }, { kind: 'answered', templateId: 't-2' }] },
  'GET /v1/mini/elders/e-1/kin': { items: [], notice: { version: '1', text: '' } },
  'POST /v1/mini/phone': ({ code }) => ({ account: { accountId: 'a-1', phone: '138****1234', phoneProven: code !== undefined }, kin: [elder] }),
  'POST /v1/mini/notices/permits': { items: [] },
  'POST /v1/mini/elders/e-1/code': { text: 'YM1ABC', digits: '123456789', expiresAt: '', nextAfter: 40 },
  'POST /v1/mini/elders/e-1/pass': { text: `xf1.${'aB3_'.repeat(540)}`, expiresAt: new Date(Date.now() + 3_600_000).toISOString() },
  'POST /v1/mini/elders/e-1/offline-code': { secret: 'AAAA', locator: 123456789, stepSeconds: 30, serverTime: new Date().toISOString() },
};

globalThis.wx = {
  getRandomValues: ({ length, success }) => success({ randomValues: new Uint8Array(length).fill(7).buffer }),
  getStorageSync: (key) => storage.get(key) ?? '',
  setStorageSync: (key, value) => void storage.set(key, value),
  removeStorageSync: (key) => void storage.delete(key),
  getWindowInfo: () => ({ pixelRatio: 3 }),
  getAppBaseInfo: () => ({ fontSizeSetting: 22 }),
  login: ({ success }) => success({ code: 'wx-code' }),
  request: ({ url, method, data, success }) => {
    const path = new URL(url).pathname;
    asked.push({ method, path, data });
    const given = answers[`${method} ${path}`];
    const answer = typeof given === 'function' ? given(data) : given;
    success(answer === undefined ? { statusCode: 404, data: { code: 'route-unknown', title: `没有 ${path}` } } : { statusCode: 200, data: answer });
  },
  requestPayment: ({ signType, paySign, fail }) => (assert.deepEqual([signType, paySign], ['RSA', 's']), fail({ errMsg: 'requestPayment:fail cancel' })),
  requestSubscribeMessage: ({ tmplIds, success }) => (assert.deepEqual(tmplIds, ['t-2', 't-1']), success({ errMsg: 'requestSubscribeMessage:ok', 't-1': 'reject', 't-2': 'accept' })),
  vibrateShort: () => undefined,
  navigateTo: ({ url }) => void went.push(url),
  redirectTo: ({ url }) => void went.push(url),
  reLaunch: ({ url }) => void went.push(url),
  navigateBack: () => void went.push('back'),
  createSelectorQuery: () => {
    const query = { in: () => query, select: () => query, fields: (_what, found) => ((query.found = found), query), exec: () => query.found({ width: 280, height: 280, node: {
      getContext: () => ({ fillRect: (...box) => void drawn.push(box) }) } }) };
    return query;
  },
};
let app;
globalThis.App = (options) => void (app = options);
globalThis.getApp = () => app;
globalThis.getCurrentPages = () => [{}];
let definition;
globalThis.Page = (options) => void (definition = options);

const settle = () => new Promise((done) => setTimeout(done, 5));

async function open(query) {
  const page = { ...definition, data: { ...definition.data }, setData(change) { Object.assign(this.data, change); } };
  page.onLoad(query);
  page.onShow();
  await settle();
  return page;
}

const buttonsOf = (page) => [...page.data.blocks.flatMap(({ buttons }) => buttons), ...page.data.helpers];

async function touch(page, words) {
  const button = buttonsOf(page).find((one) => one.words === words);
  assert.ok(button, `no button ${words} among ${buttonsOf(page).map((one) => one.words).join(' | ')}`);
  page.onTouch({ currentTarget: { dataset: { at: button.at } } });
  await settle();
}

/** The page that the last navigation leads to. */
const follow = () => open(Object.fromEntries(new URLSearchParams(went.at(-1).split('?')[1])));

async function main() {
  require(join(dist, 'app.js'));
  const { pages } = require(join(dist, 'app.json'));
  for (const path of pages) require(join(dist, `${path}.js`));
  app.onLaunch();
  await settle();

  // A message was touched: its address opens the app, and the page that it names stands behind the log-in.
  const named = require(join(dist, 'web/miniprogram/wx-host.js')).addressOf('inbox', {}).split('?')[1];
  assert.equal(named, 'page=inbox');
  let page = await open(Object.fromEntries(new URLSearchParams(named)));
  assert.equal(page.data.textPx, 25, 'the size of text follows that of WeChat');
  await touch(page, '微信登录');
  assert.deepEqual([...storage.keys()], ['refresh-token']);
  assert.equal(page.data.title, '通知');
  page.onBack();
  assert.match(went.at(-1), /page=$/);
  page.onUnload();

  page = await open({});
  assert.ok(buttonsOf(page).some(({ words, hint }) => words === '通知' && hint === '2 条没有看'));

  await touch(page, '订今天的饭');
  page.onHide();
  page = await follow();
  assert.equal(page.data.title, '订饭');
  await touch(page, '订这份 老年套餐');
  page.onUnload();
  page = await follow();
  await touch(page, '订好，现在付 7元');
  const [sent] = asked.filter(({ method, path }) => method === 'POST' && path === '/v1/mini/bookings');
  assert.match(sent.data.id, /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  assert.match(went.at(-1), /page=booked/);
  page.onUnload();

  page = await open({ page: 'inbox' });
  await touch(page, '有通知微信告诉我一声');
  assert.deepEqual(asked.at(-1).data.kinds, ['answered']);
  page.onUnload();

  page = await open({ page: 'family' });
  const button = buttonsOf(page).find(({ phone }) => phone);
  assert.equal(button?.words, '用微信里的手机号');
  page.onPhone({ currentTarget: { dataset: { at: button.at } }, detail: { errMsg: 'getPhoneNumber:fail user deny' } });
  await settle();
  assert.match(page.data.trouble, /自己填/);
  const field = page.data.blocks.find(({ is, title }) => is === 'field' && title === '您的手机号');
  page.onWrite({ currentTarget: { dataset: { at: field.at } }, detail: { value: '13800001234' } });
  await touch(page, '登记我填的手机号');
  assert.deepEqual(asked.at(-1).data, { phone: '13800001234' });
  assert.ok(page.data.blocks.some(({ words }) => words.includes('还没有核对')));
  page.onPhone({ currentTarget: { dataset: { at: button.at } }, detail: { errMsg: 'getPhoneNumber:ok', code: 'phone-code' } });
  await settle();
  assert.deepEqual(asked.at(-1).data, { code: 'phone-code' });
  assert.ok(page.data.blocks.some(({ words }) => words.includes('138****1234')));
  page.onUnload();

  page = await open({ page: 'code' });
  assert.ok(drawn.length > 100, 'the code is drawn');
  await touch(page, '食堂断网时用的码');
  page.onHide();
  page = await follow();
  drawn.length = 0;
  await touch(page, '幸福里食堂');
  assert.ok(drawn.length > 10_000, 'the pass is drawn');
  assert.ok(drawn.every((box) => box.every(Number.isInteger)), 'in whole pixels');
  page.onScale();
  assert.equal(page.data.textPx, 30);
  page.onRead();
  assert.match(page.data.trouble, /没有朗读的声音/);
  page.onUnload();
  process.stdout.write('The app and its page hold against a stub of wx.\n');
}

main().then(() => process.exit(0), (error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
