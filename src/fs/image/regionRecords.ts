/** The records in the superblock region of a daxdev: what a metadata image has of it. What else may lie there is of older owners. */
import { DEPARTURE_OFFSET, departureStruct } from '../../format/departure.js';
import { LOG_HISTORY_OFFSET, logHistoryStruct } from '../../format/logHistory.js';
import { POOL_DEFAULTS_OFFSET, poolDefaultsStruct } from '../../format/poolDefaults.js';
import { POOL_LABEL_OFFSET, poolLabelStruct } from '../../format/poolLabel.js';
import { superblockStruct } from '../../format/superblock.js';

export interface RegionRecord {
  /** for people */
  readonly name: string;
  /** how its names are found; `record` has none */
  readonly kind: 'superblock' | 'record' | 'label';
  /** bytes from the start of the daxdev */
  readonly offset: number;
  readonly length: number;
}

export const REGION_RECORDS: readonly RegionRecord[] = [
  { name: 'superblock', kind: 'superblock', offset: 0, length: superblockStruct.size },
  { name: 'default interleave', kind: 'record', offset: POOL_DEFAULTS_OFFSET, length: poolDefaultsStruct.size },
  { name: 'history of the log', kind: 'record', offset: LOG_HISTORY_OFFSET, length: logHistoryStruct.size },
  { name: 'label', kind: 'label', offset: POOL_LABEL_OFFSET, length: poolLabelStruct.size },
  { name: 'departure', kind: 'record', offset: DEPARTURE_OFFSET, length: departureStruct.size },
];
