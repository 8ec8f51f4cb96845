/** Damaged file systems, and the repairs that they need. */
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { ENTRIES, LOST_SUPERBLOCKS, REPAIRABLE, type Repairable } from '../../fs/fsck/repairable.js';
import { GOLDEN_MASTER, goldenImage } from '../../support/golden.js';
import { entryOffset } from '../../support/patch.js';
import type { Stand } from '../stand.js';
import { LOG_COUNTS, poke } from './fileSystems.js';

/** A header may have arrived without its counts. */
const OF_HEADER = ['LOG_HEADER', 'LOG_COUNT'];
/** The crc of a half-written superblock may reveal one field, and the rest is repaired field by field. */
const OF_SUPERBLOCK = ['SUPERBLOCK', 'DEVICE_SIZE', 'FLAGS', 'NAME', 'RESERVED'];
/** The damage that a repair starts with. */
export interface Patient {
  readonly name: string;
  readonly host: string;
  /** makes the images, the first of them the primary; returns their names */
  prepare(stand: Stand): Promise<readonly string[]>;
  /** the least option of fsck that repairs it */
  readonly options: readonly string[];
  /** repairs that may be needed */
  readonly repairs: readonly string[];
  /** files and directories after the repair */
  readonly nodes: number;
  /** members of the pool after the repair */
  readonly daxdevs: number;
}

function golden({ name, damage, mode, repairs, nodes = ENTRIES }: Repairable, ...further: string[]): Patient {
  const prepare = async ({ folder }: Stand) => {
    renameSync(goldenImage('g2', folder, damage), join(folder, 'pool'));
    return ['pool'];
  };
  const necessary = repairs.includes('LOG_HEADER') ? [...repairs, ...OF_HEADER] : repairs;
  return { name, host: GOLDEN_MASTER, prepare, options: [mode, ...further], repairs: necessary, nodes, daxdevs: 1 };
}

/** A pool of two whose metadata is damaged. */
function pool(
  name: string,
  damage: (stand: Stand) => void,
  options: readonly string[],
  repairs: readonly string[],
): Patient {
  const prepare = async (stand: Stand) => {
    await stand.ok('mkfs', '--quiet', stand.image('pool'), stand.image('second'));
    await stand.ok('creat', '-s', '4M', 'plain', '--dev', 'pool');
    damage(stand);
    return ['pool', 'second'];
  };
  return { name, host: GOLDEN_MASTER, prepare, options, repairs, nodes: 1, daxdevs: 2 };
}

/** Removes the second entry, which makes a file, and the first, which adds the daxdev. */
function forgetDaxdev(stand: Stand): void {
  poke(stand, 'pool', entryOffset(0), Buffer.alloc(entryOffset(2) - entryOffset(0)));
  poke(stand, 'pool', LOG_COUNTS, Buffer.alloc(16));
}

const SUPERBLOCKS = LOST_SUPERBLOCKS.map(([what, damage, master]) =>
  golden(
    { name: `superblock: ${what}`, damage, mode: '-y', repairs: OF_SUPERBLOCK },
    ...(master === 'unknown' ? ['--master-here'] : []),
  ),
);
const POOLS = [
  pool("a pool's superblock", (stand) => poke(stand, 'pool', 0, Buffer.alloc(4096)), ['-y'], OF_SUPERBLOCK),
  pool('a secondary', (stand) => poke(stand, 'second', 16, Buffer.alloc(8, 9)), ['-p'], ['MEMBER', ...OF_SUPERBLOCK]),
  pool("a secondary's flags", (stand) => poke(stand, 'second', 104, Buffer.of(7)), ['-p'], ['FLAGS']),
  { ...pool('an orphan', forgetDaxdev, ['-y'], ['ORPHAN', 'LOG_COUNT']), nodes: 0 },
];
export const PATIENTS = [...REPAIRABLE.map((one) => golden(one)), ...SUPERBLOCKS, ...POOLS];
