import { ListOf, MomentField, OneOf, IdField, Text, Texts, WholeField } from '../platform/index.js';

export class CheckpointParams {
  @Text({ pattern: /^\d{6}$/, message: '应为 6 位城市代码' })
  cityCode: string;
}

export class CheckpointDto {
  @Text({ doc: '日志名称，也是签名密钥的名称' })
  origin: string;

  @Text({ max: 200, doc: '验签公钥（C2SP signed-note 格式，Ed25519）' })
  verifierKey: string;

  @WholeField({ doc: '日志中的日封存数' })
  size: number;

  @MomentField()
  madeAt: string;

  @Text({ max: 1000, doc: '检查点原文连同签名（C2SP tlog-checkpoint 格式）；请原样保存' })
  checkpoint: string;
}

export class ConsistencyQuery {
  @WholeField({ min: 1, doc: '较早检查点的日志大小' })
  from: number;

  @WholeField({ min: 1, optional: true, doc: '较晚检查点的日志大小；不填为最新' })
  to?: number;
}

export class ConsistencyDto {
  @Text({ max: 1000, doc: '较早的检查点' })
  earlier: string;

  @Text({ max: 1000, doc: '较晚的检查点' })
  later: string;

  @Texts({ max: 64, doc: '一致性证明（RFC 9162 第 2.1.4 节），base64' })
  proof: string[];
}

export class FindingDto {
  @OneOf(['signature-wrong', 'journal-gap', 'journal-fork'], { name: 'SealFinding', doc: 'signature-wrong：收银机签名不符；journal-gap：前一号流水缺失；journal-fork：所指的前一笔与实有的不同' })
  kind: string;

  @IdField()
  terminalId: string;

  @IdField()
  siteId: string;

  @WholeField()
  journalNumber: number;

  @IdField()
  tapId: string;

  @MomentField()
  foundAt: string;
}

export class FindingList {
  @ListOf(() => FindingDto, { max: 500 })
  items: FindingDto[];
}
