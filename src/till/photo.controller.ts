import { Body, Controller, Get, Header, HttpCode, Param, Post, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { OpenPhoto } from '../elder/index.js';
import { Allow, answer, CurrentActor, ListOf, ProblemException, Text, type TerminalActor } from '../platform/index.js';
import { ShowPhoto } from './show-photo.js';

const HANDLE = /^[0-9A-Za-z_-]{22}$/;
const MOST_PHOTOS = 50_000;

class PhotoMarkDto {
  @Text({ doc: '卡在本终端的代号' })
  handle: string;

  @Text({ doc: '照片的版本；变了就重新取' })
  photo: string;
}

class PhotoListDto {
  @ListOf(() => PhotoMarkDto, { max: MOST_PHOTOS })
  items: PhotoMarkDto[];
}

class HandleParams {
  @Text({ min: 22, max: 22, pattern: HANDLE, message: '应为名册中的代号' })
  handle: string;
}

class StandingBody {
  @Text({ optional: true, max: 40, doc: '卡号；与 note 二选一' })
  number?: string;

  @Text({ optional: true, max: 400, doc: '查找所得的凭据' })
  note?: string;
}

const PICTURE = { schema: { type: 'string', format: 'binary' } };
const asFile = ({ bytes, mediaType }: OpenPhoto): StreamableFile => new StreamableFile(bytes, { type: mediaType, length: bytes.length, disposition: 'inline' });

/** Photos for the cashier's eyes. */
@ApiTags('收银机')
@Controller('v1/till/photos')
export class TillPhotoController {
  constructor(private readonly photos: ShowPhoto) {}

  @Get()
  @Allow('terminal')
  @ApiOperation({ summary: '本点常客中有照片的；以本终端的代号列出' })
  @ApiOkResponse({ type: PhotoListDto })
  async list(@CurrentActor() actor: TerminalActor): Promise<PhotoListDto> {
    return { items: await this.photos.marks(actor) };
  }

  @Get(':handle')
  @Header('cache-control', 'no-store')
  @Header('cross-origin-resource-policy', 'same-origin')
  @Allow('terminal')
  @ApiOperation({ summary: '一位常客的照片' })
  @ApiProduces('image/jpeg', 'image/png', 'image/webp')
  @ApiOkResponse(PICTURE)
  async one(@CurrentActor() actor: TerminalActor, @Param() { handle }: HandleParams): Promise<StreamableFile> {
    return asFile(answer(await this.photos.byHandle(actor, handle)));
  }

  @Post()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Header('cross-origin-resource-policy', 'same-origin')
  @Allow('terminal')
  @ApiOperation({ summary: '在场者的照片：按刚刷的卡，或按查找所得的凭据' })
  @ApiProduces('image/jpeg', 'image/png', 'image/webp')
  @ApiOkResponse(PICTURE)
  async standing(@CurrentActor() actor: TerminalActor, @Body() { number, note }: StandingBody): Promise<StreamableFile> {
    if (number !== undefined && note === undefined) return asFile(answer(await this.photos.ofStanding(actor, { number })));
    if (note !== undefined && number === undefined) return asFile(answer(await this.photos.ofStanding(actor, { note })));
    throw new ProblemException('fields-wrong', undefined, [{ field: 'note', message: '卡号与查找凭据须填且只填一项' }]);
  }
}
