import type { Scenario } from '../scenario.js';
import { APPENDS } from './append.js';
import { APPLIES } from './apply.js';
import { cloning, FILLS, MORE_FILLS } from './data.js';
import { MAKES } from './mkfs.js';
import { ADDS } from './pools.js';
import { MORE_REPAIRS, REPAIRS } from './repair.js';
import { RESTORES } from './restore.js';
import { MORE_REWRITES, REWRITES } from './rewrite.js';

/** The writers that are stopped, and the outcomes that each may have. */
export const SCENARIOS: readonly Scenario[] = [...MAKES, ...APPENDS, ...FILLS, ...ADDS, ...REWRITES, ...REPAIRS];

/** All that replace a whole log or a daxdev. */
export const REPLACING: readonly Scenario[] = [...REWRITES, ...MORE_REWRITES, cloning, ...RESTORES];

/** All, also those that are too slow for the default suite. */
export const ALL_SCENARIOS: readonly Scenario[] = [
  ...SCENARIOS,
  ...APPLIES,
  ...MORE_FILLS,
  ...REPLACING.filter((scenario) => !SCENARIOS.includes(scenario)),
  ...MORE_REPAIRS,
];
