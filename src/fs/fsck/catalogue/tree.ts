/** Rows about the results of several entries: names, and claims on space. */
import { hex } from '../../../format/fieldText.js';
import type { FindingCode } from '../../finding/values.js';
import { notRepaired, type RowsOf } from './row.js';

const SKIPPED = { severity: 'error', usable: false } as const;
const RESERVED = 'The entry is skipped, and its space stays reserved; copy the data elsewhere.';

export const namespaceRows = {
  PATH_DUPLICATE: {
    ...SKIPPED,
    ...notRepaired('namespace'),
    stage: 'namespace',
    summary: 'path already exists',
    advice: 'The first entry is used; the later one is skipped, and its space stays reserved.',
    message: ({ firstSlot }) => `path already exists, made by log entry ${firstSlot}`,
  },
  PARENT_MISSING: {
    ...SKIPPED,
    ...notRepaired('entry'),
    stage: 'namespace',
    summary: 'parent directory does not exist',
    advice: RESERVED,
    message: ({ parent }) => `parent directory '${parent}' does not exist`,
  },
  PARENT_NOT_DIRECTORY: {
    ...SKIPPED,
    ...notRepaired('entry'),
    stage: 'namespace',
    summary: 'parent is a file',
    advice: RESERVED,
    message: ({ parent }) => `parent '${parent}' is a file`,
  },
} as const satisfies RowsOf<Extract<FindingCode, `PARENT_${string}` | 'PATH_DUPLICATE'>>;

export const spaceRows = {
  EXTENT_DEVICE: {
    ...SKIPPED,
    ...notRepaired('entry'),
    stage: 'space',
    summary: 'extent is on a daxdev that the pool does not have at this point of the log',
    advice: RESERVED,
    message: ({ daxdevs }, { daxdev }) =>
      `extent is on daxdev ${daxdev}, but the pool has ${daxdevs === 1 ? '1 daxdev' : `${daxdevs} daxdevs`} at this point of the log`,
  },
  EXTENT_BOUNDS: {
    ...SKIPPED,
    ...notRepaired('entry'),
    stage: 'space',
    summary: 'extent ends beyond its daxdev',
    advice: RESERVED,
    message: ({ end, daxdevSize }) => `extent ends at ${hex(end)}, its daxdev at ${hex(daxdevSize)}`,
  },
  EXTENT_METADATA: {
    ...SKIPPED,
    ...notRepaired('entry'),
    stage: 'space',
    summary: 'extent lies on the superblock or the log',
    advice: RESERVED,
    message: ({ firstByte }, { deviceOffset }) =>
      `extent begins at ${hex(deviceOffset ?? 0)}, but the space of files begins at ${hex(firstByte)}`,
  },
  EXTENT_OVERLAP: {
    ...notRepaired('space'),
    stage: 'space',
    severity: 'error',
    usable: true,
    summary: 'two extents share space',
    advice: 'Both files show the same bytes there; copy both elsewhere and compare them with what they should be.',
    message: ({ otherSlot, otherPath }, { slot, path, daxdev, deviceOffset = 0, length = 0 }) =>
      `log entry ${otherSlot} (${otherPath}) and log entry ${slot} (${path}) both claim ${hex(deviceOffset)} to ${hex(deviceOffset + length)} of daxdev ${daxdev}`,
  },
} as const satisfies RowsOf<'EXTENT_DEVICE' | 'EXTENT_BOUNDS' | 'EXTENT_METADATA' | 'EXTENT_OVERLAP'>;
