/** What a copy out of the file system would do, without doing any of it. */
import { lastName, pathBytes } from '../../format/path.js';
import type { FamfsError } from '../errors.js';
import type { Volume } from '../pool/volume.js';
import type { CopiedFile } from './copyOut.js';
import { asFileError } from './failures.js';
import { type LocalPath, localJoin, localText, ownImages, requireWritable } from './localFile.js';
import type { OutItem, OutPlan } from './planOut.js';
import { requireFree } from './targetFolder.js';

/**
 * The files that copyOutOf would copy, in its order, to where it would copy them. Files that it would refuse go to `failed`, as
 * far as that can be known without a write: what is in the way, and folders that must not be written to. Throws CANNOT_WRITE
 * if that is the folder itself.
 */
export function previewOut(volume: Volume, plan: OutPlan, failed: (error: FamfsError) => void): CopiedFile[] {
  const preview = new OutPreview(plan, ownImages(volume), failed);
  requireWritable(plan.folder);
  preview.add(plan.folder, true, plan.items);
  return preview.files;
}

class OutPreview {
  readonly files: CopiedFile[] = [];

  constructor(
    private readonly plan: OutPlan,
    private readonly images: ReadonlySet<string>,
    private readonly failed: (error: FamfsError) => void,
  ) {}

  /** @param exists whether the folder is there already; nothing can be in the way in a new one */
  add(folder: LocalPath, exists: boolean, items: readonly OutItem[]): void {
    for (const item of items) if (item.node.kind === 'file') this.#try(() => this.#file(folder, exists, item));
    for (const item of items)
      if (item.node.kind === 'directory') this.#try(() => this.#directory(folder, exists, item));
  }

  #file(folder: LocalPath, exists: boolean, { node, name }: OutItem): void {
    const path = localJoin(folder, name);
    if (exists) requireFree('file', path, path, this.images);
    this.files.push({ path: node.path, target: localText(path), size: node.size, holes: [] });
  }

  #directory(parent: LocalPath, parentExists: boolean, { node, name }: OutItem): void {
    const children = this.plan.tree.childrenOf(node);
    const items = children.map((child) => ({ node: child, name: pathBytes(lastName(child.path)) }));
    const isParent = name.length === 0;
    const path = isParent ? parent : localJoin(parent, name);
    const exists = parentExists && (isParent || requireFree('directory', path, path, this.images));
    if (exists && !isParent) requireWritable(path);
    this.add(path, exists, items);
  }

  #try(look: () => void): void {
    try {
      look();
    } catch (error) {
      this.failed(asFileError(error));
    }
  }
}
