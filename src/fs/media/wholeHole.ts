import { statfsSync, statSync } from 'node:fs';

/** f_type of statfs(2) where st_blocks counts every written byte, one that is only mapped or not yet on disk too */
const COUNTS_BLOCKS: ReadonlySet<number> = new Set([
  0xef53, // ext4
  0x58465342, // xfs
  0x9123683e, // btrfs
  0x01021994, // tmpfs
]);

/** Whether a regular file is one hole, as truncate(1) makes it: nobody has written to it. False where that is not certain. */
export function isWholeHole(path: string): boolean {
  try {
    return statSync(path).blocks === 0 && COUNTS_BLOCKS.has(statfsSync(path).type);
  } catch {
    return false; // whoever looks at its content will say why
  }
}
