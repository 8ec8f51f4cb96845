import type { Scenario } from '../scenario.js';
import { APPENDS } from './append.js';
import { FILLS, MORE_FILLS } from './data.js';
import { MAKES } from './mkfs.js';
import { ADDS } from './pools.js';
import { MORE_REPAIRS, REPAIRS } from './repair.js';

/** The writers that are stopped, and what each may leave. */
export const SCENARIOS: readonly Scenario[] = [...MAKES, ...APPENDS, ...FILLS, ...ADDS, ...REPAIRS];

/** The same, and what takes longer than the default suite has time for. */
export const ALL_SCENARIOS: readonly Scenario[] = [...SCENARIOS, ...MORE_FILLS, ...MORE_REPAIRS];
