const PER_LINE = 16;
/** hex digits of a group of two bytes */
const GROUP = 4;
const DIGITS_WIDTH = (PER_LINE / 2) * (GROUP + 1);

/** Lines as xxd prints them: offset, eight groups of two bytes, and the bytes that are printable ASCII. */
export function* hexDump(bytes: Uint8Array): Generator<string> {
  const digits = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
  const text = Buffer.from(bytes.map(printable).buffer).toString('latin1');
  for (let at = 0; at < bytes.length; at += PER_LINE) {
    const groups = groupsOf(digits.slice(2 * at, 2 * (at + PER_LINE)));
    yield `${at.toString(16).padStart(8, '0')}: ${groups} ${text.slice(at, at + PER_LINE)}`;
  }
}

function groupsOf(digits: string): string {
  let groups = '';
  for (let at = 0; at < digits.length; at += GROUP) groups += `${digits.slice(at, at + GROUP)} `;
  return groups.padEnd(DIGITS_WIDTH);
}

function printable(byte: number): number {
  return byte >= 0x20 && byte < 0x7f ? byte : 0x2e;
}
