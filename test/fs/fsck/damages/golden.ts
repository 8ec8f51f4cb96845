/** What fsck must say of each golden image (test/golden/README.md). */
import type { FindingCode } from '../../../../src/fs/finding/values.js';

export interface Verdict {
  readonly exitCode: number;
  /** codes and their number; empty for a sound image, undefined if there is no famfs to report on */
  readonly counts?: Partial<Record<FindingCode, number>>;
}

export const VERDICTS: Readonly<Record<string, Verdict>> = {
  g1: { exitCode: 0, counts: {} },
  g2: { exitCode: 0, counts: {} },
  g3: { exitCode: 0, counts: {} },
  g4: { exitCode: 0, counts: {} },
  g6: { exitCode: 8 },
  g7: { exitCode: 4, counts: { SB_CRC: 1 } },
  g9: { exitCode: 4, counts: { LOG_CRC: 1 } },
  g10: { exitCode: 4, counts: { ENTRY_CRC: 1 } },
  g12: { exitCode: 4, counts: { EXTENT_OVERLAP: 1 } },
  g13: { exitCode: 4, counts: { PATH_INVALID: 1 } },
  g15: { exitCode: 4, counts: { LOG_NEXT_RANGE: 1, LOG_NEXT_MISMATCH: 1 } },
  g20: { exitCode: 4, counts: { SB_DEVICE_SIZE: 1 } },
  g24: { exitCode: 4, counts: { EXTENT_BOUNDS: 1 } },
  g28: { exitCode: 4, counts: { COVERAGE_SHORT: 1 } },
  g31: { exitCode: 4, counts: { STRIP_COUNT: 1, CHUNK_SIZE: 1 } },
  g34: { exitCode: 4, counts: { PATH_DUPLICATE: 1 } },
  g40: { exitCode: 0, counts: {} },
  g41: { exitCode: 0, counts: {} },
  g42: { exitCode: 0, counts: {} },
};
