/** Turns replayed entries into nodes, with no object for each. */
import type { EntryCursor } from '../../format/entries/cursor.js';
import { FILE_FLAG_READ_ONLY, FILE_FLAG_READ_WRITE } from '../../format/entries/logEntry.js';
import { RESERVED_NAME } from '../../format/path.js';
import { SUPERBLOCK_REGION, type Superblock } from '../../format/superblock.js';
import { NodeBatch, SEALED, UNCACHED } from '../../native/fuse.js';
import type { Role } from '../pool/role.js';
import { idOfSlot, LOG_ID, META_ID, SUPERBLOCK_ID } from './nodeIds.js';

const META_MODE = 0o555;
const META_FILE_MODE = 0o444;
const WRITE_BITS = 0o222;

export class TableFeed {
  #batch = new NodeBatch();
  /** bytes that the files of the batch have allocated */
  #allocated = 0;
  /** asked before a node is added; false: whoever asked adds it in another way */
  admits: (decoded: EntryCursor, slot: number) => boolean = () => true;

  constructor(private readonly role: Role) {}

  /** The two meta files, by which other commands know a mount, and what they are in. */
  addMeta({ logOffset, logLength }: Superblock): void {
    this.#batch.add(META_ID, Buffer.from(RESERVED_NAME), META_MODE, 0, 0);
    this.#addMetaFile(SUPERBLOCK_ID, '.superblock', 0, SUPERBLOCK_REGION);
    this.#addMetaFile(LOG_ID, '.log', logOffset, logLength);
  }

  #addMetaFile(id: number, name: string, offset: number, length: number): void {
    const path = Buffer.from(`${RESERVED_NAME}/${name}`);
    this.#batch.add(id, path, META_FILE_MODE, 0, 0, length, 0, SEALED | UNCACHED);
    this.#batch.addExtent(0, offset, length);
  }

  /** Takes what an entry that took effect has made. */
  readonly take = (slot: number, decoded: EntryCursor): void => {
    const { type, extentCount, daxdevs, offsets, lengths } = decoded;
    if (type !== 'FILE' && type !== 'MKDIR') return;
    for (let i = 0; i < extentCount; i++) this.#allocated += lengths[i] as number;
    if (!this.admits(decoded, slot)) return;
    const path = decoded.pathData.subarray(decoded.pathStart, decoded.pathEnd);
    const { mode, uid, gid } = decoded;
    if (type === 'MKDIR') {
      this.#batch.add(idOfSlot(slot), path, mode, uid, gid);
      return;
    }
    const sealed = isSealed(decoded.flags, this.role);
    const shown = sealed ? mode & ~WRITE_BITS : mode;
    const chunk = decoded.interleaved ? decoded.chunkSize : 0;
    this.#batch.add(idOfSlot(slot), path, shown, uid, gid, decoded.size, chunk, sealed ? SEALED : 0);
    for (let i = 0; i < extentCount; i++)
      this.#batch.addExtent(daxdevs[i] as number, offsets[i] as number, lengths[i] as number);
  };

  /** What has come since the last call. */
  drain(): { batch: NodeBatch; allocated: number } {
    const drained = { batch: this.#batch, allocated: this.#allocated };
    if (this.#batch.count > 0) this.#batch = new NodeBatch();
    this.#allocated = 0;
    return drained;
  }
}

/** Whether nobody on this host may write a file's bytes: a Client needs the flag that says that all hosts may. */
function isSealed(flags: number, role: Role): boolean {
  if ((flags & FILE_FLAG_READ_ONLY) !== 0) return true;
  return role === 'Client' && (flags & FILE_FLAG_READ_WRITE) === 0;
}
