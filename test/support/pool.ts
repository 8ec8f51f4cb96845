/** Pools of image files: making, inspecting and damaging them. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { superblockStruct } from '../../src/format/superblock.js';
import { pokeSuperblock, type Value } from './patch.js';
import { firstBytes, MIB, Sandbox } from './sandbox.js';

export interface DaxdevRow {
  readonly daxdev: number;
  readonly uuid: string;
  readonly path: string | null;
  readonly state: string;
  readonly size: number;
  readonly capacity: number;
  readonly used: number;
  readonly free: number;
  readonly largestHole: number;
}

export interface PoolList {
  readonly fsUuid: string;
  readonly daxdevs: readonly DaxdevRow[];
  readonly orphans: readonly { path: string; uuid: string; size: number }[];
}

export interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly slot?: number;
  readonly lastSlot?: number;
  readonly count: number;
  readonly daxdev?: number;
  readonly message: string;
}

export interface FsckReport {
  readonly errors: number;
  readonly warnings: number;
  readonly findings: readonly Finding[];
  readonly repairs: readonly { readonly id: string; readonly done: boolean }[];
  readonly daxdevs: readonly DaxdevRow[];
}

export class PoolSandbox extends Sandbox {
  /** Images of these sizes in MiB: p0.img, p1.img ... */
  images(...sizes: number[]): string[] {
    return sizes.map((size, i) => this.image(`p${i}.img`, size * MIB));
  }

  /** A pool on images of these sizes in MiB; FAMFS_DEV names the primary. */
  async makePool(...sizes: number[]): Promise<string[]> {
    const paths = this.images(...sizes);
    await this.ok(['mkfs', ...paths]);
    this.env.FAMFS_DEV = paths[0] as string;
    return paths;
  }

  async list(...options: string[]): Promise<PoolList> {
    return this.json<PoolList>(['daxdev', 'list', ...options]);
  }

  /** The report of fsck, whatever its exit code. */
  async fsck(...options: string[]): Promise<FsckReport & { exitCode: number }> {
    const { exitCode, stdout, stderr } = await this.run(['fsck', '--json', ...options]);
    if (stdout === '') throw new Error(`famfs fsck exited ${exitCode}: ${stderr}`);
    return { exitCode, ...(JSON.parse(stdout) as FsckReport) };
  }

  /** Changes a field of an image's superblock. */
  damage(path: string, field: string, value: Value, fixCrc = true): void {
    const bytes = firstBytes(path, superblockStruct.size);
    pokeSuperblock(bytes, field, value, fixCrc);
    overwrite(path, 0, bytes);
  }

  path(name: string): string {
    return join(this.folder, name);
  }
}

/** Writes bytes into an image. */
export function overwrite(path: string, offset: number, bytes: Uint8Array): void {
  const fd = openSync(path, 'r+');
  writeSync(fd, bytes, 0, bytes.length, offset);
  closeSync(fd);
}
