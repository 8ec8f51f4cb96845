/** Sound images, with what the reference tools cannot use. */
import { pokePayload, pokeSuperblock } from '../../../support/patch.js';
import type { Damage } from './damage.js';

const GIB = 1024 ** 3;

export const referenceDamages: readonly Damage[] = [
  [
    'sticky bit of a directory, with --reference',
    ['REFERENCE_MODE'],
    (i) => pokePayload(i, 0, 'mkdir', 'mode', 0o1755),
    { argv: ['-n', '--reference'], image: 'g3', exitCode: 0 },
  ],
  [
    'device of 3 GiB, with --reference',
    ['REFERENCE_SIZE'],
    (i) => pokeSuperblock(i, 'deviceSize', 3 * GIB),
    { argv: ['-n', '--reference'], image: 'g1', size: 3 * GIB, exitCode: 0 },
  ],
];
