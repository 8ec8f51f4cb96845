/** The names of types and schemas of JSON documents. */

/** Commands that refuse --json: their standard output is the bytes of files. */
const WITHOUT_DOCUMENT: readonly string[] = ['cat'];

export function hasDocument(command: string): boolean {
  return !WITHOUT_DOCUMENT.includes(command);
}

/** The type of a command's document: `DaxdevListDocument` for `daxdev list`, `PlanCapacityDocument` for `plan-capacity`. */
export function documentType(command: string): string {
  const words = command.split(/[ -]/).map((word) => word[0]?.toUpperCase() + word.slice(1));
  return `${words.join('')}Document`;
}

/** The file that describes a command's document: `daxdev-list.json`. */
export function schemaFile(command: string): string {
  return `${command.replaceAll(' ', '-')}.json`;
}
