import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow, CurrentActor, FieldCipher, type TerminalActor } from '../platform/index.js';
import { TillBookingsDto } from './bookings.dto.js';
import { ServeBookings } from './serve-bookings.js';
import { SIGNATURE_HEADER, TillSigner } from './signing.js';

/** Booked meals, for the counter that hands them out. */
@ApiTags('收银机')
@Controller('v1/till/bookings')
export class BookingsController {
  private readonly signer: TillSigner;

  constructor(private readonly serves: ServeBookings, cipher: FieldCipher) {
    this.signer = new TillSigner(cipher);
  }

  @Get()
  @Allow('terminal')
  @ApiOperation({ summary: '本点今明两天的预订，无姓名；服务器签名' })
  @ApiOkResponse({ type: TillBookingsDto })
  async all(@CurrentActor() actor: TerminalActor, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { tag, text: made } = await this.serves.page(actor);
    void reply.header('etag', tag);
    if (request.headers['if-none-match'] === tag) {
      void reply.status(304);
      return '';
    }
    const text = made();
    void reply.header('content-type', 'application/json; charset=utf-8').header(SIGNATURE_HEADER, this.signer.sign(text));
    return text;
  }
}
