/** Turns replayed entries into nodes, with no object for each. */
import type { EntryCursor } from '../../format/entries/cursor.js';
import { FILE_FLAG_READ_ONLY, FILE_FLAG_READ_WRITE } from '../../format/entries/file.js';
import { decodePath, RESERVED_NAME } from '../../format/path.js';
import { SUPERBLOCK_REGION, type Superblock } from '../../format/superblock.js';
import { unreachable } from '../../format/unreachable.js';
import { NodeBatch, SEALED, UNCACHED } from '../../native/fuse.js';
import { type AppliedBlock, NUMBERS_PER_APPLIED } from '../../native/logTable.js';
import type { AppliedListener } from '../log/replay.js';
import type { Role } from '../pool/role.js';
import { idOfSlot, LOG_ID, META_ID, SUPERBLOCK_ID } from './nodeIds.js';

const META_MODE = 0o555;
const META_FILE_MODE = 0o444;
const WRITE_BITS = 0o222;

/** Positions of numbers in an AppliedBlock, which has the slot first. */
const FLAGS = 1;
const MODE = 2;
const EXTENTS = 7;
const PATH_BYTES = 8;

export class TableFeed implements AppliedListener {
  #batch = new NodeBatch();
  /** of the batch, if onPath is set */
  readonly #paths: string[] = [];
  /** bytes allocated to the files of the batch */
  #allocated = 0;
  /** called with the path of each node of a batch when it is drained */
  onPath: ((path: string) => void) | undefined;
  /** while it is set, entries make no nodes, because their writer already has them */
  muted = false;

  constructor(private readonly role: Role) {}

  /** The two meta files, by which other commands recognise a mount, and their directory. */
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

  /**
   * Takes entries in the form in which the addon has applied them: only the numbers of nodes and the flags must be translated.
   */
  block(block: AppliedBlock): void {
    const { numbers, paths, extents } = block;
    for (let at = 0; at < numbers.length; at += NUMBERS_PER_APPLIED) {
      const sealed = (numbers[at + EXTENTS] as number) > 0 && isSealed(numbers[at + FLAGS] as number, this.role);
      numbers[at] = idOfSlot(numbers[at] as number);
      numbers[at + FLAGS] = sealed ? SEALED : 0;
      if (sealed) numbers[at + MODE] = (numbers[at + MODE] as number) & ~WRITE_BITS;
    }
    if (this.onPath !== undefined) this.#paths.push(...pathsOf(numbers, paths));
    for (let i = 2; i < extents.length; i += 3) this.#allocated += extents[i] as number;
    this.#batch.append(block);
  }

  /** Takes one entry. */
  entry(slot: number, decoded: EntryCursor): void {
    const { type, extentCount, daxdevs, offsets, lengths, mode, uid, gid } = decoded;
    switch (type) {
      case 'FILE':
      case 'MKDIR':
        break;
      case 'ADD_DAXDEV':
      case undefined:
        return;
      default:
        unreachable(type);
    }
    for (let i = 0; i < extentCount; i++) this.#allocated += lengths[i] as number;
    if (this.muted) return;
    if (this.onPath !== undefined) this.#paths.push(decoded.path);
    const path = decoded.pathData.subarray(decoded.pathStart, decoded.pathEnd);
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
  }

  /** The nodes since the last call. */
  drain(): { batch: NodeBatch; allocated: number } {
    for (const path of this.#paths.splice(0)) this.onPath?.(path);
    const drained = { batch: this.#batch, allocated: this.#allocated };
    if (this.#batch.count > 0) this.#batch = new NodeBatch();
    this.#allocated = 0;
    return drained;
  }
}

function* pathsOf(numbers: Float64Array, paths: Uint8Array): Generator<string> {
  let from = 0;
  for (let at = 0; at < numbers.length; at += NUMBERS_PER_APPLIED) {
    const end = from + (numbers[at + PATH_BYTES] as number);
    yield decodePath(paths.subarray(from, end));
    from = end;
  }
}

/** Whether nobody on this host may write the bytes of a file: on a Client, the file needs the flag that lets all hosts write. */
function isSealed(flags: number, role: Role): boolean {
  if ((flags & FILE_FLAG_READ_ONLY) !== 0) return true;
  return role === 'Client' && (flags & FILE_FLAG_READ_WRITE) === 0;
}
