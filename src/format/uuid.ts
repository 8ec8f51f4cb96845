/** Uuids: 16 bytes in RFC 4122 text order; byte 0 is the first hex pair that is printed, nothing is swapped. */

export const NIL_UUID = '00000000-0000-0000-0000-000000000000';

const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The text is not a uuid. */
export class UuidError extends Error {
  readonly code = 'BAD_UUID';
}

/** The 16 bytes at `at` as lower-case text with dashes. */
export function formatUuid(view: DataView, at: number): string {
  let text = '';
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += HEX[view.getUint8(at + i)];
  }
  return text;
}

export function isUuid(text: string): boolean {
  return UUID_TEXT.test(text.toLowerCase());
}

/** hex digits that the beginning of a uuid must have to stand for it */
export const MIN_UUID_PREFIX = 4;

/** Whether the text is a uuid or the beginning of one, with its dashes. */
export function isUuidPrefix(text: string): boolean {
  const nil = NIL_UUID.slice(text.length);
  return text.length >= MIN_UUID_PREFIX && nil.length + text.length === NIL_UUID.length && isUuid(text + nil);
}

/** Sixteen bytes of a uuid's text, upper or lower case. Throws UuidError. */
export function parseUuid(text: string, name = 'uuid'): Uint8Array {
  if (!isUuid(text)) throw new UuidError(`${name}: '${text}' is not a uuid, expected 8-4-4-4-12 hex digits`);
  return Uint8Array.from(Buffer.from(text.replaceAll('-', ''), 'hex'));
}
