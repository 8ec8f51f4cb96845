/** All damages that fsck must find, by record; docs/fsck.md lists them (`npm run docs`). */
import { addDaxdevStruct } from '../../../../src/format/entries/addDaxdev.js';
import { extentStruct, fileStruct, interleavedStruct } from '../../../../src/format/entries/fileStruct.js';
import { mkdirStruct } from '../../../../src/format/entries/mkdir.js';
import { logEntryStruct } from '../../../../src/format/logEntry.js';
import { logHeaderStruct } from '../../../../src/format/logHeader.js';
import { logHistoryStruct } from '../../../../src/format/logHistory.js';
import { poolDefaultsStruct } from '../../../../src/format/poolDefaults.js';
import { poolLabelStruct } from '../../../../src/format/poolLabel.js';
import { superblockStruct } from '../../../../src/format/superblock.js';
import type { AnyStruct, Damage } from './damage.js';
import { entryDamages } from './entry.js';
import { extentDamages, interleavedDamages } from './extents.js';
import { fileDamages, mkdirDamages } from './file.js';
import { daxdevDamages } from './joins.js';
import { logHeaderDamages } from './logHeader.js';
import { logHistoryDamages } from './logHistory.js';
import { poolDefaultsDamages } from './poolDefaults.js';
import { poolLabelDamages } from './poolLabel.js';
import { secondaryDamages } from './secondary.js';
import { superblockDamages } from './superblock.js';

/** The damages of a struct, by its fields. */
export interface StructDamages {
  readonly struct: AnyStruct;
  readonly damages: Readonly<Record<string, readonly Damage[]>>;
}

/** The records in the first 10 MiB of a primary. */
export const PRIMARY_DAMAGES: readonly StructDamages[] = [
  { struct: superblockStruct, damages: superblockDamages },
  { struct: poolDefaultsStruct, damages: poolDefaultsDamages },
  { struct: logHistoryStruct, damages: logHistoryDamages },
  { struct: poolLabelStruct, damages: poolLabelDamages },
  { struct: logHeaderStruct, damages: logHeaderDamages },
  { struct: logEntryStruct, damages: entryDamages },
  { struct: fileStruct, damages: fileDamages },
  { struct: extentStruct, damages: extentDamages },
  { struct: interleavedStruct, damages: interleavedDamages },
  { struct: mkdirStruct, damages: mkdirDamages },
  { struct: addDaxdevStruct, damages: daxdevDamages },
];

export const SECONDARY_DAMAGES: StructDamages = { struct: superblockStruct, damages: secondaryDamages };
