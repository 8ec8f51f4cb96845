import { lastName } from '../../format/path.js';
import type { Host } from '../../fs/host/host.js';
import { findNode } from '../../fs/log/findNode.js';
import { byName } from '../../fs/log/tree.js';
import { openVolume } from '../../fs/pool/openVolume.js';
import { asWords } from './words.js';

/**
 * The contents of the directory in the file system that `current` is in, as words that begin as it does. `dev`: the values of --dev.
 * Throws what openVolume and findNode throw.
 */
export function pathsInside(host: Host, dev: readonly string[], current: string): string[] {
  const volume = openVolume(host, dev);
  try {
    const { namespace } = volume.replay;
    const folder = current.slice(0, current.lastIndexOf('/') + 1);
    const nodes = namespace.childrenOf(findNode(namespace, folder === '' ? '/' : folder));
    return asWords(
      folder,
      nodes.sort(byName).map(({ path, kind }) => ({ name: lastName(path), isFolder: kind === 'directory' })),
    );
  } finally {
    volume.close();
  }
}
