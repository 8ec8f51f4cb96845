/** Form v2 of a map: the reply to GET_FMAP. The kernel asks for the map of a file. */

import { counted } from '../counted.js';
import { EXTENT_SIMPLE } from '../entries/fileStruct.js';
import { hex } from '../fieldText.js';
import type { Extent, Fmap } from '../fmap.js';
import type { MapFacts } from './facts.js';
import type { KernelForm, KernelMessage } from './form.js';
import { findingsOf, type KernelFinding, ruleRows } from './rule.js';
import { getDaxdevStruct, v2Daxdevs } from './v2Daxdev.js';
import {
  decodeV2,
  encodeV2,
  V2_VERSION,
  type V2Extent,
  type V2Reply,
  v2ExtentStruct,
  v2HeaderStruct,
  v2InterleavedStruct,
} from './v2Message.js';
import { pageV2, probeV2, V2_SHORTEST_PAGE } from './v2Parts.js';
import { DEFAULT_V2_REVISION, V2_REVISIONS, v2Revision } from './v2Revisions.js';
import { V2_RULES, type V2Kernel } from './v2Rules.js';

/** A GET_FMAP reply, decoded as far as its bytes go. Numbers are exact, also above 2^53-1. */
export interface V2Row {
  readonly form: 'v2';
  /** null if it is cut off */
  readonly header: V2HeaderRow | null;
  /** extents of a simple map */
  readonly simple: readonly V2ExtentRow[];
  /** extents of an interleaved map */
  readonly interleaved: readonly V2InterleavedRow[];
}

interface V2HeaderRow {
  /** 0 regular, 1 superblock, 2 log */
  readonly fileType: number;
  readonly reserved1: number;
  readonly version: number;
  /** 0 simple, 1 interleaved */
  readonly extentType: number;
  /** extents that follow */
  readonly extentCount: number;
  /** bytes of the whole reply in later revisions, 0 in the first ones */
  readonly messageSize: number;
  /** bytes */
  readonly fileSize: number;
  readonly reserved2: number;
}

interface V2InterleavedRow {
  readonly stripCount: number;
  readonly chunkSize: number;
  /** bytes of the file on the strips */
  readonly bytes: number;
  readonly reserved: number;
  readonly strips: readonly V2ExtentRow[];
}

interface V2ExtentRow {
  readonly daxdev: number;
  readonly reserved: number;
  readonly deviceOffset: number;
  readonly length: number;
}

export const v2Form = {
  summary: 'the GET_FMAP reply of the FUSE patches of 2025',
  kernels: 'kernels that ask for maps (GET_FMAP)',
  revisions: V2_REVISIONS,
  defaultRevision: DEFAULT_V2_REVISION,
  statesFileSize: true,
  structs: [v2HeaderStruct, v2ExtentStruct, v2InterleavedStruct, getDaxdevStruct],

  encode({ fmap, size }, revision) {
    return encodeV2(fmap, size, v2Revision(revision).statesSize);
  },

  guess(image) {
    const { header, whole, simple, interleaved } = decodeV2(image);
    const records = simple.length + interleaved.reduce((sum, { strips }) => sum + 1 + strips.length, 0);
    const length = v2HeaderStruct.size + records * v2ExtentStruct.size;
    return header?.version === V2_VERSION && whole && length === image.length;
  },

  decode(image) {
    return new V2Message(decodeV2(image));
  },

  parts: {
    shortest: v2HeaderStruct.size,
    shortestPage: V2_SHORTEST_PAGE,
    encode: ({ fmap, size }) => encodeV2(fmap, size, true),
    answer: probeV2,
    page: pageV2,
  },

  daxdevs: v2Daxdevs,

  rules: () => ruleRows<V2Reply, V2Kernel, keyof typeof V2_REVISIONS>(V2_RULES, kernels()),
} as const satisfies KernelForm;

export class V2Message implements KernelMessage {
  readonly #reply: V2Reply;

  constructor(reply: V2Reply) {
    this.#reply = reply;
  }

  judge(facts: MapFacts): KernelFinding[] {
    return findingsOf(V2_RULES, this.#reply, { revision: v2Revision(facts.revision), facts });
  }

  toRow() {
    const { header = null, simple, interleaved } = this.#reply;
    return { form: 'v2' as const, header, simple, interleaved };
  }

  toLines(): string[] {
    const { header, simple, interleaved } = this.#reply;
    if (header === undefined) return [];
    const { fileType, version, extentType, extentCount, messageSize, fileSize } = header;
    const lines = [
      `file type ${fileType}, version ${version}, extent type ${extentType}, ${counted(extentCount, 'extent')}, ` +
        `message size ${messageSize}, file size ${fileSize}`,
    ];
    for (const extent of simple) lines.push(extentLine(extent));
    for (const { stripCount, chunkSize, bytes, strips } of interleaved) {
      lines.push(`${counted(stripCount, 'strip')}, chunk ${hex(chunkSize)}, ${bytes} bytes`);
      for (const strip of strips) lines.push(`  ${extentLine(strip)}`);
    }
    return lines;
  }

  toMap(): { fmap: Fmap; size: number } | undefined {
    const size = Number(this.#reply.header?.fileSize ?? 0n);
    const fmap = fmapOf(this.#reply);
    return fmap && Number.isSafeInteger(size) ? { fmap, size } : undefined;
  }
}

function kernels(): Record<keyof typeof V2_REVISIONS, V2Kernel> {
  const names = Object.keys(V2_REVISIONS) as (keyof typeof V2_REVISIONS)[];
  const all = names.map((name) => [name, { revision: V2_REVISIONS[name], facts: {} }]);
  return Object.fromEntries(all);
}

function extentLine({ daxdev, deviceOffset, length }: V2Extent): string {
  return `daxdev ${daxdev}, device offset ${hex(deviceOffset)}, length ${hex(length)}`;
}

function fmapOf({ header, simple, interleaved, whole }: V2Reply): Fmap | undefined {
  if (header === undefined || !whole) return undefined;
  const [first, second] = interleaved;
  const isSimple = header.extentType === EXTENT_SIMPLE;
  if (!isSimple && (first === undefined || second !== undefined)) return undefined;
  const extents = (first?.strips ?? simple).map(({ daxdev, deviceOffset, length }): Extent => {
    return { daxdev, deviceOffset: Number(deviceOffset), length: Number(length) };
  });
  if (extents.some(({ deviceOffset, length }) => !Number.isSafeInteger(deviceOffset + length))) return undefined;
  return first === undefined
    ? { layout: 'simple', extents }
    : { layout: 'interleaved', chunkSize: first.chunkSize, extents };
}
