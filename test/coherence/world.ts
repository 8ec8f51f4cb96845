/** Hosts around one fabric, in this process: images that stand for its devices, commands and looks that run on a host, lost power. */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { SUPERBLOCK_MAGIC } from '../../src/format/superblock.js';
import { makeRandom, type Random } from '../../src/fs/allocate/random.js';
import type { Host } from '../../src/fs/host/host.js';
import { openVolume } from '../../src/fs/pool/openVolume.js';
import type { Volume } from '../../src/fs/pool/volume.js';
import { readParts } from '../../src/fs/transfer/fileBytes.js';
import { FileMap } from '../../src/fs/transfer/fileMap.js';
import { replaceAddon } from '../../src/native/addon.js';
import { crc32 } from '../../src/native/device.js';
import { streamSink } from '../../src/ui/sink.js';
import { type Run, runCommand } from '../support/runCommand.js';
import { Fabric, type Habits, HostCache, type MemoryOperation } from './fabric.js';
import { onHost, PowerLoss, type SimulatedHost, simulatedAddon } from './hostFace.js';
import { PROGRAMS } from './programs.js';
import type { Rules } from './rules.js';

const MIB = 2 ** 20;
/** the devices, and their bytes */
const DEVICES = { image: 40 * MIB, second: 24 * MIB, third: 24 * MIB };
const MAGIC = new Uint8Array(new BigUint64Array([BigInt(SUPERBLOCK_MAGIC)]).buffer);
const MASTER_UUID = '00000000-0000-4000-8000-000000000001';
const CLIENT_UUID = '00000000-0000-4000-8000-000000000002';

/** nothing happens by itself */
export const CALM: Habits = { evict: 0, early: 0, prefetch: 0 };

export type Role = 'Master' | 'Client';

/** An operation that the cache rules are about. */
export type Asked = 'invalidate' | 'writeBack' | 'fence';

/** An operation that is left out wherever it is asked for at one place. */
export interface LeftOut {
  readonly operation: Asked;
  /** as callSite names it, or the place in C++ */
  readonly site: string;
}

/** The contents of all devices. */
export type Memory = ReadonlyMap<string, Fabric>;

/** A host of a world; several may have the uuid of the Master, one after the other. */
export class SimHost implements SimulatedHost {
  readonly #caches = new Map<string, HostCache>();
  /** operations so far */
  operations = 0;
  /** power is lost before the operation of this number */
  powerUntil = Number.POSITIVE_INFINITY;
  /** called before each operation */
  onOperation: ((operation: MemoryOperation) => void) | undefined;
  leftOut: LeftOut | undefined;
  /** watches that it keeps the rules, where that is wanted */
  rules: Rules | undefined;
  /** gets each operation with its places, where it is wanted */
  onSites: ((operation: MemoryOperation, sites: readonly string[]) => void) | undefined;

  constructor(
    readonly name: string,
    readonly role: Role,
    private readonly memory: Memory,
    private readonly random: Random,
    private readonly habits: Habits,
  ) {}

  cacheOf(path: string): HostCache | undefined {
    const known = this.#caches.get(path);
    if (known !== undefined) return known;
    const fabric = this.memory.get(path);
    if (fabric === undefined) return undefined;
    const cache = new HostCache(fabric, this.random, this.habits);
    this.#caches.set(path, cache);
    return cache;
  }

  /** Whether its power was lost. */
  get isDead(): boolean {
    return this.operations > this.powerUntil;
  }

  before(operation: MemoryOperation): void {
    if (++this.operations > this.powerUntil) throw new PowerLoss(`the power of ${this.name} is lost`);
    this.onOperation?.(operation);
  }

  leavesOut(operation: MemoryOperation, sites: () => readonly string[]): boolean {
    this.onSites?.(operation, sites());
    return this.leftOut?.operation === operation && sites().includes(this.leftOut.site);
  }

