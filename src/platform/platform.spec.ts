import { randomBytes } from 'node:crypto';
import { blot, canonicalJson, FieldCipher, fromCursor, hashOf, isRerunnable, isUnavailable, openLog, ProblemException, readSettings, toCursor, toPage, WrongSetting } from './index.js';

describe('settings', () => {
  it('are the everyday ones when nothing is said', () => {
    expect(readSettings({})).toEqual({ port: 3000, host: '127.0.0.1', databaseUrl: undefined, redisUrl: undefined, dataDir: undefined, logLevel: 'info', jobs: 'here' });
  });

  it.each([
    ['PORT', '80a'], ['PORT', '70000'], ['PORT', '-1'],
    ['DATABASE_URL', 'mysql://u:secret@h/d'], ['DATABASE_URL', 'no address'], ['REDIS_URL', 'http://h'], ['LOG_LEVEL', 'loud'], ['JOBS', 'nowhere'],
  ])('stop the start with one line that names %s, and never quotes a password (%p)', (name, value) => {
    const read = () => readSettings({ [name]: value });
    expect(read).toThrow(WrongSetting);
    try {
      read();
    } catch (error) {
      const { message } = error as Error;
      expect(message).toContain(name);
      expect(message).not.toContain('\n');
      expect(message).not.toContain('secret');
    }
  });
});

describe('the log', () => {
  it.each([
    ['身份证 11010519491231002X 。', '[id-number]'], ['phone 13812345678', '[phone]'], ['card 6222021234567890123', '[number]'],
  ])('blots out numbers of people: %p', (line, mark) => {
    expect(blot(line)).toContain(mark);
    expect(blot(line)).not.toMatch(/\d{11}/);
  });

  it('leaves ids, amounts and moments as they are', () => {
    const line = '{"time":"2024-12-03T03:42:00.000Z","tapId":"0193891e-0000-7000-8000-000000000000","requestId":"1931d3e5-a645-457f-a55d-a13912345678","fen":1250}';
    expect(blot(line)).toBe(line);
  });

  it('writes JSON lines through the blot', () => {
    const lines: string[] = [];
    openLog('info', (line) => lines.push(line)).info({ note: '13812345678' }, 'hello');
    expect(JSON.parse(lines[0] as string)).toMatchObject({ note: '[phone]', msg: 'hello' });
  });
});

describe('field encryption', () => {
  const cipher = new FieldCipher(randomBytes(32));

  it('opens what it sealed, at the same place only, and notices a flipped bit', () => {
    const sealed = cipher.seal('王示例', 'elder.name:1');
    expect(cipher.open(sealed, 'elder.name:1')).toBe('王示例');
    expect(() => cipher.open(sealed, 'elder.name:2')).toThrow();
    const flipped = Buffer.from(sealed);
    flipped[flipped.length - 1]! ^= 1;
    expect(() => cipher.open(flipped, 'elder.name:1')).toThrow();
    expect(cipher.seal('王示例', 'elder.name:1').equals(sealed)).toBe(false);
  });

  it('finds equal values of one field by a blind index, and keeps fields and installations apart', () => {
    expect(cipher.blindIndex('card', '1')).toBe(cipher.blindIndex('card', '1'));
    expect(cipher.blindIndex('card', '1')).not.toBe(cipher.blindIndex('phone', '1'));
    expect(new FieldCipher(randomBytes(32)).check).not.toBe(cipher.check);
  });
});

describe('canonical JSON', () => {
  it('does not depend on the order of keys or on absent fields', () => {
    expect(canonicalJson({ b: 1, a: [undefined, { d: null, c: '价' }], x: undefined })).toBe('{"a":[null,{"c":"价","d":null}],"b":1}');
    expect(hashOf({ a: 1, b: 2 })).toBe(hashOf({ b: 2, a: 1 }));
    expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: '1' }));
  });
});

describe('paging', () => {
  it('hands out a cursor while there is more, and takes back only its own', () => {
    const page = toPage([{ n: 1 }, { n: 2 }, { n: 3 }], 2, (row) => [row.n]);
    expect(page.items).toEqual([{ n: 1 }, { n: 2 }]);
    expect(fromCursor(page.nextCursor ?? '', 1)).toEqual([2]);
    expect(toPage([{ n: 1 }], 2, (row) => [row.n]).nextCursor).toBeNull();
    expect(fromCursor(undefined, 1)).toBeNull();
    for (const wrong of ['x', toCursor([1, 2]), toCursor([0.5]), Buffer.from('{}').toString('base64url')]) {
      expect(() => fromCursor(wrong, 1)).toThrow(ProblemException);
    }
  });
});

describe('database errors', () => {
  it('are told apart: run again, come back later, defect', () => {
    expect([isRerunnable({ code: '40001' }), isRerunnable({ code: '40P01' }), isRerunnable({ code: '23505' }), isRerunnable(null)]).toEqual([true, true, false, false]);
    expect([isUnavailable({ code: '57P01' }), isUnavailable({ code: 'ECONNREFUSED' }), isUnavailable({ code: '23505' }), isUnavailable(new Error('x'))]).toEqual([true, true, false, false]);
  });
});
