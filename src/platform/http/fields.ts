import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsDefined, IsIn, IsInt, IsNumber, IsOptional, IsString, Length, Matches, Max, Min, ValidateBy, ValidateIf, ValidateNested,
} from 'class-validator';
import { isCivilDate, isCivilMonth } from '../../kernel/index.js';

/** What every field may say: what it means, an example, whether it may be absent or null. */
export interface FieldOptions {
  readonly doc?: string;
  readonly example?: unknown;
  readonly optional?: boolean;
  readonly nullable?: boolean;
}

function field(options: FieldOptions, api: ApiPropertyOptions, ...checks: PropertyDecorator[]): PropertyDecorator {
  const merged = {
    ...api,
    ...(options.doc === undefined ? {} : { description: options.doc }),
    ...(options.example === undefined ? {} : { example: options.example }),
    ...(options.nullable ? { nullable: true } : {}),
    required: !options.optional,
  } as ApiPropertyOptions;
  const lenient = [
    ...(options.optional ? [IsOptional()] : []),
    ...(options.nullable ? [ValidateIf((_, value) => value !== null)] : []),
  ];
  return applyDecorators(ApiProperty(merged), ...lenient, ...checks);
}

/** A line of text without control characters, trimmed length `min` (1) to `max` (100). */
export function Text(options: FieldOptions & { min?: number; max?: number; pattern?: RegExp; message?: string } = {}): PropertyDecorator {
  const { min = 1, max = 100, pattern = /^[^\u0000-\u001f\u007f]*$/u, message = '含有不允许的字符或格式不对' } = options;
  return field(options, { type: String, minLength: min, maxLength: max },
    IsString({ message: '应为文字' }), Length(min, max, { message: `长度应为 ${min} 到 ${max} 个字` }), Matches(pattern, { message }));
}

/** A UUID in lower case, made by the client for deeds. */
export function IdField(options: FieldOptions = {}): PropertyDecorator {
  return field(options, { type: String, format: 'uuid' },
    Matches(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, { message: '应为小写的 UUID' }));
}

/** An administrative division's code: 6, 9 or 12 digits (GB/T 2260 and the statistics codes below it). */
export function DivisionCodeField(options: FieldOptions = {}): PropertyDecorator {
  return field({ example: '371502', ...options }, { type: String }, Matches(/^\d{6}(\d{3}){0,2}$/, { message: '应为 6、9 或 12 位行政区划代码' }));
}

/**
 * A whole number of fen, `min` (0) to `max` (1 billion yuan). A fraction of a fen is refused here.
 * @param options `message`: one sentence for whatever is wrong with it
 */
export function FenField(options: FieldOptions & { min?: number; max?: number; message?: string } = {}): PropertyDecorator {
  const { min = 0, max = 100_000_000_000, message } = options;
  const holds = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
  if (message !== undefined) return field(options, { type: 'integer', minimum: min, maximum: max }, ValidateBy({ name: 'fen', validator: { validate: holds, defaultMessage: () => message } }));
  return field(options, { type: 'integer', minimum: min, maximum: max },
    IsInt({ message: '金额应为整数分，不能有小数' }), Min(min, { message: `金额不能小于 ${min} 分` }), Max(max, { message: `金额不能大于 ${max} 分` }));
}

/** A whole number. */
export function WholeField(options: FieldOptions & { min?: number; max?: number } = {}): PropertyDecorator {
  const { min = 0, max = 1_000_000_000 } = options;
  return field(options, { type: 'integer', minimum: min, maximum: max },
    Type(() => Number), IsInt({ message: '应为整数' }), Min(min, { message: `不能小于 ${min}` }), Max(max, { message: `不能大于 ${max}` }));
}

/** A number that may have decimals, for positions on the map. */
export function DecimalField(options: FieldOptions & { min: number; max: number }): PropertyDecorator {
  return field(options, { type: Number, minimum: options.min, maximum: options.max },
    IsNumber({}, { message: '应为数字' }), Min(options.min, { message: `不能小于 ${options.min}` }), Max(options.max, { message: `不能大于 ${options.max}` }));
}

/** A real day of the calendar, `YYYY-MM-DD`. */
export function CivilDateField(options: FieldOptions = {}): PropertyDecorator {
  return field({ example: '2024-12-03', ...options }, { type: String, format: 'date' },
    ValidateBy({ name: 'civilDate', validator: { validate: isCivilDate, defaultMessage: () => '应为真实存在的日期，如 2024-12-03' } }));
}

