/** What can be wrong with a record by itself, whatever the rest of the file system says. */

/**
 * Every code of a fault in a record. `usable` says whether the record still means something: an unusable entry is not
 * replayed (its space stays reserved as far as it can be read), a usable one is. Codes are stable and never reused.
 */
export const FAULT_CODES = {
  ENTRY_BLANK: { usable: false },
  ENTRY_CRC: { usable: false },
  ENTRY_SEQUENCE: { usable: false },
  ENTRY_TYPE: { usable: false },
  ENTRY_RESERVED: { usable: true },
  PATH_INVALID: { usable: false },
  PATH_CONTROL: { usable: true },
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
  /** struct.field, with an index for the elements of an array: extent[3].offset */
  readonly field: string;
  /** the value as it stands on the media */
  readonly found: string;
  /** what the format allows there */
  readonly allowed: string;
}

/** Collects the faults of one record. */
export type FaultSink = (code: FaultCode, field: string, found: string | number, allowed: string | number) => void;

/** Whether a record with these faults still means something. */
export function isUsable(faults: readonly Fault[]): boolean {
  return faults.every((fault) => FAULT_CODES[fault.code].usable);
}
