import { UsageError } from './errors.js';

const BITS: Readonly<Record<string, bigint>> = { '': 0n, k: 10n, m: 20n, g: 30n, t: 40n, p: 50n };
const FORMS = 'a size is 4096, 0x200000, 8k, 2M, 1.5G, 4Gi or 1GiB (k, M, G, T, P; k = 1024)';
/** Longer texts cannot be a size, and would make BigInt slow. */
const LONGEST = 40;

/**
 * Parses a size as people write it into exact bytes.
 * @throws UsageError not a size, a decimal unit (1GB), not whole bytes (0.3k), or over 2^53-1
 */
export function parseSize(text: string): number {
  if (/^\d+(\.\d+)?[kmgtp]b$/i.test(text)) {
    const binary = text.slice(0, -1);
    throw new UsageError(`'${text}' is not a size`, `units are binary: write ${binary} or ${binary}iB`);
  }
  if (/^-\d/.test(text)) throw new UsageError(`'${text}' is negative`, FORMS);
  const bytes = text.length <= LONGEST ? exactBytes(text) : undefined;
  if (bytes === undefined) throw new UsageError(`'${text}' is not a size`, FORMS);
  if (bytes > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new UsageError(`'${text}' is too large`, 'the largest size is 9007199254740991 bytes');
  }
  return Number(bytes);
}

function exactBytes(text: string): bigint | undefined {
  if (/^0x[\da-f]+$/i.test(text)) return BigInt(text);
  const parts = /^(\d+)(?:\.(\d+))?(?:([kmgtp])(?:ib?)?)?$/i.exec(text);
  if (!parts) return undefined;
  const [, whole = '', fraction = '', unit = ''] = parts;
  const scaled = BigInt(whole + fraction) << (BITS[unit.toLowerCase()] ?? 0n);
  const divisor = 10n ** BigInt(fraction.length);
  if (scaled % divisor !== 0n) throw new UsageError(`'${text}' is not a whole number of bytes`, FORMS);
  return scaled / divisor;
}
