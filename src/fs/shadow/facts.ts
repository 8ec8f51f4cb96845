/** What a shadow tree holds besides the files in the log: the meta files and the daxdevs. */
import type { FileEntry } from '../../format/entries/file.js';
import type { FileMetadata } from '../../format/fileYaml.js';
import { SUPERBLOCK_REGION, type Superblock } from '../../format/superblock.js';
import type { Role } from '../pool/role.js';

/** Name of the folder that mirrors the root of the file system. */
export const SHADOW_ROOT = 'root';
export const SHADOW_META = `${SHADOW_ROOT}/.meta`;
export const SHADOW_DAXDEVS = 'daxdevs';

const WRITE_BITS = 0o222;

/** For which role a tree is played. */
export interface ShadowRole {
  /** the mount must not let anyone write to files */
  readonly client: boolean;
  readonly role: Role;
}

/** The path in the tree for a path of the file system. */
export function shadowPath(path: string): string {
  return path === '' ? SHADOW_ROOT : `${SHADOW_ROOT}/${path}`;
}

/** A file as the tree shows it: without write permission for a Client. */
export function shadowFacts(entry: FileEntry, { client }: ShadowRole): FileMetadata {
  return client ? { ...entry, mode: entry.mode & ~WRITE_BITS } : entry;
}

/** The two meta files, which a mount shows as .meta/.superblock and .meta/.log. */
export function metaFacts(superblock: Superblock, { client, role }: ShadowRole): FileMetadata[] {
  const { logOffset, logLength } = superblock;
  const owned = role === 'Master' && !client;
  return [
    metaFile('.meta/.superblock', 0, SUPERBLOCK_REGION, 0o444),
    metaFile('.meta/.log', logOffset, logLength, owned ? 0o644 : 0o444),
  ];
}

function metaFile(path: string, offset: number, length: number, mode: number): FileMetadata {
  const fmap = { layout: 'simple', extents: [{ daxdev: 0, deviceOffset: offset, length }] } as const;
  return { path, size: length, flags: 0, mode, uid: 0, gid: 0, fmap };
}

/** A daxdev of the pool; size in bytes. */
export interface DaxdevFacts {
  readonly index: number;
  readonly uuid: string;
  readonly size: number;
}

export function daxdevPath(index: number): string {
  return `${SHADOW_DAXDEVS}/${index}`;
}

export function daxdevYaml({ index, uuid, size }: DaxdevFacts): string {
  return `---\ndaxdev:\n  index: ${index}\n  uuid: ${uuid}\n  size: ${size}\n...\n`;
}
