import { readFileSync } from 'node:fs';
import { breakLines } from './break-lines.js';
import { TypeCase } from './type-case.js';

const wide = (text: string): number => [...text].length;

describe('lines', () => {
  it.each([
    ['一二三四五六', 3, ['一二三', '四五六']],
    ['一二三，四五', 3, ['一二', '三，四', '五']],
    ['一二（三）四', 3, ['一二', '（三）', '四']],
    ['共1234.5元整', 5, ['共', '1234.5', '元整']],
    ['一二\n三', 5, ['一二', '三']],
    ['', 5, ['']],
  ])('%s within %d', (text, most, lines) => {
    expect(breakLines(text, most, wide)).toEqual(lines);
  });

  it('lose nothing, however narrow', () => {
    const text = '原价15元，市补1.5元，县补1.5元，您付12元。（含陪餐15元）';
    for (let most = 1; most < 40; most += 1) expect(breakLines(text, most, wide).join('')).toBe(text);
  });
});

describe('the type case', () => {
  const types = new TypeCase(400);

  it('unpacks a file with every table that it had', () => {
    const [run] = types.runs('元');
    const packed = readFileSync(run?.file ?? '');
    const font = types.fontOf(run?.file ?? '');
    const tags = (bytes: Buffer, head: number, entry: number) => Array.from({ length: bytes.readUInt16BE(head === 44 ? 12 : 4) }, (_, index) => bytes.toString('latin1', head + index * entry, head + index * entry + 4));
    expect(tags(font, 12, 16)).toEqual(tags(packed, 44, 20));
    expect(font.length).toBe(packed.readUInt32BE(16));
    expect(types.fontOf(run?.file ?? '')).toBe(font);
  });

  it('has what menus, names and amounts are written with', () => {
    const text = '幸福食堂老人套餐红烧茄子豆腐丸子馒头粥饺聊城东昌府区王张李赵欧阳0123456789.：，。、（）￥×【】';
    expect(types.runs(text).map((run) => run.text).join('')).toBe(text);
    expect(types.runs('15元').map(({ file, text: part }) => [/latin/.test(file), part])).toEqual([[true, '15'], [false, '元']]);
  });

  it('shows that it lacks a character, in the place of it', () => {
    expect(types.runs('㛃女士').map((run) => run.text).join('')).toBe('〓女士');
  });
});
