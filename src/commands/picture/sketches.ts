/** The pictures that a command writes to files of this host. */

import type { Policy } from '../../fs/allocate/placement.js';
import type { FileInLog } from '../../fs/pool/fileBlock.js';
import type { Volume } from '../../fs/pool/volume.js';
import type { Balance } from '../../fs/usage/balance.js';
import type { PoisonCheck } from '../../fs/usage/poison.js';
import type { DaxdevUsage } from '../../fs/usage/usage.js';
import type { Context } from '../../ui/command.js';

export type PictureFormat = 'svg' | 'html';

export interface PictureRow {
  /** as named */
  readonly path: string;
  readonly format: PictureFormat;
  /** bytes */
  readonly size: number;
  /** false with --dry-run */
  readonly written: boolean;
}

/** The files that were named for pictures. */
export interface NamedPictures {
  readonly svg: string | undefined;
  readonly html: string | undefined;
  readonly force: boolean;
  readonly dryRun: boolean;
}

/** What a picture shows besides the files. */
export interface PoolFacts {
  readonly usage: readonly DaxdevUsage[];
  /** undefined: nobody has looked for it */
  readonly poison: PoisonCheck | undefined;
  /** only for a page */
  readonly balance: PolicyBalance | undefined;
}

export interface PolicyBalance extends Balance {
  readonly policy: Policy;
}

/** Collects what a picture shows, file by file; `finish` returns its text. */
export interface PictureBuilder {
  add(file: FileInLog): void;
  finish(volume: Volume, facts: PoolFacts): string;
}

/** A picture that is being made. */
export interface Sketch {
  readonly builder: PictureBuilder;
  /** draws and writes the picture */
  write(facts: PoolFacts): PictureRow;
}

/** The pictures to make; the code that makes them is loaded only for them. Throws what pictureTarget throws. */
export async function sketchesFor(
  context: Context,
  volume: Volume,
  { svg, html, force, dryRun }: NamedPictures,
): Promise<Sketch[]> {
  if (svg === undefined && html === undefined) return [];
  const { pictureTarget } = await import('./target.js');
  const { writeWholeFile } = await import('../../fs/transfer/wholeFile.js');
  const sketch = (format: PictureFormat, path: string, builder: PictureBuilder): Sketch => {
    const target = { ...pictureTarget(context, volume, path, force), dryRun };
    const write = (facts: PoolFacts) => {
      return { path, format, size: writeWholeFile(target, builder.finish(volume, facts)), written: !dryRun };
    };
    return { builder, write };
  };
  const sketches: Sketch[] = [];
  if (svg !== undefined) sketches.push(sketch('svg', svg, new (await import('./svg.js')).SvgBuilder()));
  if (html !== undefined) sketches.push(sketch('html', html, new (await import('./page.js')).PageBuilder()));
  return sketches;
}
