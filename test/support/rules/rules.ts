/**
 * The rules that superblocks and log must keep for the reference (docs/format.md), judged on the bytes of the images. No code of the
 * toolkit takes part, so that its mistakes cannot hide themselves.
 */
import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import { ENTRY_SIZE, inSlot, judgeEntry, type RawDaxdev, type RawNode, type Rule } from './rawEntry.js';
import { isZero, type RawImage, rawFile, uuidAt } from './rawImage.js';
import { judgeSpace } from './rawSpace.js';

const SUPERBLOCK_SIZE = 200;
const SUPERBLOCK_MAGIC = 0x87b282ffn;
const VERSION = 48n;
const LOG_AT = 0x200000;
const LEAST_LOG = 8n * 2n ** 20n;
const HEADER_SIZE = 48;
const LOG_MAGIC = 0xbadcafef00dn;
const UNITS = [4096n, 0x200000n];
const NIL = '0'.repeat(32);

/** A daxdev of the pool, as its superblock describes it. */
export interface RawMember {
  readonly image: RawImage;
  readonly isPrimary: boolean;
  readonly fsUuid: string;
  readonly uuid: string;
  readonly systemUuid: string;
  readonly logLength: bigint;
  readonly unit: bigint;
}

export interface RawFs {
  /** what is wrong; empty if all rules hold */
  readonly broken: readonly string[];
  readonly nodes: readonly RawNode[];
  readonly daxdevs: readonly RawDaxdev[];
}

/**
 * Judges the file system on a primary.
 * @param others images among which its other daxdevs are; those of other pools, or of none, do not matter
 */
export function judgeRules(primary: RawImage, others: readonly RawImage[] = []): RawFs {
  const broken: string[] = [];
  const rule: Rule = (holds, complaint) => holds || broken.push(complaint);
  const first = judgeSuperblock(primary, rule);
  rule(first.isPrimary, `${primary.name}: log offset`);
  if (!first.isPrimary || first.logLength > BigInt(primary.size)) return { broken, nodes: [], daxdevs: [] };
  const entries = judgeLog(first, rule);
  const daxdevs = entries.filter((entry): entry is RawDaxdev => entry.kind === 'daxdev');
  const nodes = entries.filter((entry): entry is RawNode => entry.kind !== 'daxdev');
  const members = judgePool(first, daxdevs, others, rule);
  judgeTree(nodes, rule);
  judgeSpace(
    members.map((image, index) => ({ size: image?.size, slot: index === 0 ? -1 : (daxdevs[index - 1]?.slot ?? -1) })),
    { unit: first.unit, logEnd: BigInt(LOG_AT) + first.logLength },
    nodes,
    rule,
  );
  return { broken, nodes, daxdevs };
}

/** Throws if the pool that an image file belongs to breaks a rule; the others may be of any pools. */
export function assertRules(path: string, paths: readonly string[] = []): void {
  const images = [path, ...paths.filter((other) => other !== path)].map(rawFile);
  const [named] = images as [RawImage];
  const fsUuid = uuidAt(named.read(0, SUPERBLOCK_SIZE), 48);
  const isPrimary = (image: RawImage) => {
    const superblock = image.read(0, SUPERBLOCK_SIZE);
    return uuidAt(superblock, 48) === fsUuid && superblock.readBigUInt64LE(16) !== 0n;
  };
  const primary = images.find(isPrimary) ?? named;
  const { broken } = judgeRules(
    primary,
    images.filter((image) => image !== primary),
  );
  assert.deepEqual(broken, [], `${primary.name} breaks rules of the format`);
}

