import { Body, Controller, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, answer, at, CurrentActor, type MiniActor } from '../platform/index.js';
import { CodeElderParams, OfflineSecretBody, OfflineSecretDto, PassBody, PassDto, ShownCodeDto } from './code.dto.js';
import { IssuePass } from './issue-pass.js';
import { ShowCode } from './show-code.js';

/** Codes that a phone shows in place of the card. */
@ApiTags('小程序')
@ApiBearerAuth()
@Controller('v1/mini/elders')
export class MiniCodeController {
  constructor(private readonly shows: ShowCode, private readonly passes: IssuePass) {}

  @Post(':id/code')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Allow('mini')
  @ApiOperation({ summary: '取一个用餐码：60 秒内有效，只能用一次' })
  @ApiOkResponse({ type: ShownCodeDto })
  async shown(@CurrentActor() actor: MiniActor, @Param() { id }: CodeElderParams): Promise<ShownCodeDto> {
    const code = answer(await this.shows.shown(actor, id));
    return { ...code, expiresAt: at(code.expiresAt) };
  }

  @Post(':id/offline-code')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Allow('mini')
  @ApiOperation({ summary: '取手机没有网络时的动态码密钥；每次登录只给一次' })
  @ApiOkResponse({ type: OfflineSecretDto })
  async secret(@CurrentActor() actor: MiniActor, @Param() { id }: CodeElderParams, @Body() body: OfflineSecretBody): Promise<OfflineSecretDto> {
    const secret = answer(await this.shows.secret(actor, id, body.id));
    return { ...secret, serverTime: at(secret.serverTime) };
  }

  @Post(':id/pass')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Allow('mini')
  @ApiOperation({ summary: '取收银台断网时用的通行码：当天一个助餐点的一餐' })
  @ApiOkResponse({ type: PassDto })
  async pass(@CurrentActor() actor: MiniActor, @Param() { id }: CodeElderParams, @Body() body: PassBody): Promise<PassDto> {
    const pass = answer(await this.passes.run(actor, id, body));
    return { ...pass, expiresAt: at(pass.expiresAt) };
  }
}
