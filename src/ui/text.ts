/** Nearly all text has only these characters, which is quickly checked. */
const ASCII = /^[\x20-\x7e]*$/;
const UNQUOTED = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Whether all of a text is printable ASCII; other text may be safe too. */
export function isSafe(text: string): boolean {
  return ASCII.test(text);
}

/** Whether all of a text is ASCII that a JSON string has as it is; other text may need no escapes either. */
export function needsNoEscape(text: string): boolean {
  return UNQUOTED.test(text);
}

/**
 * Makes unsafe characters visible: `\n`, `\x1b`, `\u202e`, and `\xff` for a byte that is not UTF-8. Escaping its output again
 * changes nothing.
 */
export function escapeText(text: string): string {
  return ASCII.test(text) ? text : replaceUnsafe(text, (char) => NAMED[char] ?? numbered(char));
}

/**
 * Makes the same characters visible in JSON text, as JSON escapes. Only strings can contain them, so the value stays the same.
 */
export function escapeJson(json: string): string {
  return ASCII.test(json) ? json : replaceUnsafe(json, (char) => (char === '\n' ? char : `\\u${hex(char, 4)}`));
}

/**
 * Replaces characters that could steer a terminal or deceive a reader: C0, DEL, C1, direction marks and overrides, line and
 * paragraph separators, the byte-order mark, and surrogates without their other half.
 */
function replaceUnsafe(text: string, replacement: (char: string) => string): string {
  // not a constant of the module: compiling it takes a tenth of the time of a short command
  return text.replace(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\p{Cs}]/gu, replacement);
}

/** In text, a byte that is not UTF-8 is U+DC00 plus the byte (as in Python); it is shown as that byte. */
function numbered(char: string): string {
  const code = char.charCodeAt(0);
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  return code < 0x80 ? `\\x${hex(char, 2)}` : `\\u${hex(char, 4)}`;
}

function hex(char: string, digits: number): string {
  return char.charCodeAt(0).toString(16).padStart(digits, '0');
}

/** Columns that escaped text takes on a terminal. */
export function textWidth(text: string): number {
  return ASCII.test(text) ? text.length : Array.from(text, charWidth).reduce((sum, width) => sum + width, 0);
}

function charWidth(char: string): number {
  if (/\p{M}|[\u200b-\u200d]/u.test(char)) return 0;
  const wide =
    /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\uff01-\uff60]/u;
  return wide.test(char) ? 2 : 1;
}
