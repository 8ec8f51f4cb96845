const PER_LINE = 16;
/** columns of the eight groups: four digits and a blank each */
const DIGITS_WIDTH = (PER_LINE / 2) * 5;
const OFFSET_DIGITS = 8;
const DIGITS = Buffer.from('0123456789abcdef');
const BLANK = 0x20;
const COLON = 0x3a;
const DOT = 0x2e;

const MOST_INDENT = 8;
/** One line, written over for each: strings put together from pieces would take several times as long. */
const LINE = Buffer.alloc(MOST_INDENT + OFFSET_DIGITS + 2 + DIGITS_WIDTH + 1 + PER_LINE, BLANK);

/** Lines in the format of xxd: offset, eight groups of two bytes, and the printable ASCII, after `indent` blanks (0..8). */
export function hexDump(bytes: Uint8Array, indent = 0): string[] {
  const lines: string[] = [];
  const groups = indent + OFFSET_DIGITS + 2;
  const text = groups + DIGITS_WIDTH + 1;
  LINE.fill(BLANK);
  LINE[groups - 2] = COLON;
  for (let start = 0; start < bytes.length; start += PER_LINE) {
    const count = Math.min(PER_LINE, bytes.length - start);
    if (count < PER_LINE) LINE.fill(BLANK, groups);
    for (let i = 1, rest = start; i <= OFFSET_DIGITS; i++, rest = Math.floor(rest / 16))
      LINE[groups - 2 - i] = DIGITS[rest % 16] as number;
    for (let i = 0; i < count; i++) {
      const byte = bytes[start + i] as number;
      const at = groups + i * 2 + (i >> 1);
      LINE[at] = DIGITS[byte >> 4] as number;
      LINE[at + 1] = DIGITS[byte & 15] as number;
      LINE[text + i] = byte >= 0x20 && byte < 0x7f ? byte : DOT;
    }
    lines.push(LINE.toString('latin1', 0, text + count));
  }
  return lines;
}
