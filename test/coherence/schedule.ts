/**
 * One Master and one Client over memory without hardware coherence, run by a schedule that a seed decides: between any two
 * operations of one, the other may do a whole step of its own.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreationPlan } from '../../src/fs/allocate/creationPlan.js';
import { makeRandom, type Random } from '../../src/fs/allocate/random.js';
import type { Host } from '../../src/fs/host/host.js';
import { readShared } from '../../src/fs/media/sharedMemory.js';
import { mkfs } from '../../src/fs/mkfs/mkfs.js';
import { openVolume } from '../../src/fs/pool/openVolume.js';
import type { Volume } from '../../src/fs/pool/volume.js';
import { WriteSession } from '../../src/fs/pool/writeSession.js';
import { fillFiles } from '../../src/fs/transfer/fillFiles.js';
import { replaceAddon } from '../../src/native/addon.js';
import { Fabric, type MemoryOperation } from './fabric.js';
import { Hosts, type SimulatedHost, simulatedAddon } from './hostFace.js';

const MIB = 2 ** 20;
export const IMAGE_SIZE = 40 * MIB;
const LOG_LENGTH = 8 * MIB;
const UNIT = 2 ** 21;
const FILES = 6;
/** chance that the other host does something between two operations */
const INTERLEAVED = 0.08;
const SEED = 7n;
const LAYOUT = { stripes: 0, chunkSize: undefined, policy: 'fill', contiguous: true } as const;
const OWNER = { uid: 0, gid: 0, mode: 0o644 };

/**
 * writing: the Master works and the Client looks in between. reading: the other way round. remade: the Client has seen a file
 * system that the Master then makes again. taken: the Client has seen a file system that the Master fills, and then makes one of
 * its own in its place.
 */
export type Kind = 'writing' | 'reading' | 'remade' | 'taken';

/** An operation that the product does, left out at one place. */
export interface LeftOut {
  readonly host: 'Master' | 'Client';
  readonly operation: MemoryOperation;
  /** the functions that ask for it, as HostFace names them, or how these names begin */
  readonly site: string;
}

/** Runs schedules over one image, which a Master has made and whose memory each schedule has for itself. */
export class Stage {
  readonly path: string;
  readonly #hosts = new Hosts();
  readonly #base: Fabric;
  readonly #environments: Readonly<Record<'Master' | 'Client', Record<string, string>>>;
  /** operations that were asked for, and where: `Client invalidate readShared` */
  readonly sites = new Set<string>();

  constructor(folder: string) {
    this.path = join(folder, 'image');
    const environment = (name: string) => ({
      FAMFS_SYSTEM_UUID_FILE: join(folder, name),
      FAMFS_SYSROOT: folder,
      HOME: folder,
    });
    this.#environments = { Master: environment('master'), Client: environment('client') };
    writeFileSync(join(folder, 'client'), '00000000-0000-4000-8000-000000000001');
    this.#base = new Fabric();
    const master = hostOf('Master');
    const quiet = { between: () => {}, leaveOut: () => false, random: makeRandom(1) };
    this.#with(this.#base, quiet, () =>
      this.#hosts.as(master, () => {
        mkfs(this.#host('Master', []), [this.path], { logLength: LOG_LENGTH, unit: UNIT, force: 0, dryRun: false });
        for (const cache of master.caches.values()) cache.flush();
      }),
    );
  }

  /** Runs one schedule. Returns what a host saw that it must not see, or undefined. */
  async run(seed: number, kind: Kind, leftOut?: LeftOut): Promise<string | undefined> {
    const random = makeRandom(seed);
    const play = new Play(this.path, this.#hosts, random, (role, warnings) => this.#host(role, warnings));
    const options = {
      random,
      between: (host: SimulatedHost) => play.between(host),
      leaveOut: (host: SimulatedHost, operation: MemoryOperation, site: string) => {
        this.sites.add(`${host.name} ${operation} ${site}`);
        return leftOut?.host === host.name && leftOut.operation === operation && site.startsWith(leftOut.site);
      },
    };
    try {
      return await this.#with(this.#base.copy(), options, () => play.run(kind));
    } catch (error) {
      return (error as Error).message;
    }
  }

  #with<T>(fabric: Fabric, options: Omit<Parameters<typeof simulatedAddon>[1], 'fabrics'>, work: () => T): T {
    replaceAddon(undefined);
    replaceAddon(simulatedAddon(this.#hosts, { ...options, fabrics: new Map([[this.path, fabric]]) }));
    const done = work();
    const restore = () => replaceAddon(undefined);
    if (done instanceof Promise) return done.finally(restore) as T;
    restore();
    return done;
  }

  #host(role: 'Master' | 'Client', warnings: string[]): Host {
    return {
      env: this.#environments[role],
      cwd: '/',
      warn: (code, message) => {
        if (code !== 'SMALL_DEVICE') warnings.push(`${code}: ${message}`);
      },
    };
  }
}

function hostOf(name: string): SimulatedHost {
  return { name, caches: new Map() };
}

