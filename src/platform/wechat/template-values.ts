/** What a field of a subscribe template takes, by the letters its name begins with (WeChat's table of parameter types). */
const RULES: Readonly<Record<string, RegExp>> = {
  thing: /^[^\n]{1,20}$/u,
  number: /^-?\d{1,32}(\.\d{1,10})?$/,
  letter: /^[A-Za-z]{1,32}$/,
  symbol: /^[\p{P}\p{S}]{1,5}$/u,
  character_string: /^[\x21-\x7e]{1,32}$/,
  time: /^(?:\d{4}年\d{1,2}月\d{1,2}日 ?)?\d{1,2}:\d{2}(?::\d{2})?$|^\d{4}-\d{2}-\d{2} \d{2}:\d{2}(?::\d{2})?$/,
  date: /^(?:\d{4}年)?\d{1,2}月\d{1,2}日(?: \d{1,2}:\d{2})?$|^\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2})?$/,
  amount: /^[¥￥]?\d{1,10}(?:\.\d{1,2})?元?$/,
  phone_number: /^[\d\-+ ]{1,17}$/,
  car_number: /^[\p{L}\d]{1,8}$/u,
  name: /^(?:\p{Script=Han}{1,10}|[A-Za-z ]{1,20})$/u,
  phrase: /^\p{Script=Han}{1,5}$/u,
};

/**
 * What is wrong with a value of a subscribe message, before it is sent: WeChat takes such a message for lost.
 * @param field a template's name of it, such as `thing1` or `character_string3`
 * @returns the kind of the field that the value breaks, null where it is fine
 */
export function valueProblem(field: string, value: string): string | null {
  const kind = /^([a-z_]+?)\d*$/.exec(field)?.[1] ?? field;
  return RULES[kind]?.test(value) === true ? null : kind;
}
