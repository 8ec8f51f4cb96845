/** Gives a kernel the maps of files in a form that it takes (docs/kernel-maps.md). Without one, the kernel requests bytes. */
import type { FileEntry } from '../../format/entries/file.js';
import { encodeD, mapBackingId } from '../../format/kernel/dMessage.js';
import type { MapFacts } from '../../format/kernel/facts.js';
import { type KernelFormName, kernelForm } from '../../format/kernel/forms.js';
import type { KernelFinding } from '../../format/kernel/rule.js';
import { encodeV2, v2HeaderStruct } from '../../format/kernel/v2Message.js';
import { probeV2 } from '../../format/kernel/v2Parts.js';
import { decodePath } from '../../format/path.js';
import { viewOf } from '../../format/struct.js';
import { HUGE_PAGE, SUPERBLOCK_REGION } from '../../format/superblock.js';
import { type FuseControl, type FuseMaps, type FuseServer, OPEN_PASSTHROUGH } from '../../native/fuse.js';
import { FamfsError } from '../errors.js';
import { OWNER_METADATA } from '../log/extentLedger.js';
import { kernelFactsOf } from '../pool/kernelFacts.js';
import type { Volume } from '../pool/volume.js';
import { type DaxdevReceiver, KernelDaxdevs } from './kernelDaxdevs.js';
import { LOG_ID, SUPERBLOCK_ID } from './nodeIds.js';
import type { MapMode, ServeLog } from './serveOptions.js';

const BACKING_REMOVE = 10;
const BACKING_MAP = 11;
const FILE_TYPES: Readonly<Record<number, number>> = { [SUPERBLOCK_ID]: 1, [LOG_ID]: 2 };

/** A file's map, ready to be given out. */
interface MappedNode {
  readonly entry: Pick<FileEntry, 'fmap' | 'size'>;
  /** id of its map, if it has one */
  readonly mapId: number;
  /** of its entry; OWNER_METADATA for the meta files */
  readonly slot: number;
}

/**
 * The forms of maps that a kernel may have, the best first. With form V2, a kernel refuses maps of pages below 2 MiB and, as published, of
 * a daxdev other than 0, and it does not read such files by bytes: a pool gets that form only if the user asks for it.
 */
export function formsOf(mode: MapMode, { replay }: Volume): readonly Exclude<FuseMaps, 'none'>[] {
  if (mode === 'none') return [];
  if (mode !== 'auto') return [mode];
  return replay.unit < HUGE_PAGE || replay.daxdevs.length > 1 ? ['d'] : ['v2', 'd'];
}

/** What giving out maps needs from the server. */
export type MapReceiver = Pick<FuseServer, 'answerOpen' | 'node' | 'notify'> & DaxdevReceiver;

export class KernelMaps {
  readonly #volume: Volume;
  readonly #server: MapReceiver;
  readonly #daxdevs: KernelDaxdevs;
  readonly #log: ServeLog;
  #form: FuseMaps = 'none';
  /** number of opens of each node through its map */
  readonly #opens = new Map<number, number>();
  /** what is known of files up to slot `next` of the log */
  #known: { readonly next: number; readonly factsOf: (slot: number) => MapFacts } | undefined;

  /** @param ofImages give out maps of images too */
  constructor(volume: Volume, server: MapReceiver, ofImages: boolean, log: ServeLog) {
    this.#volume = volume;
    this.#server = server;
    this.#daxdevs = new KernelDaxdevs(volume, server, ofImages, log);
    this.#log = log;
  }

  /** The form that was agreed on. */
  start(form: FuseMaps): void {
    this.#form = form;
    if (form === 'v2') this.#daxdevs.open();
  }

  /** The reply to GET_FMAP. Throws BAD_MAP for a map that a kernel must not have. */
  fmapReply(node: number, probed: number): Buffer {
    // others may have joined
    this.#daxdevs.open();
    const mapped = this.#mapped(node);
    const { entry } = mapped;
    const reply = encodeV2(entry.fmap, entry.size, probed > 0);
    const bad = this.#objection('v2', reply, mapped, probed > 0 ? 'probe' : 'v10-multi');
    if (bad !== undefined) throw this.#refused(node, bad.message);
    const fileType = FILE_TYPES[node];
    if (fileType !== undefined) v2HeaderStruct.write(viewOf(reply), 0, { fileType });
    return probed >= v2HeaderStruct.size ? probeV2(reply, probed) : reply;
  }

