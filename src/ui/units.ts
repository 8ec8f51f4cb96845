const UNITS = ['', 'K', 'M', 'G', 'T', 'P'] as const;

/** Bytes for people, in the style of ls -h: `512`, `1.5G`, `20M`. Rounded, at most four characters below 1000P. */
export function humanBytes(bytes: number): string {
  const power = powerOf(bytes);
  const scaled = bytes / 1024 ** power;
  const digits = scaled < 9.95 && power > 0 ? scaled.toFixed(1).replace(/\.0$/, '') : scaled.toFixed(0);
  return digits === '1024' ? `1${UNITS[power + 1]}` : digits + UNITS[power];
}

/** Bytes in the largest unit that divides them, so that parseSize gives the same number back: `2M`, `4097`. */
export function exactBytes(bytes: number): string {
  let power = powerOf(bytes);
  while (bytes % 1024 ** power !== 0) power -= 1;
  return bytes / 1024 ** power + UNITS[power]!;
}

/** An offset or an address: `0x200000`. */
export function hex(number: number | bigint): string {
  return `0x${number.toString(16)}`;
}

/** Permission bits as chmod takes them: `0644`. */
export function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

function powerOf(bytes: number): number {
  let power = 0;
  while (power < UNITS.length - 1 && bytes >= 1024 ** (power + 1)) power += 1;
  return power;
}