/** A month, `YYYY-MM`. */
export function CivilMonthField(options: FieldOptions = {}): PropertyDecorator {
  return field({ example: '2024-12', ...options }, { type: String, pattern: '^\\d{4}-\\d{2}$' },
    ValidateBy({ name: 'civilMonth', validator: { validate: isCivilMonth, defaultMessage: () => '应为月份，如 2024-12' } }));
}

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})$/;

/** A moment with its offset, `2024-12-03T11:42:00+08:00`. */
export function MomentField(options: FieldOptions = {}): PropertyDecorator {
  return field({ example: '2024-12-03T11:42:00+08:00', ...options }, { type: String, format: 'date-time' },
    ValidateBy({ name: 'moment', validator: {
      validate: (value: unknown) => typeof value === 'string' && MOMENT.test(value) && !Number.isNaN(Date.parse(value)),
      defaultMessage: () => '应为带时区的时间，如 2024-12-03T11:42:00+08:00',
    } }));
}

/** Yes or no. */
export function YesNo(options: FieldOptions = {}): PropertyDecorator {
  return field(options, { type: Boolean }, IsBoolean({ message: '应为 true 或 false' }));
}

/** One of a list of words. */
export function OneOf(words: readonly string[], options: FieldOptions & { name?: string } = {}): PropertyDecorator {
  const { name } = options;
  return field(options, { enum: [...words], ...(name === undefined ? {} : { enumName: name }) } as ApiPropertyOptions,
    IsIn([...words], { message: `应为以下之一：${words.join('、')}` }));
}

// To class-validator an object that is missing, or null in a list, is no object to look into: it has to be there first.
// Swagger takes a function for a late reference only if it is named `type`, so `of` is wrapped in one.
/** A nested object. */
export function Nested(of: () => new () => object, options: FieldOptions = {}): PropertyDecorator {
  return field(options, { type: () => of() } as ApiPropertyOptions, IsDefined({ message: '应为对象' }), ValidateNested({ message: '应为对象' }), Type(of));
}

/** A list of nested objects, `min` (0) to `max` (100) of them. */
export function ListOf(of: () => new () => object, options: FieldOptions & { min?: number; max?: number } = {}): PropertyDecorator {
  const { min = 0, max = 100 } = options;
  return field(options, { type: () => of(), isArray: true, minItems: min, maxItems: max } as ApiPropertyOptions,
    IsArray({ message: '应为列表' }), ArrayMinSize(min, { message: `至少 ${min} 项` }), ArrayMaxSize(max, { message: `最多 ${max} 项` }),
    IsDefined({ each: true, message: '每项应为对象' }), ValidateNested({ each: true, message: '每项应为对象' }), Type(of));
}

/** A list of words out of a given list. */
export function WordsOf(words: readonly string[], options: FieldOptions & { min?: number; max?: number } = {}): PropertyDecorator {
  const { min = 0, max = 50 } = options;
  return field(options, { enum: [...words], isArray: true, minItems: min, maxItems: max } as ApiPropertyOptions,
    IsArray({ message: '应为列表' }), ArrayMinSize(min, { message: `至少 ${min} 项` }), ArrayMaxSize(max, { message: `最多 ${max} 项` }),
    IsIn([...words], { each: true, message: `每项应为以下之一：${words.join('、')}` }));
}

/** A list of free texts, up to `max` (50) of them of `length` (100) signs each. */
export function Texts(options: FieldOptions & { max?: number; length?: number } = {}): PropertyDecorator {
  const { max = 50, length = 100 } = options;
  return field(options, { type: String, isArray: true, maxItems: max } as ApiPropertyOptions,
    IsArray({ message: '应为列表' }), ArrayMaxSize(max, { message: `最多 ${max} 项` }),
    IsString({ each: true, message: '每项应为文字' }), Length(0, length, { each: true, message: `每项最多 ${length} 个字` }));
}

/** Cursor and page size of every list route. */
export class PageQuery {
  @Text({ optional: true, max: 400, doc: '上一页返回的 nextCursor' })
  cursor?: string;

  @WholeField({ optional: true, min: 1, max: 500, doc: '每页条数，默认 50' })
  limit?: number;
}
