/** Stores to different parts of devices that may reach memory in any order, since they are one step of a plan. */

const NEW_LOG = ['image log header', 'image records', 'image slots'];
const CLEARED = ['magic of the superblock', 'superblock', 'superblock region', 'records'];

/** The parts, each with its device, by the function that stores. */
const TOGETHER: Readonly<Record<string, readonly (readonly string[])[]>> = {
  // a log that is marked as being rewritten is made again from its journal, however much of it is there
  'fs/pool/finishRewrite.ts finishRewrite': [NEW_LOG],
  'fs/rewrite/rewriteLog.ts rewriteLog': [NEW_LOG],
  'fs/fsck/runner.ts checkAndRepair': [NEW_LOG],
  // a superblock without its magic is none, whatever else is there
  'fs/mkfs/mkfs.ts write': [
    ['image magic of the superblock', 'second magic of the superblock'],
    ['image magic of the superblock', 'image records', 'image log header', 'image slots'],
  ],
  'fs/rewrite/clearMember.ts clearMember': [CLEARED.map((part) => `second ${part}`)],
  // a log is restored as a whole, and its superblock after it
  'fs/image/restoreOnto.ts restoreOnto': [['image records', 'image slots']],
};

/** Whether a function may store to all of them with no fence in between. */
export function mayBeUnderWayTogether(site: string, parts: readonly string[]): boolean {
  return (TOGETHER[site] ?? []).some((group) => parts.every((part) => group.includes(part)));
}
