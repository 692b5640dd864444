#!/usr/bin/env node
// 核验结算核验包：只用这一个文件，不联网，不需要数据库。
// Verifies a claim packet: this one file, Node 18 or later, no network, no package. It shares no code with the service.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';

const FORMAT = 'xingfu-claim-packet/1';
const HELP = `用法：node verify.mjs 核验包.json [选项]

核对一份结算单的核验包是否完整、有没有被改动。不联网。

  --key 公钥            可信的验签公钥（形如 xingfu-canteen/371500+1a2b3c4d+A…），从政府公开渠道取得
  --checkpoint 文件     以前自行保存的检查点；下载核验包时请带 since=该检查点第二行的数字
  --json                最后一行输出一个 JSON 对象
  --help                本说明

退出码：0 完整且未改动；1 有问题；2 用法错误或文件读不出来。
`;

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const isText = (value) => typeof value === 'string';
const isWhole = (value) => Number.isSafeInteger(value);
const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value) => (Array.isArray(value) ? value : []);
const record = (value) => (isRecord(value) ? value : {});
const hasKeys = (value, keys) => isRecord(value) && Object.keys(value).sort().join() === [...keys].sort().join();
const short = (id) => (isText(id) ? id.slice(0, 8) : '不明');
const yuan = (fen) => (isWhole(fen) ? `${(fen / 100).toFixed(2)} 元` : '不明');

/** One text for one value: keys sorted, no blanks (RFC 8785 for whole numbers, texts, null, lists and objects). */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (isRecord(value)) return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
  return JSON.stringify(value);
}