  /** Its power is lost now. The chances decide what has left its caches before, as HostCache.lose has it. */
  lose(random: Random): void {
    this.powerUntil = 0;
    this.operations = Math.max(this.operations, 1);
    const kept = random() < 0.7 ? 0 : random();
    const latest = Math.floor(random() * 4);
    for (const cache of this.#caches.values()) cache.lose(kept, latest);
  }

  /** Writes back and forgets all, as if it had all the time it needs. */
  flush(): void {
    for (const cache of this.#caches.values()) cache.flush();
  }
}

/** A folder with images, whose bytes are those of a fabric. */
export class World {
  readonly memory: Memory;
  readonly image: string;

  constructor(readonly folder: string) {
    for (const [name, size] of Object.entries(DEVICES)) {
      // by its magic, the search for members of a pool knows an image from other files; its bytes are in the fabric
      writeFileSync(this.path(name), name === 'image' ? '' : MAGIC);
      truncateSync(this.path(name), size);
    }
    this.memory = new Map(Object.keys(DEVICES).map((name) => [this.path(name), new Fabric()]));
    this.image = this.path('image');
    writeFileSync(this.path('Master.uuid'), MASTER_UUID);
    writeFileSync(this.path('Client.uuid'), CLIENT_UUID);
    mkdirSync(this.path('files'));
    replaceAddon(undefined);
    replaceAddon(simulatedAddon());
  }

  /** To be called at the end: other tests of this process get the real addon. */
  close(): void {
    replaceAddon(undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  fabric(name: string): Fabric {
    return this.memory.get(this.path(name)) as Fabric;
  }

  host(name: string, role: Role, random: Random = makeRandom(1), habits = CALM): SimHost {
    return new SimHost(name, role, this.memory, random, habits);
  }

  save(): Memory {
    return new Map([...this.memory].map(([path, fabric]) => [path, fabric.copy()]));
  }

  load(memory: Memory): void {
    for (const [path, fabric] of this.memory) fabric.become(memory.get(path) as Fabric);
  }

  /** Runs a command line on a host; or one of PROGRAMS. */
  async run(host: SimHost, argv: readonly string[]): Promise<Run> {
    const run = await this.#run(host, argv);
    if (!host.isDead) host.rules?.report();
    return run;
  }

  async #run(host: SimHost, argv: readonly string[]): Promise<Run> {
    const program = PROGRAMS[argv[0] as string];
    if (program !== undefined) return this.#runProgram(host, () => program(this, host, argv.slice(1)));
    const fd = openSync(this.path('files/stdout'), 'w+');
    try {
      const stdout = Object.assign(new PassThrough(), { fd });
      const written = streamSink(stdout);
      const context = { env: this.#environment(host.role), cwd: this.folder };
      const run = await onHost(host, () =>
        runCommand(argv, argv[0] === 'cat' ? { ...context, stdout, sink: written } : context),
      );
      return { ...run, stdout: run.stdout + readFileSync(fd, 'latin1') };
    } finally {
      closeSync(fd);
    }
  }

  async #runProgram(host: SimHost, work: () => Promise<string>): Promise<Run> {
    try {
      return { exitCode: 0, stdout: await onHost(host, work), stderr: '' };
    } catch (error) {
      return { exitCode: 1, stdout: '', stderr: `${error}` };
    }
  }

  /** Runs a command that must succeed. Throws what it printed. */
  async ok(host: SimHost, ...argv: string[]): Promise<void> {
    const { exitCode, stdout, stderr } = await this.run(host, argv);
    if (exitCode !== 0)
      throw new Error(`famfs ${argv.join(' ')} on the ${host.name} exits ${exitCode}: ${stderr}${stdout}`);
  }

  fsHost(host: SimHost, warnings: string[] = []): Host {
    return {
      env: this.#environment(host.role),
      cwd: this.folder,
      warn: (code) => {
        if (code !== 'SMALL_DEVICE') warnings.push(code);
      },
    };
  }

  /** What a host sees of the file system: each path, and of files the size and a checksum of the bytes. Warnings too. */
  listing(host: SimHost): string {
    const warnings: string[] = [];
    return onHost(host, () => {
      const volume = openVolume(this.fsHost(host, warnings), [this.image]);
      try {
        return [...contentOf(volume), ...warnings].join('\n');
      } finally {
        volume.close();
      }
    });
  }

  #environment(role: Role): Record<string, string> {
    return { FAMFS_SYSTEM_UUID_FILE: this.path(`${role}.uuid`), FAMFS_SYSROOT: this.folder, HOME: this.folder };
  }
}

/** One line for each node, in the order of their paths. */
export function contentOf(volume: Volume): string[] {
  const lines = [...volume.replay.namespace.nodes()].map((node) => {
    if (node.kind === 'directory') return `${node.path}/`;
    const { fmap: _, ...entry } = volume.fileEntry(node);
    const map = new FileMap(volume, volume.fileEntry(node));
    const bytes = Buffer.concat([...readParts(map, { offset: 0, length: entry.size }, MIB)]);
    return `${node.path} ${entry.size} ${crc32(bytes).toString(16)}`;
  });
  return lines.sort();
}
