import type { Victim } from '../kill.js';
import { cp } from './cp.js';
import { creat } from './creat.js';
import { daxdevAdd } from './daxdevAdd.js';
import { fsck } from './fsck.js';
import { mkfs } from './mkfs.js';
import { rm } from './rm.js';

/** The commands that are killed. */
export const VICTIMS: readonly Victim[] = [creat, cp, mkfs, daxdevAdd, fsck, rm];
