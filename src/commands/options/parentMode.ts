/** permission that the owner of a new parent needs, to make the next directory in it */
const OWNER_WRITE_SEARCH = 0o300;

/** Permission bits of the missing parents that are made with a file or directory. */
export function parentModeOf(umask: number): number {
  return (0o777 & ~umask) | OWNER_WRITE_SEARCH;
}
