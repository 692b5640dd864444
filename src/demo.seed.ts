import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEMO_UNFINISHED, type Ground } from './boot.js';
import { bookMeals, CITY_CODE, citiesHeld, elderToTry, hire, inProcess, managerAccount, openWechatPay, playMonth, printVillagePaper, publishWeeks, Random, setStage, settleInPart, SMALL, StaffCaller, tillsHere } from './demo/index.js';
import { addDays, SettableClock, today, type Clock, type SwitchableClock } from './kernel/index.js';
import type { Service } from './service.js';
import { pinHolds } from './till/domain/index.js';

const SEED = 2024;
const FILE = 'demo-log-ins.txt';
/** The till that is there to be tried. */
const TILL = '体验收银台';

/** Who sees to the elders of one community. */
const WORKER = 'community.371502';

/** Who may log in to the demo city, in the order in which a month passes through their hands. */
const ACCOUNTS: readonly [account: string, what: string][] = [
  ['city.officer', '市民政局'], ['approve.371500', '市财政局审批'],
  ['county.371502', '东昌府区民政局'], ['review.371502', '东昌府区财政局审核'], ['approve.371502', '东昌府区财政局审批'],
  [WORKER, '东昌府区一个社区的工作人员'], ['auditor', '审计'], ['security.admin', '安全管理员'],
];

/**
 * Loads the demo city into an empty database: December 2024 closed, its claims on their way. A database that holds a
 * city is left as it is.
 * @param asked whether somebody asked for it in so many words, and should hear why nothing is loaded
 * @returns lines to print: the demo accounts with their password, or nothing where the city is not the demo's
 */
export async function seedDemo(service: Service, ground: Ground, clock: SwitchableClock, asked: boolean, say: (line: string) => void): Promise<string[]> {
  const [file, unfinished] = [join(ground.dataDir, FILE), join(ground.dataDir, DEMO_UNFINISHED)];
  const held = await ground.parts.transactor.run(citiesHeld);
  if (held.length === 0) {
    const begun = performance.now();
    say('装入演示城市聊城 …');
    const password = `Demo-${randomBytes(9).toString('base64url')}-7`;
    await writeFile(unfinished, '');
    await writeFile(file, `${password}\n`, { mode: 0o600 });
    const story = SettableClock.at(addDays(SMALL.from, -1));
    await clock.during(story, async () => {
      let told = 0;
      const progress = (what: string, done: number, total: number): void => {
        if (performance.now() - told < 1_000) return;
        told = performance.now();
        say(`  ${what} ${done}/${total}`);
      };
      const here = inProcess(service.app);
      const stage = await setStage(service.app, { send: here, enrolTill: tillsHere(here, story), clock: story, random: new Random(SEED), password, progress });
      const played = await playMonth(service.app, stage, SMALL);
      const community = played.serving.find(({ community: { code } }) => code.startsWith('371502'))?.community.code;
      if (community !== undefined) await hire(stage, WORKER, '社区工作人员', ['communityWorker'], community);
      await settleInPart(stage, played, () => service.jobs?.waitUntilIdle() ?? Promise.resolve());
    });
    await rm(unfinished);
    say(`演示城市已装入（${((performance.now() - begun) / 1000).toFixed(1)} 秒）`);
  } else {
    if (asked) say(`数据库里已有城市（${held.join('、')}），没有再装入演示城市`);
    if (existsSync(unfinished)) say('演示城市上次没有装完：请换一个空数据库再装');
    if (held[0] !== CITY_CODE || !existsSync(file) || existsSync(unfinished)) return [];
  }
  const password = (await readFile(file, 'utf8')).trim();
  const send = inProcess(service.app);
  await publishWeeks(send, new StaffCaller(send, 'city.officer', password), today(clock));
  const officer = new StaffCaller(send, 'county.371502', password);
  const till = await newTill(officer, clock, (siteId) => new StaffCaller(send, managerAccount(siteId), password));
  const paper = await printVillagePaper(officer, today(clock));
  const elder = await elderToTry(officer);
  if (till.siteId !== null) await openWechatPay(officer, new StaffCaller(send, 'city.officer', password), till.siteId);
  const accounts = till.manager === null ? ACCOUNTS : [...ACCOUNTS, [till.manager, '食堂负责人（上面这台收银台）'] as const];
  return [...till.lines, ...(paper === null ? [] : [`  纸质单           ${paper.siteName} 今日名单与单号：管理台 /console`]), ...(elder === null ? [] : [`  老人绑定码       ${elder.code}（打开 /elder 登录后输入，成为卡号 ${elder.cardNumber} 的老人；30 分钟内有效，只能用一次）`]), '', `  演示账号（密码均为 ${password}）`, ...accounts.map(([account, what]) => `    ${account.padEnd(22)} ${what}`), '  场所、老人、就餐均为虚构，补贴档次为样例。'];
}

/** A one-time code for one more till at a canteen of the demo's county, so that whoever tries the product can sell at once; its manager's account where it has one. */
async function newTill(officer: StaffCaller, clock: Clock, managerOf: (siteId: string) => StaffCaller): Promise<{ lines: string[]; siteId: string | null; manager: string | null }> {
  // Always the same canteen: not one that an earlier start of this very program put its till at.
  const { items } = await officer.get<{ items: { siteId: string; label: string }[] }>('/v1/terminals?limit=100');
  const known = items.find(({ label }) => label !== TILL);
  if (known === undefined) return { lines: [], siteId: null, manager: null };
  const { code, terminalId } = await officer.post<{ code: string; terminalId: string }>('/v1/terminals', { id: randomUUID(), siteId: known.siteId, label: TILL });
  const pin = newPin();
  // Not every canteen of the story has a manager; a till without cashiers asks for no PIN.
  const manned = await managerOf(known.siteId).post('/v1/till/cashiers', { id: randomUUID(), terminalId, name: '体验收银员', pin }).then(() => true, () => false);
  const pickUp = manned ? await bookMeals(managerOf(known.siteId), known.siteId, clock) : null;
  const lines = ['', `  收银台登记码     ${code}（打开 /till 输入；10 分钟内有效，只能用一次）`, ...(manned ? [`  收银员 PIN       ${pin}（体验收银员，只管用这个登记码的收银台）`] : []), ...(pickUp === null ? [] : [`  取餐码           ${pickUp}（今日预订中的一份，在收银台扫码或粘贴）`])];
  return { lines, siteId: known.siteId, manager: manned ? managerAccount(known.siteId) : null };
}

/** Six digits that may be a PIN. */
function newPin(): string {
  for (;;) {
    const pin = String(randomInt(1_000_000)).padStart(6, '0');
    if (pinHolds(pin)) return pin;
  }
}
