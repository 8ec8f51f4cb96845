/** Faults of a record by itself, regardless of the rest of the file system. */

/**
 * Codes for faults in a record. `usable`: whether the entry can be replayed despite the fault. If not, it is skipped, and the
 * space that it claims stays reserved, as far as the claim can be read. Codes are stable and never reused.
 */
export const FAULT_CODES = {
  ENTRY_BLANK: { usable: false },
  ENTRY_CRC: { usable: false },
  ENTRY_SEQUENCE: { usable: false },
  ENTRY_TYPE: { usable: false },
  ENTRY_RESERVED: { usable: true },
  PATH_INVALID: { usable: false },
  PATH_CONTROL: { usable: true },
  PATH_BYTES: { usable: true },
  MODE_RANGE: { usable: true },
  OWNER_RANGE: { usable: true },
  FILE_SIZE: { usable: false },
  FILE_FLAGS: { usable: true },
  EXTENT_TYPE: { usable: false },
  EXTENT_COUNT: { usable: false },
  EXTENT_OFFSET: { usable: false },
  EXTENT_LENGTH: { usable: false },
  STRIP_COUNT: { usable: false },
  CHUNK_SIZE: { usable: false },
  CHUNK_EXCESS: { usable: true },
  STRIP_LENGTH: { usable: true },
  COVERAGE_SHORT: { usable: false },
  COVERAGE_EXCESS: { usable: true },
  DAXDEV_SIZE: { usable: false },
  DAXDEV_UUID: { usable: false },
  DAXDEV_INDEX: { usable: false },
} as const;

export type FaultCode = keyof typeof FAULT_CODES;

export interface Fault {
  readonly code: FaultCode;
  /** struct.field, with an index for array elements: extent[3].offset */
  readonly field: string;
  /** the value on the media */
  readonly found: string;
  /** what the format allows there */
  readonly allowed: string;
}

/** Collects the faults of one record. */
export type FaultSink = (code: FaultCode, field: string, found: string | number, allowed: string | number) => void;

/** Whether a record can be used despite its faults. */
export function isUsable(faults: readonly Fault[]): boolean {
  return faults.every((fault) => FAULT_CODES[fault.code].usable);
}
