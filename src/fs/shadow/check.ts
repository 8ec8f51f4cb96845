/** Compares a shadow tree with the log and lists every difference. Changes nothing. */
import { type Dirent, readdirSync } from 'node:fs';
import type { LogEntry } from '../../format/entries/entryTypes.js';
import type { MkdirEntry } from '../../format/entries/mkdir.js';
import type { FileMetadata } from '../../format/fileYaml.js';
import { decodePath } from '../../format/path.js';
import { unreachable } from '../../format/unreachable.js';
import { FamfsError } from '../errors.js';
import type { Volume } from '../pool/volume.js';
import { eachApplied } from './applied.js';
import { folderDifferences } from './attributes.js';
import { daxdevDifferences, fileDifferences } from './compare.js';
import {
  daxdevPath,
  metaFacts,
  SHADOW_DAXDEVS,
  SHADOW_META,
  SHADOW_ROOT,
  type ShadowRole,
  shadowFacts,
  shadowPath,
} from './facts.js';
import { readShadowFile } from './files.js';
import { ShadowFolders } from './folders.js';
import { type YamlReader, yamlReader } from './readYaml.js';

/** One difference from the log. */
export interface ShadowDifference {
  /** below the tree's folder: root/a/b, daxdevs/1 */
  readonly path: string;
  readonly code: 'MISSING' | 'EXTRA' | 'WRONG_KIND' | 'DIFFERENT';
  /** what the tree has and what the log says */
  readonly detail: string;
}

/** All differences between the tree in `dir` and the log, in log order, then extra files of the tree. Throws SHADOW_OPEN. */
export async function checkShadow(dir: string, volume: Volume, client: boolean): Promise<ShadowDifference[]> {
  const yaml = await yamlReader();
  const folders = new ShadowFolders(dir);
  try {
    const check = new ShadowCheck(folders, yaml, { client, role: volume.role });
    return check.run(volume);
  } finally {
    folders.close();
  }
}

class ShadowCheck {
  readonly #differences: ShadowDifference[] = [];
  readonly #expected = new Set<string>([SHADOW_ROOT, SHADOW_META, SHADOW_DAXDEVS]);

  constructor(
    readonly folders: ShadowFolders,
    readonly yaml: YamlReader,
    readonly role: ShadowRole,
  ) {}

  run(volume: Volume): ShadowDifference[] {
    for (const { index, uuid } of volume.replay.daxdevs) this.#daxdev(volume, index, uuid);
    for (const facts of metaFacts(volume.superblock, this.role)) this.#file(facts);
    eachApplied(volume, (entry) => this.#entry(entry));
    for (const top of [SHADOW_DAXDEVS, SHADOW_ROOT]) this.#extras(top);
    return this.#differences;
  }

  #entry(entry: LogEntry): void {
    switch (entry.type) {
      case 'FILE':
        this.#file(shadowFacts(entry, this.role));
        break;
      case 'MKDIR':
        this.#folder(entry);
        break;
      case 'ADD_DAXDEV':
        // daxdevs, the primary included, were compared earlier
        break;
      default:
        unreachable(entry);
    }
  }

  #daxdev({ superblock, primary, replay }: Volume, index: number, uuid: string): void {
    const path = daxdevPath(index);
    const size = index === 0 ? superblock.deviceSize || primary.size : (replay.daxdevs[index]?.size ?? 0);
    this.#content(path, (found) => daxdevDifferences(found, { index, uuid, size }, this.yaml));
  }

  #file(facts: FileMetadata): void {
    this.#content(shadowPath(facts.path), (found) => fileDifferences(found, facts, this.yaml));
  }

  #content(path: string, differences: (found: Buffer) => string[]): void {
    this.#expected.add(path);
    this.#guarded(path, () => {
      const found = readShadowFile(this.folders, path);
      if (found === 'nothing') this.#add(path, 'MISSING', 'only in the log');
      else if (found === 'no file') this.#add(path, 'WRONG_KIND', 'is not a regular file');
      else if (found === 'too long') this.#add(path, 'DIFFERENT', 'is too long for the metadata of a file');
      else for (const detail of differences(found)) this.#add(path, 'DIFFERENT', detail);
    });
  }

  #folder(entry: MkdirEntry): void {
    const path = shadowPath(entry.path);
    this.#expected.add(path);
    this.#guarded(path, () => {
      for (const detail of folderDifferences(this.folders.fd(path), entry)) this.#add(path, 'DIFFERENT', detail);
    });
  }

  /** Runs a comparison. A missing folder, or a non-folder in its place, at the path or above it, is a difference too. */
  #guarded(path: string, compare: () => void): void {
    try {
      compare();
    } catch (error) {
      if (!(error instanceof FamfsError)) throw error;
      if (error.code === 'SHADOW_MISSING') this.#add(path, 'MISSING', 'only in the log');
      else if (error.code === 'SHADOW_UNSAFE') this.#add(path, 'WRONG_KIND', 'is not a folder, or is not in one');
      else throw error;
    }
  }

  /** Walks the tree, never through a symbolic link. */
  #extras(top: string): void {
    const pending = [top];
    for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
      for (const entry of this.#list(folder)) {
        const path = `${folder}/${decodePath(entry.name)}`;
        if (!this.#expected.has(path)) this.#add(path, 'EXTRA', 'not in the log');
        if (entry.isDirectory()) pending.push(path);
      }
    }
  }

  #list(folder: string): Dirent<Buffer>[] {
    try {
      const fd = this.folders.fd(folder);
      return readdirSync(`/proc/self/fd/${fd}`, { withFileTypes: true, encoding: 'buffer' });
    } catch (error) {
      // reported already, or removed since it was listed
      if (error instanceof FamfsError && (error.code === 'SHADOW_MISSING' || error.code === 'SHADOW_UNSAFE')) return [];
      throw error;
    }
  }

  #add(path: string, code: ShadowDifference['code'], detail: string): void {
    this.#differences.push({ path, code, detail });
  }
}
