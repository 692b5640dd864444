import { Body, Controller, Get, Header, HttpCode, Param, Post, Put, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Allow, answer, CurrentActor, IdField, Text, WholeField, type StaffActor } from '../platform/index.js';
import { MOST_PHOTO_BYTES } from './domain/index.js';
import { RecordPhoto } from './record-photo.js';

/** Base64 takes four letters for three bytes; one above the limit still gets the sentence that says so. */
const MOST_LETTERS = Math.ceil(MOST_PHOTO_BYTES / 3) * 4 + 4_096;

class ElderParams {
  @IdField()
  id: string;
}

class PhotoBody {
  @IdField()
  id: string;

  @Text({ max: MOST_LETTERS, pattern: /^[0-9A-Za-z+/]+={0,2}$/, message: '应为 base64', doc: 'JPEG、PNG 或 WebP 的 base64，不超过 128 KB，边长 96 到 1200 像素；拍摄地点等附带信息由服务端去除' })
  image: string;
}

class PhotoView {
  @IdField()
  photoId: string;

  @WholeField()
  width: number;

  @WholeField()
  height: number;
}

class PhotoWithdrawalBody {
  @IdField()
  id: string;

  @Text({ doc: '原因' })
  reason: string;
}

class PhotoWithdrawalView {
  @IdField()
  withdrawalId: string;
}

/** Photos of elders who let canteens use them. */
@ApiTags('老人与助餐卡')
@ApiBearerAuth()
@Controller('v1/elders/:id/photo')
export class PhotoController {
  constructor(private readonly photos: RecordPhoto) {}

  @Put()
  @Allow('communityWorker', 'townshipOfficer')
  @ApiOperation({ summary: '登记照片，替换原照片；须先登记对食堂的照片授权' })
  @ApiOkResponse({ type: PhotoView })
  async take(@Param() { id }: ElderParams, @Body() body: PhotoBody, @CurrentActor() actor: StaffActor): Promise<PhotoView> {
    return answer(await this.photos.take(actor, id, body));
  }

  @Get()
  @Header('cache-control', 'no-store')
  @Header('cross-origin-resource-policy', 'same-origin')
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOperation({ summary: '查看照片；每次查看留审计' })
  @ApiProduces('image/jpeg', 'image/png', 'image/webp')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async look(@Param() { id }: ElderParams, @CurrentActor() actor: StaffActor): Promise<StreamableFile> {
    const { bytes, mediaType } = answer(await this.photos.look(actor, id));
    return new StreamableFile(bytes, { type: mediaType, length: bytes.length, disposition: 'inline' });
  }

  @Post('withdrawal')
  @HttpCode(200)
  @Allow('communityWorker', 'townshipOfficer', 'countyOfficer', 'cityOfficer')
  @ApiOperation({ summary: '撤回照片；图像随即删除' })
  @ApiOkResponse({ type: PhotoWithdrawalView })
  async withdraw(@Param() { id }: ElderParams, @Body() body: PhotoWithdrawalBody, @CurrentActor() actor: StaffActor): Promise<PhotoWithdrawalView> {
    return answer(await this.photos.withdraw(actor, id, body));
  }
}
