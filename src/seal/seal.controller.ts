import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, answer, at, CurrentActor, Transactor, type StaffActor } from '../platform/index.js';
import { listFindings } from './finding.store.js';
import { ReadCheckpoint } from './read-checkpoint.js';
import { CheckpointDto, CheckpointParams, ConsistencyDto, ConsistencyQuery, FindingList } from './seal.dto.js';

const MOST_FINDINGS = 500;

@ApiTags('封存')
@Controller('v1')
export class SealController {
  constructor(private readonly checkpoints: ReadCheckpoint, private readonly transactor: Transactor) {}

  @Get('public/:cityCode/checkpoint')
  @Allow('public')
  @ApiOperation({ summary: '最新的检查点和验签公钥：任何人都可以保存一份，以后核对账目有没有被改过；不含个人信息' })
  @ApiOkResponse({ type: CheckpointDto })
  async newest(@Param() { cityCode }: CheckpointParams): Promise<CheckpointDto> {
    return answer(await this.checkpoints.newest(cityCode));
  }

  @Get('seals/consistency')
  @Allow('cityOfficer', 'countyOfficer', 'financeReviewer', 'financeApprover', 'auditor')
  @ApiOperation({ summary: '证明较晚的检查点包含较早检查点的全部封存，没有改动' })
  @ApiOkResponse({ type: ConsistencyDto })
  async consistency(@CurrentActor() actor: StaffActor, @Query() { from, to }: ConsistencyQuery): Promise<ConsistencyDto> {
    return answer(await this.checkpoints.consistency(actor.cityCode, from, to ?? null));
  }

  @Get('seals/findings')
  @Allow('townshipOfficer', 'countyOfficer', 'cityOfficer', 'financeReviewer', 'financeApprover', 'auditor')
  @ApiOperation({ summary: '封存时发现的问题：签名不符、流水缺号、流水分叉；不影响记账和封存' })
  @ApiOkResponse({ type: FindingList })
  async findings(@CurrentActor() actor: StaffActor): Promise<FindingList> {
    const rows = await this.transactor.run((tx) => listFindings(tx, actor.cityCode, actor.divisionCode, MOST_FINDINGS));
    return { items: rows.map((row) => ({ ...row, foundAt: at(row.foundAt) })) };
  }
}
