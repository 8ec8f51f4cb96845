/** A mounted file system: follows its log, reads and writes its files, makes new ones. */
import type { LogEntry } from '../../format/entries/entryTypes.js';
import { decodePath, MAX_PATH_BYTES } from '../../format/path.js';
import { type FuseEvent, type FuseReady, FuseServer, type FuseTrouble } from '../../native/fuse.js';
import { withResolvers } from '../../native/withResolvers.js';
import { checkLayout } from '../allocate/placement.js';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { requireSuperblock } from '../pool/damage.js';
import { follow } from '../pool/follow.js';
import { refuseMounted } from '../pool/mountOfPool.js';
import { type Access, closeOnError, openTarget, type Target } from '../pool/openTarget.js';
import { type Role, roleOf } from '../pool/role.js';
import { replayTarget, type Volume } from '../pool/volume.js';
import { WriteSession } from '../pool/writeSession.js';
import { ATTRIBUTES, Attributes } from './attributes.js';
import { KeptFiles, type Leftover } from './keptFiles.js';
import { formsOf, KernelMaps } from './kernelMaps.js';
import { LOG_ID } from './nodeIds.js';
import { Requests } from './requests.js';
import type { ServeLog, ServeOptions } from './serveOptions.js';
import { BLOCK, Space } from './space.js';
import { Staging } from './staging.js';
import { TableFeed } from './tableFeed.js';
import { watchPrimary, whatChanged } from './watched.js';

const ROOT_MODE = 0o755;
/** seconds that the kernel caches names and attributes; it is notified of each change */
const TIMEOUT = 86_400;

export interface ServerRun {
  /** resolved when the kernel has agreed; rejects if the connection ends before that */
  readonly ready: Promise<FuseReady>;
  /** resolves with 0 when it is unmounted and everything is committed, otherwise with an errno */
  readonly ended: Promise<number>;
}

/** Opens what is to be served, and checks that it can be; the caller of `make`, or an error, closes it. */
function openServed<T>(
  host: Host,
  named: readonly string[],
  access: Access,
  { layout }: Pick<ServeOptions, 'layout'>,
  make: (target: Target, role: Role) => T,
): T {
  const target = openTarget(host, named, access);
  return closeOnError(target, () => {
    if (target.mount !== undefined)
      throw new FamfsError('MOUNTED', `${target.mount.mountPoint} is mounted already`, {
        hint: 'name a daxdev or an image',
      });
    refuseMounted(host, target.primary);
    const { systemUuid, allocationUnit } = requireSuperblock(target.primary, target.primary.size);
    checkLayout(layout, allocationUnit);
    return make(target, roleOf(host, systemUuid));
  });
}

export class FamfsServer {
  readonly volume: Volume;
  readonly #options: ServeOptions;
  readonly #feed: TableFeed;
  readonly #log: ServeLog;
  readonly #stop = new AbortController();
  /** the end of the latest piece of work; only one at a time has the lock */
  #exclusive: Promise<unknown> = Promise.resolve();
  #space: Space;
  readonly #kept: KeptFiles;
  #devices = 0;
  #failed = false;
  /** directories of the batch being published that already have a node */
  #adopted = 0;
  #server!: FuseServer;
  #staging!: Staging;
  #requests!: Requests;
  #maps!: KernelMaps;

  /**
   * Opens the file system to serve and replays its log. Nothing is mounted yet; the caller closes it. Throws MOUNT_POINT,
   * MOUNTED, BAD_LAYOUT, NO_DIRECTORY for an unusable staging folder, and what openTarget and replayTarget throw.
   */
  static open(host: Host, named: readonly string[], options: ServeOptions, log: ServeLog): FamfsServer {
    return openServed(host, named, options.readOnly ? 'read' : 'append', options, (target, role) => {
      const feed = new TableFeed(role);
      return new FamfsServer(replayTarget(target, { listener: feed }), feed, options, log);
    });
  }

