import { Module, type DynamicModule } from '@nestjs/common';
import { PlatformModule, type Parts } from './platform/index.js';

/** Every room, in the order in which they may know each other. */
const ROOMS: NonNullable<DynamicModule['imports']> = [];

@Module({})
export class AppModule {
  static of(parts: Parts): DynamicModule {
    return { module: AppModule, imports: [PlatformModule.of(parts), ...ROOMS] };
  }
}