function judgeSuperblock(image: RawImage, rule: Rule): RawMember {
  const bytes = image.read(0, SUPERBLOCK_SIZE);
  const say: Rule = (holds, complaint) => rule(holds, `${image.name}: ${complaint}`);
  const [logOffset, logLength, unit] = [16, 24, 32].map((at) => bytes.readBigUInt64LE(at)) as [bigint, bigint, bigint];
  const isPrimary = logOffset !== 0n;
  const [fsUuid, uuid, systemUuid] = [48, 64, 80].map((at) => uuidAt(bytes, at)) as [string, string, string];
  const [flags, name] = [bytes.readUInt32LE(104), bytes.subarray(136)];
  say(bytes.readBigUInt64LE(0) === SUPERBLOCK_MAGIC, 'magic of the superblock');
  say(bytes.readBigUInt64LE(8) === VERSION, 'version of the superblock');
  say(!isPrimary || logOffset === BigInt(LOG_AT), 'place of the log');
  say(isPrimary ? isPower(logLength) && logLength >= LEAST_LOG : logLength === 0n, 'length of the log');
  say(!isPrimary || BigInt(LOG_AT) + logLength <= BigInt(image.size), 'room for the log');
  say(UNITS.includes(unit), 'allocation unit');
  say(bytes.readUInt32LE(40) === 2 && bytes.readUInt32LE(44) === 2, 'version of the format');
  say(
    [fsUuid, uuid, systemUuid].every((id) => id !== NIL),
    'a uuid of zeros',
  );
  say(bytes.readBigUInt64LE(96) === BigInt(crc32(bytes.subarray(0, 96))), 'crc of the superblock');
  say(flags === 0 || flags === (isPrimary ? 1 : 2), 'flags of the superblock');
  say(bytes.readUInt32LE(108) === 0, 'padding of the superblock');
  say(bytes.readBigUInt64LE(112) === BigInt(image.size), 'device size');
  say([NIL, uuid].includes(uuidAt(bytes, 120)), 'copy of the device uuid');
  say(!name.includes(0) || isZero(name.subarray(name.indexOf(0))), 'bytes after the device name');
  return { image, isPrimary, fsUuid, uuid, systemUuid, logLength, unit };
}

function isPower(value: bigint): boolean {
  return value > 0n && (value & (value - 1n)) === 0n;
}

function judgeLog({ image, logLength }: RawMember, rule: Rule): (RawNode | RawDaxdev)[] {
  const header = image.read(LOG_AT, HEADER_SIZE);
  const at = (offset: number) => header.readBigUInt64LE(offset);
  const slots = (logLength - BigInt(HEADER_SIZE)) / BigInt(ENTRY_SIZE);
  rule(at(0) === LOG_MAGIC, 'magic of the log');
  rule(at(8) === logLength, 'length in the header of the log');
  rule(at(16) === slots - 1n, 'last index');
  rule(at(24) === BigInt(crc32(header.subarray(0, 24))), 'crc of the header');
  rule(at(32) === at(40), 'next sequence number');
  rule(at(40) <= slots, 'next index');
  const count = Number(at(40) <= slots ? at(40) : 0n);
  const bytes = image.read(LOG_AT + HEADER_SIZE, count * ENTRY_SIZE);
  return Array.from({ length: count }, (_, slot) =>
    judgeEntry(bytes.subarray(slot * ENTRY_SIZE, (slot + 1) * ENTRY_SIZE), slot, rule),
  ).filter((entry) => entry !== undefined);
}

/** The images by index of the pool, undefined where there is none. */
function judgePool(
  primary: RawMember,
  daxdevs: readonly RawDaxdev[],
  others: readonly RawImage[],
  rule: Rule,
): (RawImage | undefined)[] {
  const quiet: Rule = () => {};
  const seen = new Set([primary.uuid]);
  const found = daxdevs.map(({ slot, index, uuid, size }, i) => {
    const say = inSlot(slot, rule);
    say(index === i + 1, 'index of the daxdev');
    say(uuid !== NIL && !seen.has(uuid), 'uuid of the daxdev');
    seen.add(uuid);
    const image = others.find((other) => {
      const { fsUuid, uuid: own } = judgeSuperblock(other, quiet);
      return fsUuid === primary.fsUuid && own === uuid;
    });
    say(image !== undefined, 'no image has the uuid of the daxdev');
    if (image === undefined) return undefined;
    const member = judgeSuperblock(image, rule);
    say(!member.isPrimary, 'a secondary with a log');
    say(member.systemUuid === primary.systemUuid, 'system uuid of the daxdev');
    say(member.unit === primary.unit, 'allocation unit of the daxdev');
    say(size === BigInt(image.size), 'size of the daxdev');
    return image;
  });
  return [primary.image, ...found];
}

/** Each name once, and each directory before what is in it. */
function judgeTree(nodes: readonly RawNode[], rule: Rule): void {
  const directories = new Set(['']);
  const paths = new Set<string>();
  for (const { kind, slot, path } of nodes) {
    rule(!paths.has(path), `slot ${slot}: a path that is there already`);
    rule(directories.has(path.slice(0, Math.max(path.lastIndexOf('/'), 0))), `slot ${slot}: no directory before it`);
    paths.add(path);
    if (kind === 'directory') directories.add(path);
  }
}
