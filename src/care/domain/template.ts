/** Where a message leads to that is touched: the page of the mini-program's that has all that was ever told. */
export const INBOX_PAGE = 'web/miniprogram/pages/screen/screen?page=inbox';

/** Kinds of fields of WeChat's templates that one of our parts can stand in; its own client checks each value against its rule. */
const FIELD = /^(thing|time|date|phrase|name|character_string|number)\d{1,2}$/;
/** The most signs of a kind, where cutting leaves the sense. */
const MOST: Readonly<Record<string, number>> = { thing: 20, name: 10 };

/** Whether a template can have a field of this name. */
export function isTemplateField(field: string): boolean {
  return FIELD.test(field);
}

/** What goes into a template's fields, cut to what WeChat takes. A field whose part says nothing keeps a dash, as WeChat takes no empty one. */
export function messageData(fields: Readonly<Record<string, string>>, said: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([field, part]) => [field, fit(FIELD.exec(field)?.[1] ?? '', said[part] ?? '')]));
}

function fit(type: string, value: string): string {
  const [signs, most = signs.length] = [[...value], MOST[type]];
  if (value === '') return '-';
  return signs.length > most ? `${signs.slice(0, most - 1).join('')}…` : value;
}