/** Bytes of base64 in its one right spelling, or undefined. */
function bytesOf(text) {
  if (!isText(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** Hashes that stand one after the other in base64, or undefined. */
function hashesOf(text) {
  const bytes = bytesOf(text);
  if (bytes === undefined || bytes.length % 32 !== 0) return undefined;
  return Array.from({ length: bytes.length / 32 }, (_, at) => bytes.subarray(at * 32, at * 32 + 32));
}

// ---- Merkle trees, RFC 9162 section 2.1 ----
const leafHash = (data) => sha256(Buffer.of(0), data);
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);

/** Goes up a path: `is` takes every hash on it, `was` only those on the left, which an earlier tree had as well. */
function climb(first, from, end, path) {
  let [was, is, place, last] = [first, first, from, end];
  for (const hash of path) {
    if (last === 0) return undefined;
    if (place % 2 === 1 || place === last) {
      [was, is] = [nodeHash(hash, was), nodeHash(hash, is)];
      while (place % 2 === 0 && place > 0) [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
    } else is = nodeHash(is, hash);
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 ? { was, is } : undefined;
}

function includes(leaf, index, size, proof, root) {
  if (!isWhole(index) || !isWhole(size) || index < 0 || index >= size || proof === undefined || root === undefined) return false;
  return climb(leaf, index, size - 1, proof)?.is.equals(root) === true;
}

function isConsistent(earlier, later, proof) {
  if (earlier.size > later.size) return false;
  if (earlier.size === later.size) return proof.length === 0 && earlier.root.equals(later.root);
  const [first, ...path] = Number.isInteger(Math.log2(earlier.size)) ? [earlier.root, ...proof] : proof;
  let [place, last] = [earlier.size - 1, later.size - 1];
  while (place % 2 === 1) [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  const top = first === undefined ? undefined : climb(first, place, last, path);
  return top?.was.equals(earlier.root) === true && top.is.equals(later.root);
}

// ---- Signed notes, C2SP signed-note with Ed25519 ----
function keyOf(text) {
  const match = isText(text) ? /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) : null;
  const bytes = match === null ? undefined : bytesOf(match[3]);
  if (bytes === undefined || bytes.length !== 33 || bytes[0] !== 1) return undefined;
  const id = sha256(Buffer.from(`${match[1]}\n`), bytes).subarray(0, 4);
  if (id.toString('hex') !== match[2]) return undefined;
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), bytes.subarray(1)]);
  return { name: match[1], id, key: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

/** The text of a note that a key signed, or undefined. */
function openNote(note, signer) {
  const match = isText(note) ? /^([^]*\n)\n— (\S+) (\S+)\n$/.exec(note) : null;
  if (match === null || signer === undefined || match[2] !== signer.name) return undefined;
  const bytes = bytesOf(match[3]);
  if (bytes === undefined || bytes.length !== 68 || !bytes.subarray(0, 4).equals(signer.id)) return undefined;
  return verify(null, Buffer.from(match[1]), signer.key, bytes.subarray(4)) ? match[1] : undefined;
}

function headOf(text) {
  const [origin, size, root, date] = isText(text) ? text.split('\n') : [];
  const bytes = bytesOf(root);
  if (!/^[1-9]\d{0,15}$/.test(size ?? '') || bytes === undefined || bytes.length !== 32) return undefined;
  return { origin, size: Number(size), root: bytes, date: (date ?? '').replace(/^date /, '') };
}

// ---- The packet ----
const LEAF_NAMES = { meal: '用餐', void: '撤销', adjustment: '更正' };

function nameOf(leaf, id, seal) {
  const own = record(leaf);
  const kind = LEAF_NAMES[own.kind] ?? '记录';
  const journal = isWhole(own.journal) ? `，收银机 ${short(own.terminal)} 第 ${own.journal} 号流水` : '';
  return `${kind} ${isText(own.id) ? own.id : (id ?? '编号不明')}（${record(seal).date ?? own.date ?? '日期不明'}${journal}${isWhole(own.price) && own.price !== 0 ? `，${yuan(own.price)}` : ''}）`;
}

const keyOfLeaf = (leaf) => `${record(leaf).kind}:${record(leaf).id}`;

/**
 * Verifies a packet.
 * @param text the file as it is
 * @param trusted `{key, checkpoint}`: a verifier key and a signed checkpoint that the reader got on another way; both may be left out
 * @returns `{ok, problems: [{kind, text, id?, date?}], notes: [text], trust, figures}`
 */
export function verifyPacket(text, trusted = {}) {
  const problems = [];
  const notes = [];
  const say = (kind, sentence, more = {}) => void problems.push({ kind, text: sentence, ...more });
  const result = (figures) => ({ ok: problems.length === 0, problems, notes, trust: trusted.checkpoint !== undefined ? 'checkpoint' : trusted.key !== undefined ? 'key' : 'none', figures });
  let packet;
  try {
    packet = JSON.parse(text);
  } catch {
    say('file', '文件不是完整的 JSON：可能没有下载完，或者被编辑过。');
    return result({});
  }
  try {
    if (!hasKeys(packet, ['format', 'claim', 'claimNote', 'key', 'days', 'terminals', 'checkpoint', 'consistency']) || packet.format !== FORMAT) say('file', `文件的格式不是 ${FORMAT}，或者缺少、多出了栏目。`);
    const figures = checkAll(record(packet), trusted, say, notes);
    if (`${canonical(packet)}\n` !== text && problems.length === 0) say('file', '内容没有变，但文件的写法不是原样：请重新下载，不要用编辑软件保存。');
    return result(figures);
  } catch (error) {
    say('file', `文件的结构被改动，无法继续核对（${error instanceof Error ? error.message : '原因不明'}）。`);
    return result({});
  }
}

function checkAll(packet, trusted, say, notes) {
  const claim = record(packet.claim);
  const days = list(packet.days);
  const signer = keyOf(packet.key);
  if (signer === undefined) say('key', '核验包里的公钥不完整或被改动。');
  if (trusted.key !== undefined && trusted.key !== packet.key) say('key', '核验包里的公钥不是可信的公钥：签名不是这座城市的系统所签。');
  if (signer !== undefined && signer.name !== `xingfu-canteen/${claim.city}`) say('key', '公钥的名称与结算单的城市不符。');
  const head = headOf(openNote(packet.checkpoint, signer));
  if (head === undefined) say('signature', '检查点的签名不符：检查点或公钥被改动。');
  else if (head.origin !== `xingfu-canteen/${claim.city}`) say('checkpoint', '检查点不是这座城市的。');
  checkTrust(packet, trusted, head, signer, say);
  const note = openNote(packet.claimNote, signer);
  const claimHash = sha256(Buffer.from(canonical(packet.claim ?? null))).toString('hex');
  if (note === undefined) say('signature', '结算单的签名不符：签名或公钥被改动。');
  else if (note.split('\n')[0] !== `xingfu-canteen/${claim.city}/claim` || note.split('\n')[2] !== claimHash || note.split('\n')[1] !== claim.claimNumber) {
    say('claim', `结算单 ${isText(claim.claimNumber) ? claim.claimNumber : ''} 的内容与签名时不同：结算单被改动。`);
  }
  const keys = checkTerminals(packet.terminals, days, say);
  checkSeals(claim, days, say);
  const places = new Map();
  for (const day of days) for (const id of list(record(day).ids)) if (isText(id)) places.set(id, [...(places.get(id) ?? []), day]);
  const found = new Set(days.flatMap((day) => list(record(day).leaves).map((entry) => keyOfLeaf(record(entry).leaf))));
  let meals = 0;
  let signed = 0;
  let unsigned = 0;
  for (const day of days) {
    const counts = checkDay(record(day), { claim, head, keys, places, found }, say);
    meals += counts.meals;
    signed += counts.signed;
    unsigned += counts.unsigned;
  }
  checkAmounts(claim, days, say);
  tellGaps(days, notes);
  if (unsigned > 0) notes.push(`有 ${unsigned} 笔没有收银机签名（签名 ${signed} 笔）。`);
  return { claimNumber: claim.claimNumber, month: claim.month, siteId: claim.siteId, days: days.length, leaves: meals, claimedFen: claim.claimedFen, checkpointSize: head?.size, checkpointDate: head?.date };
}

function checkTrust({ consistency, key }, trusted, head, signer, say) {
  let shown;
  if (consistency !== null) {
    const earlier = headOf(openNote(record(consistency).earlier, signer));
    const proof = list(record(consistency).proof).map((hash) => bytesOf(hash));
    const whole = hasKeys(consistency, ['earlier', 'proof']) && Array.isArray(record(consistency).proof) && proof.every((hash) => hash?.length === 32);
    if (earlier === undefined || head === undefined || !whole || !isConsistent(earlier, head, proof)) say('checkpoint', '与较早检查点的一致性证明不成立。');
    else shown = earlier;
  }
  if (trusted.checkpoint === undefined || head === undefined) return;
  const own = headOf(openNote(trusted.checkpoint, keyOf(trusted.key ?? key)));
  if (own === undefined) say('checkpoint', '自行保存的检查点不是这把公钥所签，或者已经损坏。');
  else if (own.size === head.size ? !own.root.equals(head.root) : shown === undefined || shown.size !== own.size || !shown.root.equals(own.root)) {
    say('checkpoint', own.size === head.size || shown?.size === own.size ? '系统的封存日志与自行保存的检查点不同：历史被改写。'
      : `核验包没有附上与自行保存的检查点一致的证明：请下载时带 since=${own.size}。`);
  }
}

/** Keys of tills by their ids; each must be one that the seals name, and each of those must be there. A till changes its key now and then. */
function checkTerminals(terminals, days, say) {
  const named = new Map();
  for (const day of days) for (const pair of list(record(record(day).seal).terminals)) if (Array.isArray(pair)) named.set(pair[0], [...(named.get(pair[0]) ?? []), pair[1]]);
  const keys = new Map();
  if (!Array.isArray(terminals)) say('terminal', '收银机公钥表被改动。');
  for (const pair of list(terminals)) {
    const [id, key] = Array.isArray(pair) && pair.length === 2 ? pair : [];
    const der = bytesOf(key);
    const hashes = named.get(id);
    const hash = der === undefined ? '' : sha256(der).toString('hex');
    if (der === undefined || hashes === undefined || !hashes.includes(hash) || keys.get(id)?.has(hash)) say('terminal', `收银机 ${short(id)} 的公钥被改动，或不是封存时登记的那一把。`, { id });
    else keys.set(id, (keys.get(id) ?? new Map()).set(hash, createPublicKey({ key: der, format: 'der', type: 'spki' })));
  }
  for (const [id, hashes] of named) if (!hashes.every((hash) => keys.get(id)?.has(hash)) && Array.isArray(terminals)) say('terminal', `缺少收银机 ${short(id)} 的公钥。`, { id });
  return keys;
}

/** The days in the packet are those of the claim, each once and in order. */
function checkSeals(claim, days, say) {
  const seals = list(claim.seals).map(list);
  const wanted = new Map(seals.map(([log, hash]) => [log, hash]));
  const seen = new Set();
  for (const [index, day] of days.entries()) {
    const { log, seal } = record(day);
    const date = record(seal).date;
    if (seen.has(log)) say('added', `${date} 的封存出现两次。`, { date });
    else if (!wanted.has(log)) say('added', `${date} 的封存（日志第 ${log} 条）不属于这份结算单。`, { date });
    else if (seals[index]?.[0] !== log) say('moved', `${date} 的封存不在原来的位置：各日的先后被调换，或者缺了一日。`, { date });
    seen.add(log);
  }
  for (const [log] of seals) if (!seen.has(log)) say('dropped', `缺少日志第 ${log} 条的整日封存：这一天的用餐被删去。`, { log });
}

function checkDay(day, { claim, head, keys, places, found }, say) {
  const seal = record(day.seal);
  const { date } = seal;
  const sealHash = leafHash(Buffer.from(canonical(day.seal ?? null)));
  if (!hasKeys(day, ['log', 'seal', 'proof', 'ids', 'leaves']) || !Array.isArray(day.ids) || !Array.isArray(day.leaves)) say('file', `${date} 的栏目被改动。`, { date });
  const sealed = head !== undefined && includes(sealHash, day.log, head.size, hashesOf(day.proof), head.root);
  if (!sealed) say('day', `${date} 的封存不在检查点之下：这一天的封存、它的证明或检查点被改动。`, { date });
  if (list(claim.seals).some((pair) => list(pair)[0] === day.log && list(pair)[1] !== sealHash.toString('hex'))) say('day', `${date} 的封存不是结算单所依据的那一份。`, { date });
  if (seal.type !== 'day' || seal.city !== claim.city || seal.site !== claim.siteId || seal.month !== claim.month) say('moved', `${date} 的封存属于别的助餐点、月份或城市。`, { date });
  const leaves = list(day.leaves).map(record);
  const root = isText(seal.root) && /^[0-9a-f]{64}$/.test(seal.root) ? Buffer.from(seal.root, 'hex') : undefined;
  const right = leaves.map((entry) => hasKeys(entry, ['at', 'leaf', 'proof']) && includes(leafHash(Buffer.from(canonical(entry.leaf ?? null))), entry.at, seal.leaves, hashesOf(entry.proof), root));
  const counts = { meals: leaves.length, signed: 0, unsigned: 0 };
  // Where the seal itself was touched and no leaf fits it, the day is named and not every meal of it.
  if (!sealed && leaves.length > 0 && !right.includes(true)) return counts;
  const taken = new Set();
  const named = new Set();
  const numbered = day.ids.length === seal.leaves;
  for (const [index, entry] of leaves.entries()) {
    const key = keyOfLeaf(entry.leaf);
    const id = record(entry.leaf).id;
    if (right[index] && !taken.has(entry.at)) {
      taken.add(entry.at);
      if (numbered && day.ids[entry.at] !== key) say('changed', `编号表与${nameOf(entry.leaf, id, seal)}不符：编号表被改动。`, { id, date });
      else if (index > 0 && right[index - 1] && leaves[index - 1].at > entry.at) say('moved', `${nameOf(entry.leaf, id, seal)}不在原来的位置：先后被调换。`, { id, date });
      checkSignature(entry.leaf, keys, counts, seal, say);
    } else {
      const elsewhere = (places.get(key) ?? []).filter((other) => other !== day);
      named.add(key);
      if (right[index]) say('added', `${nameOf(entry.leaf, id, seal)}出现两次：多出一笔。`, { id, date });
      else if (list(day.ids).includes(key) && leaves.filter((other) => keyOfLeaf(other.leaf) === key).length > 1) say('added', `${nameOf(entry.leaf, id, seal)}出现两次，内容不同：多出一笔或被改动。`, { id, date });
      else if (list(day.ids).includes(key)) say('changed', `${nameOf(entry.leaf, id, seal)}与封存时不同：内容或证明被改动。`, { id, date });
      else if (elsewhere.length > 0) say('moved', `${nameOf(entry.leaf, id, seal)}封存在 ${record(elsewhere[0].seal).date}，被移到这里。`, { id, date });
      else say('added', `${nameOf(entry.leaf, id, seal)}封存时没有：是后来加进来的，或者编号被改动。`, { id, date });
    }
  }
  for (let at = 0; isWhole(seal.leaves) && at < seal.leaves; at += 1) {
    // Once a number was taken out, the list no longer says which one stood where.
    const key = numbered ? list(day.ids)[at] : undefined;
    if (taken.has(at) || named.has(key)) continue;
    const [kind, id] = isText(key) ? key.split(':') : [];
    const name = `${LEAF_NAMES[kind] ?? '记录'} ${id ?? '编号不明'}（${date}，当日第 ${at + 1} 笔）`;
    if (key !== undefined && found.has(key)) say('moved', `${name}不在这一天，出现在别的日子里。`, { id, date });
    else say('dropped', `${name}封存时有，现在没有：被删去，或者内容面目全非。`, { id, date });
  }
  if (!numbered && taken.size === seal.leaves) say('changed', `${date} 的编号表有 ${list(day.ids).length} 个编号，封存时是 ${seal.leaves} 个。`, { date });
  if (right.every(Boolean) && taken.size === seal.leaves && leaves.length === seal.leaves) checkDaySums(leaves.map((entry) => entry.leaf), seal, say);
  return counts;
}

function checkSignature(leaf, keys, counts, seal, say) {
  if (leaf.kind === 'adjustment' || (leaf.entry === null && leaf.sig === null)) return;
  if (leaf.sig === null) {
    counts.unsigned += 1;
    return;
  }
  counts.signed += 1;
  const own = keys.get(leaf.terminal);
  if (own === undefined) return;
  const signature = Buffer.from(leaf.sig, 'hex');
  const holds = signature.length === 64 && [...own.values()].some((key) => verify('sha256', Buffer.from(leaf.entry, 'hex'), { key, dsaEncoding: 'ieee-p1363' }, signature));
  if (!holds) say('signature', `${nameOf(leaf, leaf.id, seal)}的收银机签名不符：不是这台收银机签的，封存前就是如此。`, { id: leaf.id, date: seal.date });
}

const lineKey = (operator, payee, funder) => [operator ?? '', payee ?? '', funder].join(' ');

/** What the leaves of a day come to is what its seal says. */
function checkDaySums(leaves, seal, say) {
  const sums = new Map();
  for (const leaf of leaves) {
    if (leaf.site !== seal.site || leaf.date !== seal.date || leaf.month !== seal.month) say('moved', `${nameOf(leaf, leaf.id, seal)}写的是别的日子或别的助餐点。`, { id: leaf.id, date: seal.date });
    const parts = list(leaf.parts).reduce((sum, [, , fen]) => sum + fen, 0);
    if (parts !== leaf.subsidy) say('amount', `${nameOf(leaf, leaf.id, seal)}各资金方之和 ${yuan(parts)} 不等于补贴 ${yuan(leaf.subsidy)}。`, { id: leaf.id, date: seal.date });
    if (leaf.selfPay + leaf.subsidy + leaf.siteBorne !== leaf.price) say('amount', `${nameOf(leaf, leaf.id, seal)}自付、补贴与场所承担之和不等于餐费。`, { id: leaf.id, date: seal.date });
    for (const [funder, meals, fen] of list(leaf.parts)) {
      const key = lineKey(leaf.operator, leaf.payee, funder);
      const sum = sums.get(key) ?? { meals: 0, fen: 0 };
      sums.set(key, { meals: sum.meals + meals, fen: sum.fen + fen });
    }
  }
  const lines = new Map(list(seal.lines).map(([operator, payee, funder, meals, fen]) => [lineKey(operator, payee, funder), { meals, fen }]));
  for (const key of new Set([...sums.keys(), ...lines.keys()])) {
    const [of, says] = [sums.get(key) ?? { meals: 0, fen: 0 }, lines.get(key) ?? { meals: 0, fen: 0 }];
    if (of.meals !== says.meals || of.fen !== says.fen) say('amount', `${seal.date} 资金方 ${key.split(' ')[2]}：逐笔合计 ${yuan(of.fen)}，封存的是 ${yuan(says.fen)}。`, { date: seal.date });
  }
  const total = (pick) => leaves.reduce((sum, leaf) => sum + pick(leaf), 0);
  if (total((leaf) => leaf.counts) !== seal.meals || total((leaf) => leaf.subsidised) !== seal.subsidised) say('amount', `${seal.date} 的人次与逐笔合计不符。`, { date: seal.date });
}

/** The claim's lines follow from the seals; meals of a time without a payee all go to one. */
function checkAmounts(claim, days, say) {
  const sealed = days.flatMap((day) => list(record(record(day).seal).lines).filter(Array.isArray).map(([operator, payee, funder, meals, fen]) => ({ mealMonth: String(record(day.seal).date).slice(0, 7), operator, payee, funder, meals, fen })));
  const lines = list(claim.lines).map(record);
  const wanted = new Map(lines.map((line) => [[line.mealMonth, lineKey(line.operatorId, line.payeeId, line.funderCode)].join(' '), line]));
  const candidates = sealed.some((line) => line.payee === null) ? [null, ...new Set(lines.map((line) => line.payeeId).filter((payee) => payee !== null))] : [null];
  const differences = candidates.map((payee) => differencesOf(sealed, wanted, payee)).sort((a, b) => a.length - b.length)[0];
  for (const { key, of, says } of differences) say('amount', `结算单 ${key.split(' ')[0]} 资金方 ${key.split(' ')[3]}：各日封存合计 ${of.meals} 人次 ${yuan(of.fen)}，结算单写的是 ${says.meals} 人次 ${yuan(says.fen)}。`);
  const total = lines.reduce((sum, line) => sum + line.claimedFen, 0);
  if (total !== claim.claimedFen) say('amount', `结算单申报数 ${yuan(claim.claimedFen)} 不等于各行之和 ${yuan(total)}。`);
  const meals = days.reduce((sum, day) => sum + (record(record(day).seal).subsidised ?? 0), 0);
  if (meals !== claim.meals) say('amount', `结算单补贴人次 ${claim.meals} 不等于各日封存之和 ${meals}。`);
  if (claim.approvedFen !== 0 && claim.approvedFen !== claim.claimedFen - claim.cutFen) say('amount', '结算单核定数不等于申报数减核减数。');
  const text = lines.map((line) => [line.lineNo, line.operatorId ?? '', line.payeeId ?? '', line.funderCode, line.mealMonth, line.meals, line.claimedFen].join('|')).join('\n');
  if (sha256(Buffer.from(text)).toString('hex') !== claim.linesHash) say('claim', '结算单明细校验码与各行不符。');
}

function differencesOf(sealed, wanted, payeeOfNone) {
  const sums = new Map();
  for (const { mealMonth, operator, payee, funder, meals, fen } of sealed) {
    const key = [mealMonth, lineKey(operator, payee ?? payeeOfNone, funder)].join(' ');
    const sum = sums.get(key) ?? { meals: 0, fen: 0 };
    sums.set(key, { meals: sum.meals + meals, fen: sum.fen + fen });
  }
  const differences = [];
  for (const key of new Set([...sums.keys(), ...wanted.keys()])) {
    const of = sums.get(key) ?? { meals: 0, fen: 0 };
    const line = wanted.get(key);
    const says = { meals: line?.meals ?? 0, fen: line?.claimedFen ?? 0 };
    if (of.meals !== says.meals || of.fen !== says.fen) differences.push({ key, of, says });
  }
  return differences;
}

/** Numbers of a till that are in no day of this packet: booked in another month, or missing altogether. */
function tellGaps(days, notes) {
  const numbers = new Map();
  for (const day of days) for (const entry of list(record(day).leaves)) {
    const { terminal, journal } = record(record(entry).leaf);
    if (isText(terminal) && isWhole(journal)) numbers.set(terminal, [...(numbers.get(terminal) ?? []), journal]);
  }
  for (const [terminal, all] of numbers) {
    all.sort((a, b) => a - b);
    const gaps = all.flatMap((number, index) => (index > 0 && number > all[index - 1] + 1 ? [[all[index - 1] + 1, number - 1]] : []));
    if (gaps.length > 0) notes.push(`收银机 ${short(terminal)} 的流水 ${gaps.slice(0, 5).map(([from, to]) => (from === to ? from : `${from}—${to}`)).join('、')}${gaps.length > 5 ? ' 等' : ''} 不在本包内（可能记在别的月份）。`);
  }
}

// ---- Command line ----
function main(args) {
  const options = { json: false };
  const files = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index];
    if (word === '--help') return print(HELP, 0);
    if (word === '--json') options.json = true;
    else if (word === '--key' && args[index + 1] !== undefined) options.key = args[(index += 1)];
    else if (word === '--checkpoint' && args[index + 1] !== undefined) options.checkpoint = args[(index += 1)];
    else if (word.startsWith('--')) return print(HELP, 2);
    else files.push(word);
  }
  if (files.length !== 1) return print(HELP, 2);
  let text;
  const trusted = options.key === undefined ? {} : { key: options.key };
  try {
    text = readFileSync(files[0], 'utf8');
    if (options.checkpoint !== undefined) trusted.checkpoint = readFileSync(options.checkpoint, 'utf8');
  } catch (error) {
    return print(`文件读不出来：${error.message}\n`, 2);
  }
  const result = verifyPacket(text, trusted);
  return print(`${wordsOf(result)}${options.json ? `${JSON.stringify(result)}\n` : ''}`, result.ok ? 0 : 1);
}

const MOST_TOLD = 50;

function wordsOf({ ok, problems, notes, trust, figures }) {
  const lines = [
    `结算单 ${figures.claimNumber ?? '不明'}，${figures.month ?? ''}：${figures.days ?? 0} 日，${figures.leaves ?? 0} 笔，申报 ${yuan(figures.claimedFen)}`,
    ok ? '✓ 完整，没有改动：每一笔都在当日封存之下，各日封存在签名的检查点之下，金额逐笔相符。' : `✗ 有 ${problems.length} 处问题：`,
    ...problems.slice(0, MOST_TOLD).map(({ text }) => `  · ${text}`),
    ...(problems.length > MOST_TOLD ? [`  · ……另有 ${problems.length - MOST_TOLD} 处`] : []), ...notes.map((text) => `  提示：${text}`),
  ];
  if (ok) lines.push({
    checkpoint: '  已与自行保存的检查点核对：保存以后的历史没有被改写。', key: `  已与可信公钥核对（检查点 ${figures.checkpointDate}，第 ${figures.checkpointSize} 条）。`,
    none: '  没有给出可信的公钥或检查点：只能证明文件自身一致。请用 --key 或 --checkpoint 再核一次。',
  }[trust]);
  return `${lines.join('\n')}\n`;
}

function print(text, code) {
  (code === 2 ? process.stderr : process.stdout).write(text);
  return code;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === realpathSync(decodeURIComponent(new URL(import.meta.url).pathname))) {
  process.exitCode = main(process.argv.slice(2));
}
