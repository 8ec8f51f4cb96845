/** Plays log entries into a shadow tree: keeps what agrees with the log, and writes what is missing or differs. */
import type { LogEntry } from '../../format/entries/entryTypes.js';
import type { MkdirEntry } from '../../format/entries/mkdir.js';
import { type FileMetadata, fileYaml } from '../../format/fileYaml.js';
import { unreachable } from '../../format/unreachable.js';
import { FamfsError } from '../errors.js';
import { makeFolders } from '../host/makeFolders.js';
import type { Volume } from '../pool/volume.js';
import { folderDifferences, setAttributes } from './attributes.js';
import { daxdevDifferences, fileDifferences } from './compare.js';
import {
  type DaxdevFacts,
  daxdevPath,
  daxdevYaml,
  metaFacts,
  SHADOW_DAXDEVS,
  SHADOW_META,
  SHADOW_ROOT,
  type ShadowRole,
  shadowFacts,
  shadowPath,
} from './facts.js';
import { readShadowFile, replaceShadowFile } from './files.js';
import { ShadowFolders } from './folders.js';
import { type NewShadowFile, NewShadowFiles } from './newFiles.js';
import { type YamlReader, yamlReader } from './readYaml.js';

const FOLDER_MODE = 0o755;

/** How many files, folders, daxdevs and meta files were handled in which way. */
export interface PlayCounts {
  made: number;
  /** agreed with the log */
  unchanged: number;
  /** differed from the log */
  replaced: number;
  /** folders whose owner only root could set */
  wrongOwners: number;
}

export interface ShadowPlayOptions {
  /** without write permission for files */
  readonly client: boolean;
  /** a server may read the tree while it is played */
  readonly live: boolean;
}

/** A file that is to be there, and what differs in one that is. */
interface WantedFile extends NewShadowFile {
  readonly differences: (found: Buffer) => string[];
}

export class ShadowPlayer {
  readonly counts: PlayCounts = { made: 0, unchanged: 0, replaced: 0, wrongOwners: 0 };
  readonly #folders: ShadowFolders;
  readonly #role: ShadowRole;
  readonly #yaml: YamlReader;
  /** the root did not exist, so nobody can serve the tree: until `finish`, files are written directly under their names, together */
  #newFiles: NewShadowFiles<WantedFile> | undefined;

  /**
   * Opens or makes the shadow tree of a file system in `dir`, and writes its daxdevs and meta files. Throws SHADOW_OPEN,
   * SHADOW_UNSAFE, SHADOW_WRITE, and SHADOW_FOREIGN if the tree was played from another file system.
   */
  static async open(dir: string, volume: Volume, { client, live }: ShadowPlayOptions): Promise<ShadowPlayer> {
    const yaml = await yamlReader();
    makeTop(dir);
    const folders = new ShadowFolders(dir);
    try {
      const isNew = folders.make(SHADOW_ROOT, FOLDER_MODE);
      const player = new ShadowPlayer(folders, { client, role: volume.role }, yaml, isNew && !live);
      player.#begin(volume);
      return player;
    } catch (error) {
      folders.close();
      throw error;
    }
  }

  /** Opens the tree from which a mount is served, to play more entries into it. Throws SHADOW_OPEN. */
  static async attach(dir: string, volume: Volume): Promise<ShadowPlayer> {
    return new ShadowPlayer(new ShadowFolders(dir), { client: false, role: volume.role }, await yamlReader(), false);
  }

  private constructor(folders: ShadowFolders, role: ShadowRole, yaml: YamlReader, unread: boolean) {
    this.#folders = folders;
    this.#role = role;
    this.#yaml = yaml;
    if (!unread) return;
    const made = (count: number) => {
      this.counts.made += count;
    };
    this.#newFiles = new NewShadowFiles(folders, made, (file) => this.#update(file));
  }

