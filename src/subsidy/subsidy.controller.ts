import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Allow, ProblemException, ROLES } from '../platform/index.js';
import { decideMeal, explainInWords, pathOf } from './domain/index.js';
import type { Pack } from './load-packs.js';
import { packSummary, packView } from './pack-view.js';
import { PackLibrary } from './pack-library.js';
import { MealDecisionView, ExplainBody, PackList, PackView } from './subsidy.dto.js';
import './subsidy.problems.js';

/** Rules are public; trying them on facts is for staff. Nothing here is stored. */
@ApiTags('补贴政策')
@Controller('v1/packs')
export class SubsidyController {
  constructor(private readonly library: PackLibrary) {}

  @Get()
  @Allow('public')
  @ApiOkResponse({ type: PackList })
  list(): PackList {
    return { items: this.library.all().map(packSummary) };
  }

  @Get(':pack')
  @Allow('public')
  @ApiOkResponse({ type: PackView })
  one(@Param('pack') name: string): PackView {
    return packView(this.packNamed(name));
  }

  @Post(':pack/explain')
  @HttpCode(200)
  @ApiBearerAuth()
  @Allow(...ROLES)
  @ApiOkResponse({ type: MealDecisionView })
  explain(@Param('pack') name: string, @Body() body: ExplainBody): MealDecisionView {
    this.packNamed(name);
    const { elder, site, meal, uses } = body;
    const version = this.library.versionOn(name, meal.date);
    const decision = decideMeal({
      version,
      elder: elder === null ? null : {
        born: elder.born, died: elder.died, categories: elder.categories, careHomeStays: elder.careHomeStays,
        hukou: elder.hukouCode === null ? null : pathOf(elder.hukouCode),
        residence: elder.residenceCode === null ? null : pathOf(elder.residenceCode),
      },
      site: { kind: site.kind, supplyMode: site.supplyMode, division: pathOf(site.divisionCode) },
      meal: { ...meal, ...this.library.dayOf(meal.date) },
      uses,
    });
    return {
      ...decision, sample: version?.sample ?? null,
      funding: [...decision.funding], reasons: [...decision.reasons], uses: [...decision.uses],
      forElder: explainInWords(decision, 'elder'), forAuditor: explainInWords(decision, 'auditor', version?.categories),
    };
  }

  private packNamed(name: string): Pack {
    const pack = this.library.pack(name);
    if (pack === undefined) throw new ProblemException('pack-unknown');
    return pack;
  }
}
