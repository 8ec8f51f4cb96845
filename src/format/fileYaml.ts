/**
 * The YAML of a file's metadata, byte for byte as the reference prints it: ids as signed numbers, modes in octal with a leading
 * 0, offsets and lengths in hex (docs/shadow.md). Written by hand, because a log may have half a million files.
 */
import type { Extent, Fmap } from './fmap.js';

/** A file without its bytes. */
export interface FileMetadata {
  readonly path: string;
  /** bytes */
  readonly size: number;
  readonly flags: number;
  readonly uid: number;
  readonly gid: number;
  /** permission bits */
  readonly mode: number;
  readonly fmap: Fmap;
}

/** The document of one file, including the final newline. */
export function fileYaml({ path, size, flags, mode, uid, gid, fmap }: FileMetadata): string {
  const interleaved = fmap.layout === 'interleaved';
  const head =
    `---\nfile:\n  path: ${scalar(path)}\n  size: ${size}\n  flags: ${flags}\n  mode: 0${mode.toString(8)}\n` +
    `  uid: ${uid | 0}\n  gid: ${gid | 0}\n  nextents: ${interleaved ? 1 : fmap.extents.length}\n`;
  if (!interleaved) return `${head}${extentList(fmap.extents, '  ')}...\n`;
  const striped = `  striped_ext_list:\n  - nstrips: ${fmap.extents.length}\n    chunk_size: 0x${fmap.chunkSize.toString(16)}\n`;
  return `${head}${striped}${extentList(fmap.extents, '    ')}...\n`;
}

function extentList(extents: readonly Extent[], indent: string): string {
  let text = `${indent}simple_ext_list:\n`;
  for (const { daxdev, deviceOffset: offset, length } of extents)
    text +=
      `${indent}- devindex: ${daxdev}\n` +
      `${indent}  offset: 0x${offset.toString(16)}\n${indent}  length: 0x${length.toString(16)}\n`;
  return text;
}

/** Text that needs no quotes anywhere in YAML. */
const PLAIN = /^[\w/.+@%=~^][\w/.+@%=~^,-]*$/;
/** Text that a YAML reader would take for a number, a boolean or null. */
const AMBIGUOUS = /^(?:[-+.]?\d[\w.:+-]*|[-+]?\.(?:inf|nan)|true|false|yes|no|on|off|y|n|null|~|=)$/i;
/** Characters that must be escaped in quotes: controls, line separators, characters that readers refuse, lone surrogates. */
const UNSAFE = /["\\\p{Cc}\u0085\u2028\u2029\ufeff\ufffe\uffff\p{Cs}]/gu;

/** Whether text is a YAML scalar as it is: printable ASCII without quotes. */
export function isPlainScalar(text: string): boolean {
  return PLAIN.test(text) && !AMBIGUOUS.test(text);
}

/** Text as a YAML scalar on one line. A byte that is not UTF-8 becomes the escape of the surrogate that represents it. */
function scalar(text: string): string {
  if (isPlainScalar(text)) return text;
  return `"${text.replace(UNSAFE, (char) => (char === '"' || char === '\\' ? `\\${char}` : numbered(char)))}"`;
}

function numbered(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
