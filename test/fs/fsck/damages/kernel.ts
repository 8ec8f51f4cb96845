/** Maps that a kernel rejects though other tools can use them. */
import { pokeExtent, pokeInterleaved, pokeSuperblock } from '../../../support/patch.js';
import type { Damage } from './damage.js';

export const kernelDamages: readonly Damage[] = [
  [
    'map that is not aligned to 2 MiB, with --kernel v2',
    ['KERNEL_V2'],
    (i) => [pokeSuperblock(i, 'allocationUnit', 4096), pokeExtent(i, 5, 0, 1, 0x60001000)],
    { argv: ['-n', '--kernel', 'v2'], exitCode: 0 },
  ],
  [
    'strips shorter than a kernel takes them to be, with --kernel d',
    ['KERNEL_D', 'STRIP_LENGTH'],
    (i) => pokeInterleaved(i, 1, 'chunkSize', 0x400000),
    { argv: ['-n', '--kernel', 'd'], image: 'g3' },
  ],
];
