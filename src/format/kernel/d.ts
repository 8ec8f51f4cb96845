/** Form d of a map: the extent-map notification of mainline FUSE. The server sends it without being asked. */
import { counted } from '../counted.js';
import { hex } from '../fieldText.js';
import { type Extent, type Fmap, stripLength } from '../fmap.js';
import { daxdevFindings } from './daxdevForm.js';
import {
  D_FLAG_CREATE,
  D_FLAG_CYCLIC,
  type DNotification,
  daxdevBackingId,
  dExtentStruct,
  decodeD,
  dHeaderStruct,
  encodeD,
  isCyclic,
  mapBackingId,
} from './dMessage.js';
import { D_RULES, type DKernel } from './dRules.js';
import type { MapFacts } from './facts.js';
import type { KernelForm, KernelMessage } from './form.js';
import { findingsOf, type KernelFinding, ruleRows } from './rule.js';

/** An extent-map notification, decoded as far as its bytes go. Numbers are exact, also above 2^53-1. */
export interface DRow {
  readonly form: 'd';
  /** null if it is cut off */
  readonly header: DHeaderRow | null;
  readonly extents: readonly DExtentRow[];
}

interface DHeaderRow {
  /** id of the map */
  readonly backingId: number;
  /** extents that follow */
  readonly extentCount: number;
  /** bit 0 CREATE, bit 1 CYCLIC */
  readonly flags: number;
  readonly reserved1: number;
  readonly reserved2: number;
}

interface DExtentRow {
  readonly fileOffset: number;
  /** bytes; the chunk of a cyclic map */
  readonly length: number;
  /** id under which the daxdev is registered */
  readonly backingId: number;
  /** bytes from the start of the daxdev */
  readonly deviceOffset: number;
  readonly reserved1: number;
  readonly reserved2: number;
}

/** The registration of a daxdev with the fuse device: an open descriptor of its path, and its ids. */
export interface DDaxdevRow {
  /** the id that maps use for the daxdev */
  readonly backingId: number;
  readonly padding: number;
  readonly spare: readonly number[];
}

const KNOWN_FLAGS = D_FLAG_CREATE | D_FLAG_CYCLIC;

export const dForm = {
  summary: 'the extent-map notification of mainline kernels',
  kernels: 'kernels that receive maps unasked (extent maps)',
  revisions: {},
  defaultRevision: undefined,
  statesFileSize: false,
  structs: [dHeaderStruct, dExtentStruct],

  encode({ fmap, slot }) {
    return encodeD(fmap, mapBackingId(slot));
  },

  guess(image) {
    const { header } = decodeD(image);
    if (header === undefined || (header.flags & D_FLAG_CREATE) === 0 || (header.flags & ~KNOWN_FLAGS) !== 0)
      return false;
    return image.length === dHeaderStruct.size + dExtentStruct.size * header.extentCount;
  },

  decode(image) {
    return new DMessage(decodeD(image));
  },

  parts: undefined,

  daxdevs: {
    summary: 'registrations',
    message(daxdev) {
      const backingId = daxdevBackingId(daxdev.daxdev);
      const lines = [`fd of ${daxdev.path ?? '-'}, padding 0, backing id ${backingId}, spare 0 0`];
      return { row: { backingId, padding: 0, spare: [0, 0] }, lines, findings: daxdevFindings(daxdev) };
    },
  },

  rules: () => ruleRows<DNotification, DKernel, 'kernel'>(D_RULES, { kernel: { facts: {} } }),
} as const satisfies KernelForm<object, DDaxdevRow>;

export class DMessage implements KernelMessage {
  readonly #notification: DNotification;

  constructor(notification: DNotification) {
    this.#notification = notification;
  }

  judge(facts: MapFacts): KernelFinding[] {
    return findingsOf(D_RULES, this.#notification, { facts });
  }

  toRow() {
    const { header = null, extents } = this.#notification;
    return { form: 'd' as const, header, extents };
  }

  toLines(): string[] {
    const { header, extents } = this.#notification;
    if (header === undefined) return [];
    const { backingId, extentCount, flags } = header;
    const names = `${(flags & D_FLAG_CREATE) === 0 ? '' : ' CREATE'}${(flags & D_FLAG_CYCLIC) === 0 ? '' : ' CYCLIC'}`;
    const lines = [`map id ${hex(backingId)}, ${counted(extentCount, 'extent')}, flags ${hex(flags)}${names}`];
    for (const { fileOffset, length, backingId: device, deviceOffset } of extents)
      lines.push(
        `file offset ${hex(fileOffset)}, length ${hex(length)}, backing id ${device}, device offset ${hex(deviceOffset)}`,
      );
    return lines;
  }

  toMap(fileSize: number | undefined): { fmap: Fmap; size: number } | undefined {
    const covered = this.#notification.extents.reduce((sum, { length }) => sum + Number(length), 0);
    const size = fileSize ?? covered;
    const fmap = fmapOf(this.#notification, size);
    return fmap && { fmap, size };
  }
}

/** The length of strips is not sent; it follows from the file's size in bytes. */
function fmapOf(notification: DNotification, size: number): Fmap | undefined {
  const { header, extents } = notification;
  if (header === undefined || extents.length !== header.extentCount || extents.length === 0) return undefined;
  const simple = extents.map(({ backingId, deviceOffset, length }): Extent => {
    return { daxdev: Number(backingId) - 1, deviceOffset: Number(deviceOffset), length: Number(length) };
  });
  if (!simple.every(isPossible)) return undefined;
  if (!isCyclic(notification)) return { layout: 'simple', extents: simple };
  const chunkSize = (simple[0] as Extent).length;
  const length = stripLength(size, chunkSize, simple.length);
  return { layout: 'interleaved', chunkSize, extents: simple.map((extent) => ({ ...extent, length })) };
}

function isPossible({ daxdev, deviceOffset, length }: Extent): boolean {
  return daxdev >= 0 && Number.isSafeInteger(daxdev) && length > 0 && Number.isSafeInteger(deviceOffset + length);
}