  /** The reply to GET_DAXDEV. Throws NO_SUCH_DAXDEV or BAD_MAP. */
  daxdevReply(index: number): Buffer {
    return this.#daxdevs.reply(index);
  }

  /** Answers OPEN, with the file's map if the kernel takes one. */
  open({ unique, node }: FuseControl): void {
    const mapId = this.#form === 'd' ? this.#push(node) : undefined;
    if (mapId === undefined) this.#server.answerOpen(unique);
    else this.#server.answerOpen(unique, OPEN_PASSTHROUGH, mapId);
  }

  /** Counts a close: a map that nobody needs is taken back. */
  release(node: number): void {
    const opens = this.#opens.get(node);
    if (opens === undefined) return;
    if (opens > 1) this.#opens.set(node, opens - 1);
    else {
      this.#opens.delete(node);
      const message = Buffer.alloc(16);
      message.writeBigUInt64LE(BigInt(this.#mapped(node).mapId));
      this.#try(() => this.#server.notify(BACKING_REMOVE, message));
    }
  }

  /** Gives the kernel a file's map unless it has it. Returns its id, or undefined if the file is served by bytes. */
  #push(node: number): number | undefined {
    const mapped = this.#mapped(node);
    const { entry, mapId } = mapped;
    const opens = this.#opens.get(node) ?? 0;
    if (opens === 0) {
      const message = encodeD(entry.fmap, mapId);
      const bad = this.#objection('d', message, mapped, undefined);
      if (bad !== undefined) {
        this.#log(`${this.#pathOf(node)}: served by bytes: ${bad.message}`);
        return undefined;
      }
      const given = this.#try(() => {
        for (const { daxdev } of entry.fmap.extents) this.#daxdevs.register(daxdev);
        this.#server.notify(BACKING_MAP, message);
      });
      if (!given) return undefined;
    }
    this.#opens.set(node, opens + 1);
    return mapId;
  }

  /** Why a kernel must not have a map, or would refuse it; undefined for a map that it accepts. */
  #objection(
    form: KernelFormName,
    message: Buffer,
    { entry: { fmap, size }, slot }: MappedNode,
    revision: string | undefined,
  ): KernelFinding | undefined {
    const facts: MapFacts = { ...this.#factsOf(slot), revision, fileSize: size, fmap };
    return kernelForm(form)
      .decode(message)
      .judge(facts)
      .find((finding) => finding.class !== 'ACCESS');
  }

  /** The pool, and the files that share pages with that of a slot: a later entry may have claimed some of them. */
  #factsOf(slot: number): MapFacts {
    const { next } = this.#volume.replay;
    if (this.#known?.next !== next) this.#known = { next, factsOf: kernelFactsOf(this.#volume) };
    return this.#known.factsOf(slot);
  }

  /** Whether the kernel took it. Reports the reason if not, once for all files. */
  #try(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      this.#log(`the kernel refuses maps (${(error as Error).message}): files are served by bytes`);
      this.#form = 'none';
      return false;
    }
  }

  #mapped(node: number): MappedNode {
    const { logOffset, logLength } = this.#volume.superblock;
    if (node === SUPERBLOCK_ID) return metaMap(0, SUPERBLOCK_REGION, node);
    if (node === LOG_ID) return metaMap(logOffset, logLength, node);
    const found = this.#volume.replay.namespace.get(this.#pathOf(node));
    if (found?.kind !== 'file') throw new FamfsError('NO_ENTRY', `node ${node} is not a file in the log`);
    return { entry: this.#volume.fileEntry(found), mapId: mapBackingId(found.slot), slot: found.slot };
  }

  #pathOf(node: number): string {
    return decodePath(this.#server.node(node)?.path ?? new Uint8Array());
  }

  #refused(node: number, why: string): FamfsError {
    const path = this.#pathOf(node);
    this.#log(`${path}: the kernel gets no map: ${why}`);
    return new FamfsError('BAD_MAP', `${path}: ${why}`);
  }
}

/** Ids below those of files and above those of daxdevs. */
const META_MAP_BASE = 2 ** 31;

function metaMap(deviceOffset: number, length: number, node: number): MappedNode {
  const fmap = { layout: 'simple', extents: [{ daxdev: 0, deviceOffset, length }] } as const;
  return { entry: { fmap, size: length }, mapId: META_MAP_BASE + node, slot: OWNER_METADATA };
}
