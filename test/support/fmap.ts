import type { Sandbox } from './sandbox.js';

/** The map of a file, as showfmap prints it. Sizes and offsets in bytes. */
export interface ShownFmap {
  readonly path: string;
  readonly size: number;
  readonly chunkSize: number | null;
  readonly allocated: number;
  readonly slack: number;
  readonly extents: readonly { daxdev: number; deviceOffset: number; length: number }[];
}

export async function fmapOf(sandbox: Sandbox, path: string): Promise<ShownFmap> {
  const { files } = await sandbox.json<{ files: ShownFmap[] }>(['showfmap', path]);
  return files[0] as ShownFmap;
}
