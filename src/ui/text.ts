/**
 * Characters that could steer a terminal or deceive a reader: C0, DEL, C1, direction marks and overrides, line and
 * paragraph separators, the byte-order mark, and surrogates without their other half.
 */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\p{Cs}]/gu;
/** Nearly all text is of these alone, and is told from the rest in no time. */
const ASCII = /^[\x20-\x7e]*$/;
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Makes unsafe characters visible: `\n`, `\x1b`, `\u202e`, and `\xff` for a byte that is no UTF-8. What it returns it
 * leaves as it is when called again.
 */
export function escapeText(text: string): string {
  if (ASCII.test(text)) return text;
  return text.replace(UNSAFE, (char) => NAMED[char] ?? numbered(char));
}

/** The same characters within JSON text, as JSON escapes. Only strings can hold them, so the value stays the same. */
export function escapeJson(json: string): string {
  if (ASCII.test(json)) return json;
  return json.replace(UNSAFE, (char) => (char === '\n' ? char : `\\u${hex(char, 4)}`));
}

/** A byte that is no UTF-8 stands as U+DC00 plus the byte in text (as in Python); it is shown as the byte it was. */
function numbered(char: string): string {
  const code = char.charCodeAt(0);
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  return code < 0x80 ? `\\x${hex(char, 2)}` : `\\u${hex(char, 4)}`;
}

function hex(char: string, digits: number): string {
  return char.charCodeAt(0).toString(16).padStart(digits, '0');
}

const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\uff01-\uff60]/u;

/** Columns that escaped text takes on a terminal. */
export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const char of text) width += /\p{M}|[\u200b-\u200d]/u.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
  return width;
}

/** Breaks text at spaces into lines of at most `width` columns; a longer word has a line of its own. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && textWidth(line) + 1 + textWidth(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
