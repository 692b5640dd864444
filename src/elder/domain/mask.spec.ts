import { maskIdentityNumber, maskName, maskPhone } from './mask.js';

describe('masking', () => {
  it.each([
    ['张三', '张**'], ['张三丰', '张**'], ['欧阳修', '欧阳**'], ['诸葛亮', '诸葛**'], ['欧阳', '欧**'], ['古丽·买买提', '古**'], ['𠮷田', '𠮷**'], ['张', '张**'],
  ])('%s becomes %s', (name, masked) => expect(maskName(name)).toBe(masked));

  it.each([['13812345678', '138****5678'], ['063581234567', '063*****4567'], ['8123456', '****3456']])('%s becomes %s', (phone, masked) => expect(maskPhone(phone)).toBe(masked));

  it('keeps the ends of an identity number', () => expect(maskIdentityNumber('11010519491231002X')).toBe('1****************X'));
});
