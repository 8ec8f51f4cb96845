/** How the types and schemas of JSON documents are called. */

/** Commands whose documents have no type yet. */
const PENDING: readonly string[] = ['cat', 'undo'];

export function isPending(command: string): boolean {
  return PENDING.includes(command);
}

/** The type of a command's document: `DaxdevListDocument` for `daxdev list`. */
export function documentType(command: string): string {
  const words = command.split(' ').map((word) => word[0]?.toUpperCase() + word.slice(1));
  return `${words.join('')}Document`;
}

/** The file that describes a command's document: `daxdev-list.json`. */
export function schemaFile(command: string): string {
  return `${command.replaceAll(' ', '-')}.json`;
}
