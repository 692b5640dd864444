import { MomentField, Text, WholeField } from '../platform/index.js';

/** A terminal changes its key. */
export class TerminalKeyRequest {
  @Text({ max: 200, pattern: /^[A-Za-z0-9+/=]+$/, message: '应为 base64', doc: '新公钥（SPKI DER，P-256）的 base64' })
  publicKey!: string;

  @WholeField({ min: 2, doc: '新密钥的代数：现用密钥的代数加一' })
  generation!: number;

  @Text({ max: 200, pattern: /^[A-Za-z0-9+/=_-]+$/, message: '应为 base64', doc: '新私钥的 ECDSA P-256 SHA-256 签名（r‖s，64 字节）的 base64' })
  signature!: string;
}

/** The key that a terminal has from now on. */
export class TerminalKeyAnswer {
  @WholeField({ min: 1, doc: '现用密钥的代数' })
  generation!: number;

  @MomentField({ doc: '旧密钥在此之前仍可建立会话' })
  overlapUntil!: string;
}
