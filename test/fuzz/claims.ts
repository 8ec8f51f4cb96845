/** The space that entries of an image claim, read in the simplest way and without any code under test. */
const LOG_OFFSET = 0x200000;
const ENTRY = 544;
const HEADER = 48;

export interface RawClaim {
  readonly slot: number;
  readonly device: bigint;
  readonly from: bigint;
  readonly to: bigint;
}

/** Claims of the FILE entries of the first `slots` slots, sound or not: up to 16 extents or strips of each. */
export function rawClaims(image: Buffer, slots: number): RawClaim[] {
  const claims: RawClaim[] = [];
  for (let slot = 0; slot < slots; slot++) {
    const at = LOG_OFFSET + HEADER + slot * ENTRY;
    if (image.readUInt32LE(at + 8) !== 0) continue;
    const type = image.readUInt32LE(at + 16 + 104);
    const list = at + 16 + 120;
    const count =
      type === 0 ? BigInt(image.readUInt32LE(at + 16 + 112)) : type === 1 ? image.readBigUInt64LE(list) : 0n;
    const first = type === 1 ? list + 16 : list;
    for (let i = 0; i < Number(count > 16n ? 16n : count); i++) {
      const device = image.readBigUInt64LE(first + i * 24);
      const from = image.readBigUInt64LE(first + i * 24 + 8);
      const length = image.readBigUInt64LE(first + i * 24 + 16);
      if (length > 0n) claims.push({ slot, device, from, to: from + length });
    }
  }
  return claims;
}