  /**
   * Plays one entry, after those that it depends on. In a new tree, files may be made later, by `finish` at the latest. Throws
   * SHADOW_UNSAFE or SHADOW_WRITE.
   */
  play(entry: LogEntry): void {
    switch (entry.type) {
      case 'FILE':
        this.#file(shadowFacts(entry, this.#role));
        break;
      case 'MKDIR':
        this.#folder(entry);
        break;
      case 'ADD_DAXDEV':
        this.#daxdev({ index: entry.daxdev, uuid: entry.deviceUuid, size: entry.deviceSize });
        break;
      default:
        unreachable(entry);
    }
  }

  /** Plays later entries; others may have changed the tree meanwhile. Throws as `play` does. */
  playMore(entries: Iterable<LogEntry>): void {
    this.#folders.forget();
    for (const entry of entries) this.play(entry);
  }

  /** Makes all files that were played; only then `counts` has them all. Throws SHADOW_UNSAFE or SHADOW_WRITE. */
  finish(): void {
    this.#newFiles?.finish();
    // the tree may be served now
    this.#newFiles = undefined;
  }

  /** Closes the folders of the tree; what was not finished is not made. */
  close(): void {
    this.#newFiles?.abandon();
    this.#folders.close();
  }

  #begin({ superblock, replay, primary }: Volume): void {
    this.#folders.make(SHADOW_DAXDEVS, FOLDER_MODE);
    const [first] = replay.daxdevs;
    this.#daxdev({ index: 0, uuid: first?.uuid ?? superblock.deviceUuid, size: superblock.deviceSize || primary.size });
    this.#folders.make(SHADOW_META, FOLDER_MODE);
    for (const facts of metaFacts(superblock, this.#role)) this.#file(facts);
  }

  #folder(entry: MkdirEntry): void {
    const path = shadowPath(entry.path);
    const made = this.#folders.make(path, 0o700);
    const fd = this.#folders.fd(path);
    if (!made && folderDifferences(fd, entry).length === 0) this.counts.unchanged++;
    else {
      try {
        if (!setAttributes(fd, entry)) this.counts.wrongOwners++;
      } catch (cause) {
        throw this.#folders.failure(path, cause);
      }
      if (made) this.counts.made++;
      else this.counts.replaced++;
    }
  }

  #file(facts: FileMetadata): void {
    this.#put({
      path: shadowPath(facts.path),
      text: fileYaml(facts),
      differences: (found) => fileDifferences(found, facts, this.#yaml),
    });
  }

  #daxdev(facts: DaxdevFacts): void {
    const path = daxdevPath(facts.index);
    const differencesOf = (found: Buffer) => {
      const differences = daxdevDifferences(found, facts, this.#yaml);
      if (differences.some((difference) => difference.startsWith('uuid '))) throw this.#foreign(path, differences);
      return differences;
    };
    this.#put({ path, text: daxdevYaml(facts), differences: differencesOf });
  }

  #put(file: WantedFile): void {
    if (this.#newFiles !== undefined) this.#newFiles.add(file);
    else this.#update(file);
  }

  /** Makes a file that may be there already, and read, in one step. */
  #update({ path, text, differences }: WantedFile): void {
    const found = readShadowFile(this.#folders, path);
    if (Buffer.isBuffer(found) && differences(found).length === 0) {
      this.counts.unchanged++;
      return;
    }
    replaceShadowFile(this.#folders, path, text);
    if (found === 'nothing') this.counts.made++;
    else this.counts.replaced++;
  }

  #foreign(path: string, differences: readonly string[]): FamfsError {
    const shown = this.#folders.shown(path);
    return new FamfsError(
      'SHADOW_FOREIGN',
      `the tree was played from another file system: in ${shown}, ${differences[0]}`,
      {
        hint: 'play into a new folder, or remove the old tree once nobody serves it',
        details: { path: shown },
      },
    );
  }
}

function makeTop(dir: string): void {
  try {
    makeFolders(dir, FOLDER_MODE);
  } catch (cause) {
    throw new FamfsError('SHADOW_OPEN', `cannot make ${dir}: ${(cause as Error).message}`, { cause });
  }
}
