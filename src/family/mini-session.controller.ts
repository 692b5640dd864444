import { Body, Controller, Get, HttpCode, Inject, Post, Query, Redirect, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { MiniSessions } from '../access/index.js';
import { Allow, answer, CurrentActor, ProblemException, SETTINGS, type MiniActor, type Settings } from '../platform/index.js';
import { MiniAuthorizeQuery, MiniCashierQuery, MiniLogInAnswer, MiniLogInBody, MiniLoggedOutDto, MiniMeDto, MiniPhoneBody, MiniRefreshBody, MiniTokensDto } from './mini-session.dto.js';
import { KeepPhone } from './keep-phone.js';
import { LogInByWechat } from './log-in.js';
import type { AccountView } from './view-kin.js';

function shown({ account, kin }: AccountView): MiniMeDto {
  return { account, kin: kin.map((one) => ({ ...one, rights: [...one.rights] })) };
}

/** Who comes in by the mini-program, or by its page in a browser. */
@ApiTags('小程序')
@Controller('v1/mini')
export class MiniSessionController {
  constructor(private readonly logsIn: LogInByWechat, private readonly keeps: KeepPhone, private readonly sessions: MiniSessions, @Inject(SETTINGS) private readonly settings: Settings) {}

  @Post('log-in')
  @HttpCode(200)
  @Allow('public')
  @ApiOperation({ summary: '用 wx.login 的 code 登录；是谁只听微信的' })
  @ApiOkResponse({ type: MiniLogInAnswer })
  async logIn(@Body() body: MiniLogInBody, @Req() request: FastifyRequest): Promise<MiniLogInAnswer> {
    const { accessToken, expiresIn, refreshToken, ...view } = answer(await this.logsIn.run({ ...body, address: request.ip }));
    return { accessToken, expiresIn, refreshToken, ...shown(view) };
  }

  @Post('refresh')
  @HttpCode(200)
  @Allow('public')
  @ApiOperation({ summary: '换一对新令牌；旧续期令牌再次出现则整个登录失效' })
  @ApiOkResponse({ type: MiniTokensDto })
  async refresh(@Body() { refreshToken }: MiniRefreshBody): Promise<MiniTokensDto> {
    return answer(await this.sessions.refresh(refreshToken));
  }

  @Post('log-out')
  @HttpCode(200)
  @Allow('mini')
  @ApiBearerAuth()
  @ApiOperation({ summary: '退出这台手机上的登录' })
  @ApiOkResponse({ type: MiniLoggedOutDto })
  async logOut(@CurrentActor() actor: MiniActor): Promise<MiniLoggedOutDto> {
    await this.sessions.end(actor);
    return { loggedOut: true };
  }

  @Get('me')
  @Allow('mini')
  @ApiBearerAuth()
  @ApiOperation({ summary: '登录人和绑定的老人' })
  @ApiOkResponse({ type: MiniMeDto })
  async me(@CurrentActor() actor: MiniActor): Promise<MiniMeDto> {
    return shown(await this.logsIn.me(actor));
  }

  @Post('phone')
  @HttpCode(200)
  @Allow('mini')
  @ApiBearerAuth()
  @ApiOperation({ summary: '登记手机号：用手机号按钮的 code；微信给不出时自己填，自己填的不作凭证，社区工作人员可以登记核对过的' })
  @ApiOkResponse({ type: MiniMeDto })
  async phone(@CurrentActor() actor: MiniActor, @Body() { code, phone }: MiniPhoneBody): Promise<MiniMeDto> {
    if (code !== undefined && phone === undefined) return shown(answer(await this.keeps.byWechat(actor, code)));
    if (phone !== undefined && code === undefined) return shown(answer(await this.keeps.typed(actor, phone)));
    throw new ProblemException('phone-one-way');
  }

  @Get('wechat/authorize')
  @Allow('public')
  @Redirect()
  @ApiOperation({ summary: '浏览器版的登录：转到模拟微信选人（接通真微信后关闭）' })
  authorize(@Query() { what, state }: MiniAuthorizeQuery, @Req() request: FastifyRequest): { url: string; statusCode: 302 } {
    return this.toSimulator(what === 'phone' ? 'phone' : 'authorize', { redirect_uri: pageOf(request), ...(state === undefined ? {} : { state }) });
  }

  @Get('wechat/cashier')
  @Allow('public')
  @Redirect()
  @ApiOperation({ summary: '浏览器版的付款：转到模拟微信的收银台（接通真微信后关闭）' })
  cashier(@Query() { prepayId }: MiniCashierQuery, @Req() request: FastifyRequest): { url: string; statusCode: 302 } {
    return this.toSimulator('cashier', { prepay_id: prepayId, return_uri: `${pageOf(request)}?paid=1` });
  }

  private toSimulator(page: string, query: Record<string, string>): { url: string; statusCode: 302 } {
    const { wechat } = this.settings;
    if (wechat?.simulated !== true) throw new ProblemException('wechat-page-off');
    return { url: `${wechat.apiUrl}/_sim/${page}?${new URLSearchParams(query).toString()}`, statusCode: 302 };
  }
}

/** The elder's page, at the address by which the browser knows it. */
function pageOf({ protocol, host }: FastifyRequest): string {
  return `${protocol}://${host}/elder`;
}
