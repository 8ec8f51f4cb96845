import { hasControlCharacters, isUtf8Path } from '../../format/path.js';

/** Names in a folder as words; `folder` is what is typed before them, up to a slash. */
export function asWords(
  folder: string,
  entries: readonly { readonly name: string; readonly isFolder: boolean }[],
): string[] {
  return entries.map(
    ({ name, isFolder }) => `${folder === '' && name.startsWith('-') ? './' : folder}${name}${isFolder ? '/' : ''}`,
  );
}

/** Whether a text can be on a line of a terminal as it is. */
export function isWord(text: string): boolean {
  return !hasControlCharacters(text) && isUtf8Path(text);
}
