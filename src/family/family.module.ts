import { Module } from '@nestjs/common';
import './family.problems.js';

/** Who an elder's own account is, who the relatives are, and what each may see and do. */
@Module({})
export class FamilyModule {}
