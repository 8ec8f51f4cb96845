/** A pool in memory only, to see whether all files get their names, space and log slots before anything is written. */
import { randomUUID } from 'node:crypto';
import type { LogEntry } from '../../format/entries/entryTypes.js';
import type { FileEntry } from '../../format/entries/file.js';
import type { Interleave } from '../../format/interleave.js';
import { lastIndexOf } from '../../format/logHeader.js';
import { SUPERBLOCK_REGION } from '../../format/superblock.js';
import type { PlanTarget } from '../allocate/creationPlan.js';
import type { Node } from '../log/namespace.js';
import { Replay } from '../log/replay.js';
import type { Geometry } from '../mkfs/newDaxdevs.js';
import type { Member } from '../pool/members.js';
import type { Volume } from '../pool/volume.js';
import { refuseFullLog } from '../pool/writeSession.js';

export class SimulatedPool implements PlanTarget {
  private constructor(
    readonly volume: PlanTarget['volume'],
    /** slots of the log */
    private readonly capacity: number,
  ) {}

  /**
   * The pool that mkfs would make.
   * @param sizes bytes of its daxdevs, the primary first
   */
  static blank(
    sizes: readonly number[],
    { logLength, unit }: Geometry,
    defaultInterleave: Interleave | undefined,
  ): SimulatedPool {
    const [primarySize = 0, ...others] = sizes;
    const facts = {
      uuid: randomUUID(),
      size: primarySize,
      reserved: SUPERBLOCK_REGION + logLength,
      unit,
    };
    const volume = {
      replay: new Replay(facts),
      defaultInterleave,
      members: { member: presentMember },
      fileEntry: noEntry,
    };
    const pool = new SimulatedPool(volume, lastIndexOf(logLength) + 1);
    for (const size of others) pool.addDaxdev(size);
    return pool;
  }

  /** An existing pool, to which daxdevs may be added. Changes the volume's replay, which must not be used for anything else. */
  static of(volume: Volume): SimulatedPool {
    const { replay, defaultInterleave, members, log } = volume;
    const count = replay.daxdevs.length;
    const member = (index: number) => (index < count ? members.member(index) : presentMember(index));
    const fileEntry = (node: Node) => volume.fileEntry(node);
    return new SimulatedPool({ replay, defaultInterleave, members: { member }, fileEntry }, log.capacity);
  }

  addDaxdev(size: number): void {
    const daxdev = this.volume.replay.daxdevs.length;
    this.append({ type: 'ADD_DAXDEV', deviceSize: size, deviceUuid: randomUUID(), daxdev });
  }

  requireSlots(count: number): void {
    refuseFullLog(count, this.capacity - this.volume.replay.next, this.capacity);
  }

  append(entry: LogEntry): number {
    this.requireSlots(1);
    const { replay } = this.volume;
    const slot = replay.next;
    replay.applyOwn(slot, entry);
    return slot;
  }
}

function presentMember(index: number): Member {
  return {
    index,
    uuid: '',
    state: 'present',
    size: 0,
    path: undefined,
    sizeHere: undefined,
    candidates: [],
    unopened: [],
  };
}

function noEntry({ path }: Node): FileEntry {
  throw new Error(`${path}: a simulated file has no entry`);
}
