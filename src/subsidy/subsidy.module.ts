import { Module } from '@nestjs/common';
import { DraftPolicy } from './draft-policy.js';
import { PackLibrary } from './pack-library.js';
import { PolicyController, PublicPolicyController } from './policy.controller.js';
import { PolicyLibrary } from './policy-library.js';
import { PolicyNews } from './policy-news.js';
import { ReadPolicies } from './read-policies.js';
import { SignPolicy } from './sign-policy.js';
import { SubsidyController } from './subsidy.controller.js';

/**
 * The policy packs that the product ships, loaded and checked when the service starts, and the versions that cities
 * published. Only the latter rule anything, so only they are handed to other rooms.
 */
@Module({
  controllers: [SubsidyController, PolicyController, PublicPolicyController],
  providers: [{ provide: PackLibrary, useFactory: () => PackLibrary.load() }, PolicyLibrary, PolicyNews, DraftPolicy, SignPolicy, ReadPolicies],
  exports: [PolicyLibrary, PolicyNews],
})
export class SubsidyModule {}
