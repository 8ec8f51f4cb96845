/** The value as udev's ID_FS_*_ENC has it: what may not be in the name of a link is \x20. */
export function udevEncoded(value: string): string {
  return Array.from(value, (char) =>
    /^[\w#+.:=@-]$/.test(char) || char > '\x7f'
      ? char
      : `\\x${(char.codePointAt(0) as number).toString(16).padStart(2, '0')}`,
  ).join('');
}