/** What happens in one schedule, and what must hold of it. */
class Play {
  #master = hostOf('Master');
  #client = hostOf('Client');
  /** names whose making has begun, in order, and how many of them were reported as made */
  readonly #begun: string[] = [];
  #reported = 0;
  #made = 0;
  #inside = false;
  #session: WriteSession | undefined;

  constructor(
    private readonly path: string,
    private readonly hosts: Hosts,
    private readonly random: Random,
    private readonly makeHost: (role: 'Master' | 'Client', warnings: string[]) => Host,
  ) {}

  async run(kind: Kind): Promise<string | undefined> {
    this.#openSession();
    if (kind === 'remade' || kind === 'taken') this.#replaceFileSystem(kind);
    if (kind === 'reading') for (let look = 0; look < FILES; look++) this.#look();
    else while (this.#begun.length < FILES) await this.#makeFilled();
    this.#look();
    return undefined;
  }

  #openSession(): void {
    const host = this.makeHost(this.#master.name as 'Master' | 'Client', []);
    this.#session = this.hosts.as(this.#master, () => WriteSession.open(host, [this.path]));
  }

  /** Both hosts have something of the old file system in their caches when a new one takes its place. */
  #replaceFileSystem(kind: 'remade' | 'taken'): void {
    this.#inside = true;
    if (kind === 'taken') this.#look();
    for (let i = 0; i < FILES; i++) this.#make();
    if (kind === 'remade') this.#look();
    if (kind === 'taken') [this.#master, this.#client] = [this.#client, this.#master];
    const host = this.makeHost(this.#master.name as 'Master' | 'Client', []);
    const options = { logLength: LOG_LENGTH, unit: UNIT, force: 2, dryRun: false };
    this.hosts.as(this.#master, () => mkfs(host, [this.path], options));
    this.#begun.length = 0;
    this.#reported = 0;
    this.#openSession();
    this.#inside = false;
  }

  between(host: SimulatedHost): void {
    if (this.#inside || this.#session === undefined || this.random() >= INTERLEAVED) return;
    this.#inside = true;
    try {
      if (host === this.#master) this.#look();
      else if (this.#begun.length < 2 * FILES) this.#make();
    } finally {
      this.#inside = false;
    }
  }

  /** The Master makes a file without bytes. */
  #make(): void {
    const session = this.#session as WriteSession;
    this.hosts.as(this.#master, () => {
      const plan = new CreationPlan(session, () => 0);
      plan.addFile({ path: this.#next('empty'), size: 2 * MIB, ...OWNER }, LAYOUT, false);
      plan.commit();
    });
    this.#reported = this.#begun.length;
  }

  /** The Master makes a file whose bytes are there before its entry. */
  async #makeFilled(): Promise<void> {
    const session = this.#session as WriteSession;
    const plan = new CreationPlan(session, () => 0);
    const path = this.#next('filled');
    const request = { path, size: 4096, ...OWNER };
    const planned = this.hosts.as(this.#master, () => plan.addFile(request, LAYOUT, false));
    const attendant = { threads: 1, signal: new AbortController().signal, advance: () => {} };
    const before = this.hosts.current;
    this.hosts.current = this.#master;
    try {
      await fillFiles(session, [{ ...planned, content: { from: 'pattern', seed: SEED } }], attendant);
    } finally {
      this.hosts.current = before;
    }
    this.#reported = this.#begun.length;
  }

  #next(kind: 'empty' | 'filled'): string {
    const path = `${kind}${++this.#made}`;
    this.#begun.push(path);
    return path;
  }

  /** The Client replays, and must see all that was reported, nothing that was not begun, in order, and whole. */
  #look(): void {
    const reported = this.#reported;
    const warnings: string[] = [];
    this.hosts.as(this.#client, () => {
      const host = this.makeHost(this.#client.name as 'Master' | 'Client', warnings);
      const volume = openVolume(host, [this.path]);
      const names = [...volume.replay.namespace.nodes()].map(({ path }) => path);
      if (warnings.length > 0) throw new Error(`the Client was warned: ${warnings[0]}`);
      const expected = this.#begun.slice(0, names.length);
      if (names.join() !== expected.join())
        throw new Error(`the Client saw ${names.join()}, begun were ${this.#begun.join()}`);
      if (names.length < reported)
        throw new Error(`the Client saw ${names.length} of ${reported} files that were reported`);
      for (const path of names.filter((name) => name.startsWith('filled'))) checkBytes(volume, path);
      volume.close();
    });
  }
}

function checkBytes(volume: Volume, path: string): void {
  const node = volume.replay.namespace.get(path);
  if (node === undefined) throw new Error(`${path} is gone`);
  const { fmap, size } = volume.fileEntry(node);
  const [extent] = fmap.extents;
  const bytes = readShared(volume.device(0), extent?.deviceOffset ?? 0, size);
  const wrong = bytes.findIndex((byte) => byte !== bytes[0] || byte === 0);
  if (wrong >= 0) throw new Error(`${path}: byte ${wrong} is ${bytes[wrong]} although the file is there`);
}
