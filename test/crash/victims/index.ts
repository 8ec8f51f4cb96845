import type { Victim } from '../kill.js';
import { clone } from './clone.js';
import { cp } from './cp.js';
import { creat } from './creat.js';
import { daxdevAdd } from './daxdevAdd.js';
import { daxdevRemove } from './daxdevRemove.js';
import { fsck } from './fsck.js';
import { mkfs } from './mkfs.js';
import { restore } from './restore.js';
import { mv, rm } from './rewrites.js';

/** The commands that are killed. */
export const VICTIMS: readonly Victim[] = [creat, cp, mkfs, daxdevAdd, fsck, rm, mv, daxdevRemove, clone, restore];
