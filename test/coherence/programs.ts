/** What hosts run besides commands, by its name as the first word: the library, and what a mount does without a kernel. */
import { openVolume } from '../../src/fs/pool/openVolume.js';
import { WriteSession } from '../../src/fs/pool/writeSession.js';
import { hasBytesOf } from '../../src/fs/serve/commit.js';
import { watchPrimary } from '../../src/fs/serve/watched.js';
import { FileMap } from '../../src/fs/transfer/fileMap.js';
import { openSession } from '../../src/library/openSession.js';
import { crc32 } from '../../src/native/device.js';
import type { FuseServer } from '../../src/native/fuse.js';
import type { SimHost, World } from './world.js';

type Program = (world: World, host: SimHost, words: readonly string[]) => Promise<string>;

export const PROGRAMS: Readonly<Record<string, Program>> = {
  /** stores bytes of this process as a file */
  async 'store bytes'(world, host, [path = '']) {
    const { env, cwd } = world.fsHost(host);
    const session = await openSession(world.image, { env, cwd });
    try {
      await session.cp(Buffer.alloc(5000, path), path);
      return '';
    } finally {
      session.close();
    }
  },

  /** whether a file has the bytes of one of this host: asked by a mount that has made a file twice */
  async 'has bytes'(world, host, [path = '', file = '']) {
    const session = WriteSession.open(world.fsHost(host), [world.image]);
    try {
      const node = session.volume.replay.namespace.get(path);
      if (node === undefined) return `no ${path}`;
      const signal = new AbortController().signal;
      return String(await hasBytesOf(session, session.volume.fileEntry(node), world.path(file), signal));
    } finally {
      session.close();
    }
  },

  /** flushes a file, and then loads it from the mapping as any program does */
  async 'flush and load'(world, host, [path = '']) {
    await world.ok(host, 'flush', '--invalidate', '--dev', 'image', path);
    const volume = openVolume(world.fsHost(host), [world.image]);
    try {
      const node = volume.replay.namespace.get(path);
      if (node?.kind !== 'file') return `no file ${path}`;
      const runs = [...new FileMap(volume, volume.fileEntry(node)).runs()];
      const bytes = runs.map(({ start, end, device, offset }) => device.read(offset, end - start));
      return crc32(Buffer.concat(bytes)).toString(16);
    } finally {
      volume.close();
    }
  },

  /** the bytes that a mount takes for those of its file system */
  async watch(world, host) {
    const volume = openVolume(world.fsHost(host), [world.image]);
    const watched: string[] = [];
    const addWatch: FuseServer['addWatch'] = (_, offset, bytes) => {
      watched.push(`${offset}: ${Buffer.from(bytes).toString('hex')}`);
    };
    watchPrimary({ addWatch } as FuseServer, volume);
    volume.close();
    return watched.join('\n');
  },
};
