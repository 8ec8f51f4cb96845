/** Extended attributes of a mount: the map of a file, and the stripes of new files in a directory. */
import { decodePath } from '../../format/path.js';
import type { FuseNode } from '../../native/fuse.js';
import { checkLayout, type Layout } from '../allocate/placement.js';
import type { Volume } from '../pool/volume.js';
import { ERRNO } from './errnos.js';
import type { ServeOptions } from './serveOptions.js';

export const MAP_ATTRIBUTE = 'user.famfs.map';
export const STRIPES_ATTRIBUTE = 'user.famfs.stripes';

/** All attributes. */
export const ATTRIBUTES: readonly string[] = [MAP_ATTRIBUTE, STRIPES_ATTRIBUTE];

export class Attributes {
  readonly #volume: Volume;
  readonly #options: ServeOptions;
  /** by node of a directory; lasts as long as the mount */
  readonly #stripes = new Map<number, number>();

  constructor(volume: Volume, options: ServeOptions) {
    this.#volume = volume;
    this.#options = options;
  }

  /** The value of an attribute; undefined if the node does not have it. */
  get(node: FuseNode, name: string): Buffer | undefined {
    if (name === STRIPES_ATTRIBUTE) {
      const stripes = this.#stripes.get(node.id);
      return stripes === undefined ? undefined : Buffer.from(String(stripes));
    }
    const found = node.kind === 'mapped' ? this.#volume.replay.namespace.get(decodePath(node.path)) : undefined;
    return found?.kind === 'file' ? Buffer.from(this.#options.mapText(this.#volume.fileEntry(found))) : undefined;
  }

  /** The names of the attributes of a node, each with its NUL. */
  list(node: FuseNode): Buffer {
    const names: string[] = [];
    if (node.kind === 'mapped' && this.#volume.replay.namespace.get(decodePath(node.path)) !== undefined)
      names.push(MAP_ATTRIBUTE);
    if (this.#stripes.has(node.id)) names.push(STRIPES_ATTRIBUTE);
    return Buffer.from(names.map((name) => `${name}\0`).join(''));
  }

  /** Returns 0 or an errno. */
  set(node: FuseNode, name: string, value: string): number {
    if (name !== STRIPES_ATTRIBUTE || node.kind !== 'directory') return ERRNO.EPERM;
    const text = value.replace(/\0$/, '');
    if (!/^\d{1,3}$/.test(text)) return ERRNO.EINVAL;
    const stripes = Number(text);
    try {
      checkLayout({ stripes, chunkSize: undefined });
    } catch {
      return ERRNO.EINVAL;
    }
    this.#stripes.set(node.id, stripes);
    return 0;
  }

  /** Returns 0 or an errno. */
  remove(node: FuseNode, name: string): number {
    if (name === MAP_ATTRIBUTE) return ERRNO.EPERM;
    return this.#stripes.delete(node.id) ? 0 : ERRNO.ENODATA;
  }

  /** Layout of new files in a directory. */
  layoutIn(directory: number): Layout {
    const stripes = this.#stripes.get(directory);
    return stripes === undefined ? this.#options.layout : { ...this.#options.layout, stripes };
  }
}
