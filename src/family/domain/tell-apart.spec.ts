import { addressOf, tellApart } from './index.js';

const one = (name: string, tail: string) => ({ name, tail });
const told = (...all: ReturnType<typeof one>[]): string[] => tellApart(all, ({ name }) => `${name.slice(0, 1)}**`, [({ name }) => `${name.slice(0, 1)}*${name.slice(-1)}`, ({ tail }) => `尾号 ${tail}`]);

describe('relatives', () => {
  it('of one surname get words of their own, and others give no more away than before', () => {
    expect(told(one('林大海', '1'), one('林小花', '2'), one('王明', '3'))).toEqual(['林*海', '林*花', '王**']);
  });

  it('are told apart by what all of them differ in, and else by their place', () => {
    expect(told(one('林大海', '1'), one('林小海', '2'))).toEqual(['尾号 1', '尾号 2']);
    expect(told(one('林大海', '1'), one('王明', '1'), one('林小海', '1'))).toEqual(['林** 第 1 位', '王**', '林** 第 2 位']);
  });
});

it('calls the elder as the relative does', () => {
  expect([addressOf('female', 'child', '张'), addressOf('male', 'child', '张'), addressOf('male', 'neighbour', '张'), addressOf('female', null, '张')]).toEqual(['妈妈', '爸爸', '张爷爷', '您']);
});
