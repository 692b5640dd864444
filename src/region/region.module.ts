import { Module } from '@nestjs/common';
import { RegionController } from './region.controller.js';
import './region.problems.js';

@Module({ controllers: [RegionController] })
export class RegionModule {}
