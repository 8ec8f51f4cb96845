/** Options and helpers that several commands share, declared once. */
import { FamfsError } from '../fs/errors.js';
import { relativePath } from '../fs/names.js';
import type { Namespace, Node } from '../fs/namespace.js';
import { openVolume } from '../fs/openVolume.js';
import { groupId, userId } from '../fs/owners.js';
import { WriteSession } from '../fs/session.js';
import type { Mirror } from '../fs/shadow/mirror.js';
import type { Volume } from '../fs/volume.js';
import type { Context } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { octal } from '../ui/units.js';

/** Which file system is meant. */
export const deviceOptions = {
  dev: {
    type: 'string',
    value: 'DEV',
    repeat: true,
    summary: 'daxdev or image of the file system',
    details:
      'Any daxdev of a pool leads to the others; it may be given several times, to say where they are. Without it, ' +
      'FAMFS_DEV (separated by colons) or the configuration names them, and without these, the only famfs among ' +
      '/dev/dax* is taken.',
  },
} as const;

/** Owner of new files and directories. */
export const ownerOptions = {
  uid: {
    type: 'string',
    short: 'u',
    value: 'USER',
    summary: 'owner, by number or name',
    details: 'The default is who runs the command.',
  },
  gid: {
    type: 'string',
    short: 'g',
    value: 'GROUP',
    summary: 'group, by number or name',
    details: 'The default is the group of who runs the command.',
  },
} as const;

/** Runs `work` on the file system that is meant, opened for reading. */
export async function withVolume<T>(
  context: Context,
  dev: readonly string[],
  work: (volume: Volume) => T | Promise<T>,
): Promise<T> {
  const volume = openVolume(context, dev);
  try {
    return await work(volume);
  } finally {
    volume.close();
  }
}

/** Runs `work` as the only writer of the file system that is meant. */
export async function withSession<T>(
  context: Context,
  dev: readonly string[],
  work: (session: WriteSession) => T | Promise<T>,
): Promise<T> {
  const session = await WriteSession.openWhenFree(context, dev, context.signal);
  let mirror: Mirror | undefined;
  try {
    // loaded only where something is mounted: commands start sooner without it
    if (session.volume.mount !== undefined)
      mirror = await (await import('../fs/shadow/mirror.js')).mirrorAppends(session);
    return await work(session);
  } finally {
    mirror?.close();
    session.close();
  }
}

/** uid and gid from the options, or those of the process. Throws UsageError for unknown names. */
export function ownerOf(
  context: Context,
  uid: string | undefined,
  gid: string | undefined,
): { uid: number; gid: number } {
  return {
    uid: uid === undefined ? context.uid : known('--uid', uid, userId(uid)),
    gid: gid === undefined ? context.gid : known('--gid', gid, groupId(gid)),
  };
}

function known(option: string, text: string, id: number | undefined): number {
  if (id !== undefined) return id;
  throw new UsageError(`${option}: '${text}' is unknown`, 'give a name of this host or a number from 0 to 4294967294');
}

/** The node that a path names. Throws NO_ENTRY. */
export function findNode(namespace: Namespace, given: string): Node {
  const path = relativePath(given);
  const node = namespace.get(path);
  if (node !== undefined) return node;
  throw new FamfsError('NO_ENTRY', `${given === '' ? "''" : given}: no such file or directory in the file system`, {
    hint: 'famfs ls -R lists what there is',
    details: { path },
  });
}

/** The file that a path names. Throws NO_ENTRY or NOT_A_FILE. */
export function findFile(namespace: Namespace, given: string): Node {
  const node = findNode(namespace, given);
  if (node.kind === 'file') return node;
  throw new FamfsError('NOT_A_FILE', `${given} is a directory, not a file`, { details: { path: node.path } });
}

/** How a node is described in JSON. `mode` is octal text, sizes are bytes. */
export function nodeData(node: Node): object {
  const { path, kind, size, uid, gid, slot } = node;
  return { path, type: kind, size, mode: octal(node.mode), uid, gid, slot };
}
