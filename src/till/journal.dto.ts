import { IdField, ListOf, MomentField, Nested, OneOf, Text, WholeField } from '../platform/index.js';
import { MOST_FILE_ENTRIES } from './domain/index.js';

const BASE64URL = /^[A-Za-z0-9_-]+$/;
const MOST_SIGNS = 4_000_000;

export class JournalFileDto {
  @WholeField({ doc: '文件格式' })
  format: number;

  @IdField()
  terminalId: string;

  @MomentField({ doc: '导出时间，按收银机时钟' })
  madeAt: string;

  @Text({ max: 100, pattern: BASE64URL })
  key: string;

  @Text({ max: 40, pattern: BASE64URL })
  iv: string;

  @Text({ max: MOST_SIGNS, pattern: BASE64URL, doc: '密封给本服务的流水' })
  sealed: string;
}

export class JournalBody {
  @IdField({ doc: '这次导入的编号' })
  id: string;

  @Nested(() => JournalFileDto, { doc: '收银机导出的文件，原样' })
  file: JournalFileDto;
}

export class FiledFateDto {
  @WholeField({ nullable: true, max: Number.MAX_SAFE_INTEGER, doc: '流水号' })
  number: number | null;

  @Text({ nullable: true, max: 64, doc: '用餐或撤销的编号' })
  id: string | null;

  @OneOf(['sale', 'void'], { name: 'FiledKind' })
  kind: string;

  @OneOf(['booked', 'known', 'refused', 'open'], { name: 'FiledFate', doc: '已记账、先前已收到、按规定不记账、没有处理' })
  fate: string;

  @Text({ nullable: true })
  code: string | null;

  @Text({ nullable: true, max: 400 })
  sentence: string | null;
}

export class JournalImportedDto {
  @IdField()
  importId: string;

  @IdField()
  terminalId: string;

  @Text()
  label: string;

  @ListOf(() => FiledFateDto, { max: MOST_FILE_ENTRIES })
  entries: FiledFateDto[];

  @Text({ max: 400 })
  sentence: string;
}
