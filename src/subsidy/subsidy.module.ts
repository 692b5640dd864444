import { Module } from '@nestjs/common';
import { PackLibrary } from './pack-library.js';
import { SubsidyController } from './subsidy.controller.js';

/** The policy packs of the product, loaded and checked when the service starts. */
@Module({
  controllers: [SubsidyController],
  providers: [{ provide: PackLibrary, useFactory: () => PackLibrary.load() }],
  exports: [PackLibrary],
})
export class SubsidyModule {}