  /** The file system that `open` would serve, read only; nothing is written. The caller closes it. Throws as `open` does. */
  static preview(host: Host, named: readonly string[], options: ServeOptions): Volume {
    return openServed(host, named, 'read', options, (target) => replayTarget(target));
  }

  private constructor(volume: Volume, feed: TableFeed, options: ServeOptions, log: ServeLog) {
    this.volume = volume;
    this.#feed = feed;
    this.#options = options;
    this.#log = log;
    this.#space = new Space(volume);
    this.#kept = new KeptFiles(options.staging, volume.superblock.fsUuid);
    if (this.creates) this.#kept.prepare();
    feed.addMeta(volume.superblock);
  }

  /** Whether new files and directories can be made. */
  get creates(): boolean {
    return !this.#options.readOnly && this.volume.role === 'Master';
  }

  /** Answers over descriptors of a mount or of a socket, which it takes over. */
  serve(fds: readonly number[]): ServerRun {
    const ready = withResolvers<FuseReady>();
    // a caller that does not await it need not learn that it failed
    ready.promise.catch(() => {});
    const ended = withResolvers<number>();
    this.#server = new FuseServer(this.#fuseOptions(fds), (event) => {
      if (event.type === 'ready') {
        this.#maps.start(event.maps);
        ready.resolve(event);
      } else if (event.type === 'ended') {
        ready.reject(new FamfsError('NOT_MOUNTED', 'the kernel ended the mount before it was ready'));
        void this.#end(event.errno).then(ended.resolve);
      } else this.#hear(event);
    });
    this.#assemble();
    this.publish();
    const leftovers = this.creates ? this.#kept.leftovers() : [];
    if (leftovers.length === 0) this.#server.start();
    else void this.#recover(leftovers).catch(ready.reject);
    void this.#follow();
    return { ready: ready.promise, ended: ended.promise };
  }

  /** Answers once everything that an earlier server left is committed. */
  async #recover(leftovers: readonly Leftover[]): Promise<void> {
    try {
      await this.#staging.recover(leftovers);
    } catch (error) {
      this.#log(
        `files that an earlier server left in ${this.#kept.folder} are not committed: ${(error as Error).message}`,
      );
    }
    this.#server.start();
  }

  /** Commits closed files, before the mount goes away. */
  async settle(): Promise<void> {
    await this.#staging.settle();
  }

  /** Number of requests by opcode, and bytes of the table. */
  figures(): { requests: readonly number[]; tableBytes: number } {
    return { requests: this.#server.requests(), tableBytes: this.#server.tableBytes };
  }

  close(): void {
    this.#stop.abort();
    this.volume.close();
  }

  #fuseOptions(fds: readonly number[]) {
    const { readOnly, cache, maps, mapsOfImages, threads, staging, rootOwner } = this.#options;
    // an image is not a dax device: no kernel takes its maps
    const isDax = this.volume.primary.kind === 'device' || mapsOfImages;
    return {
      fds,
      threads,
      creates: this.creates,
      writes: !readOnly,
      direct: cache === 'none',
      followsOpens: this.creates,
      timeout: TIMEOUT,
      time: Math.floor(Date.now() / 1000),
      maps: isDax ? formsOf(maps, this.volume) : [],
      xattrs: ATTRIBUTES,
      staging,
      mode: ROOT_MODE,
      ...rootOwner,
    };
  }

  #assemble(): void {
    const { volume } = this;
    const server = this.#server;
    const log = this.#log;
    const attributes = new Attributes(volume, this.#options);
    this.#maps = new KernelMaps(volume, server, this.#options.mapsOfImages, log);
    this.#staging = new Staging({
      server,
      log,
      signal: this.#stop.signal,
      space: () => this.#space,
      kept: this.#kept,
      allowBytes: this.#options.allowBytes,
      linger: this.#options.linger,
      layoutIn: (directory) => attributes.layoutIn(directory),
      withSession: (work) => this.#withSession(work),
      appendOwn: (session, entry) => this.#appendOwn(session, entry),
    });
    this.#feed.onPath = (path) => {
      if (this.#staging.giveWay(path, volume.replay.namespace)) this.#adopted++;
    };
    this.#requests = new Requests({
      server,
      staging: this.#staging,
      attributes,
      maps: this.#maps,
      log,
    });
    watchPrimary(server, volume);
  }

  /** Shows entries that were replayed since the last call. */
  publish(): void {
    const { batch, allocated } = this.#feed.drain();
    const { daxdevs } = this.volume.replay;
    for (; this.#devices < daxdevs.length; this.#devices++) this.#addDevice(this.#devices);
    if (batch.count > 0) {
      const { noParent, exists, impossible } = this.#server.addNodes(batch);
      this.#staging.dropReplaced();
      const lost = noParent + exists + impossible - this.#adopted;
      this.#adopted = 0;
      if (lost > 0) this.#log(`${lost} of ${batch.count} new names cannot be shown: run famfs fsck`);
    }
    this.#space.take(allocated);
    if (this.#space.isOutdated) this.#space = new Space(this.volume);
    const { capacity, free, files, slots } = this.#space.totals;
    this.#server.setStatfs(
      Math.floor(capacity / BLOCK),
      Math.floor(free / BLOCK),
      slots,
      Math.max(slots - files, 0),
      BLOCK,
      MAX_PATH_BYTES,
    );
    if (batch.count > 0) this.#server.forgetInode(LOG_ID);
  }

  #addDevice(index: number): void {
    try {
      this.#server.setDevice(index, this.volume.device(index));
    } catch (error) {
      this.#log(`${(error as Error).message}: files that need it cannot be read`);
    }
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    try {
      for await (const _ of follow(this.volume, { interval: this.#options.refresh, signal })) this.publish();
    } catch (error) {
      if (!signal.aborted) this.#fail((error as Error).message);
    }
  }

  /** The device no longer holds the mounted file system, so nothing of it may be served. */
  #fail(why: string): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#server.fail();
    this.#log(`${why}: every access is an I/O error until the mount is unmounted`);
  }

  #hear(event: Exclude<FuseEvent, { type: 'ready' | 'ended' }>): void {
    if (event.type === 'trouble') this.#tell(event);
    else this.#requests.handle(event);
  }

  #tell({ what, node, offset, device, deviceOffset, errno }: FuseTrouble): void {
    if (what === 'CHANGED') {
      this.#fail(whatChanged(this.volume));
      return;
    }
    if (what === 'BAD_REQUEST') this.#log('a request that cannot be read was refused');
    else if (what === 'REFUSED') this.#log(`the kernel refused an answer (errno ${errno})`);
    else {
      const path = decodePath(this.#server.node(node)?.path ?? new Uint8Array());
      const { path: daxdev } = this.volume.members.member(device);
      const place = `offset 0x${offset.toString(16)}, daxdev ${device} (${daxdev}) offset 0x${deviceOffset.toString(16)}`;
      this.#log(`${path}: memory cannot be ${what === 'READ_FAULT' ? 'read' : 'written'} at ${place}`);
    }
  }

  async #withSession<T>(work: (session: WriteSession) => Promise<T>): Promise<T> {
    const turn = this.#exclusive.then(async () => {
      const session = await WriteSession.resume(this.volume, this.#stop.signal);
      try {
        this.publish();
        return await work(session);
      } finally {
        session.release();
        this.publish();
      }
    });
    this.#exclusive = turn.catch(() => {});
    return turn;
  }

  #appendOwn(session: WriteSession, entry: LogEntry): number {
    this.#feed.muted = true;
    try {
      return session.append(entry);
    } finally {
      this.#feed.muted = false;
    }
  }

  async #end(errno: number): Promise<number> {
    try {
      if (!this.#failed) await this.#staging.settleAll();
    } catch (error) {
      this.#log((error as Error).message);
    }
    this.#stop.abort();
    if (this.creates) this.#kept.close();
    return errno;
  }
}
