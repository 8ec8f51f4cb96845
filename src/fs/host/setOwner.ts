import { fchownSync } from 'node:fs';

/**
 * Gives an open file an owner. Returns false if this process may not do that, or the owner does not exist in this user namespace.
 */
export function setOwner(fd: number, { uid, gid }: { readonly uid: number; readonly gid: number }): boolean {
  try {
    fchownSync(fd, uid, gid);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EPERM' || code === 'EINVAL') return false;
    throw error;
  }
}
