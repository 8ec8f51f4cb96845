/** The images that mkfs makes because they are missing. They are removed if no file system comes of them. */
import { existsSync, statSync, truncateSync, unlinkSync } from 'node:fs';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { hostPath } from '../host/hostPath.js';
import { isSurelyMissing, makeImage, refuseFolder } from './makeImage.js';
import { type Geometry, refuseGeometry, sameDaxdev } from './newDaxdevs.js';

export class NewImages {
  /** absolute paths, by the paths as given */
  readonly #missing = new Map<string, string>();
  /** absolute paths of those that were made, and whether an empty file was there */
  readonly #made = new Map<string, boolean>();
  readonly #size: number;

  /**
   * Without a size, no image is missing. Throws CONFLICT for an image of another size or a device, TOO_SMALL, SAME_DAXDEV and CANNOT_WRITE.
   * @param options sizes in bytes
   */
  constructor(
    host: Host,
    paths: readonly string[],
    { imageSize, logLength, unit }: Geometry & { readonly imageSize?: number | undefined },
  ) {
    this.#size = imageSize ?? 0;
    if (imageSize === undefined) return;
    for (const [i, given] of paths.entries()) {
      const path = hostPath(host, given);
      if (!isSurelyMissing(path)) {
        refuseOther(path, imageSize);
        continue;
      }
      refuseGeometry({ path, size: imageSize }, { logLength: i === 0 ? logLength : 0, unit });
      refuseFolder(path);
      if ([...this.#missing.values()].includes(path)) throw sameDaxdev({ path }, { path });
      this.#missing.set(given, path);
    }
  }

  /** Whether this path, as given, is that of an image that is or was missing. */
  has(given: string): boolean {
    return this.#missing.has(given);
  }

  /** Throws CANNOT_WRITE. */
  make(): void {
    for (const path of this.#missing.values()) {
      const wasThere = existsSync(path);
      makeImage(path, this.#size);
      this.#made.set(path, wasThere);
    }
  }

  /** Takes back what make() did. */
  remove(): void {
    for (const [path, wasThere] of this.#made) {
      if (wasThere) truncateSync(path, 0);
      else unlinkSync(path);
    }
    this.#made.clear();
  }
}

function refuseOther(path: string, imageSize: number): void {
  const stats = existsSync(path) ? statSync(path) : undefined;
  if (stats === undefined || (stats.isFile() && stats.size === imageSize)) return;
  const reason = stats.isFile() ? `has ${stats.size} bytes, not ${imageSize}` : 'is no image, but --size is given';
  throw new FamfsError('CONFLICT', `${path} ${reason}`, {
    hint: 'leave out --size to take it as it is',
    details: { device: path, reasons: [reason] },
  });
}
