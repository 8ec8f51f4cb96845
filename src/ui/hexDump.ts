const PER_LINE = 16;
const DIGITS_WIDTH = (PER_LINE / 2) * 5;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lines in the format of xxd: offset, eight groups of two bytes, and the printable ASCII; each begins with `indent`. */
export function hexDump(bytes: Uint8Array, indent = ''): string[] {
  const lines: string[] = [];
  const text = Buffer.from(bytes.map(printable).buffer).toString('latin1');
  for (let at = 0; at < bytes.length; at += PER_LINE) {
    const end = Math.min(at + PER_LINE, bytes.length);
    lines.push(`${indent}${at.toString(16).padStart(8, '0')}: ${groupsOf(bytes, at, end)} ${text.slice(at, end)}`);
  }
  return lines;
}

function groupsOf(bytes: Uint8Array, start: number, end: number): string {
  let groups = '';
  for (let at = start; at < end; at += 2)
    groups += at + 1 < end ? `${HEX[bytes[at]!]}${HEX[bytes[at + 1]!]} ` : `${HEX[bytes[at]!]} `;
  return end - start === PER_LINE ? groups : groups.padEnd(DIGITS_WIDTH);
}

function printable(byte: number): number {
  return byte >= 0x20 && byte < 0x7f ? byte : 0x2e;
}
