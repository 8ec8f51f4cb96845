import { fillPattern, type Segment, verifyPattern } from '../../../src/native/bulk.js';
import { MappedDevice } from '../../../src/native/device.js';
import { famfsJson } from '../cli.js';

interface Arguments {
  /** the file system's primary */
  readonly dev: string;
  readonly files: readonly string[];
  readonly seed: number;
  readonly fill: boolean;
}

interface Fmap {
  readonly size: number;
  readonly chunkSize: number | null;
  readonly extents: readonly { readonly daxdev: number; readonly offset: number; readonly length: number }[];
}

/** Fills files with the seeded pattern through the addon, or looks at them only; says which of them hold it then. */
export default async function pattern({ dev, files: paths, seed, fill }: Arguments): Promise<boolean[]> {
  const { files } = await famfsJson<{ files: Fmap[] }>(['showfmap', '--dev', dev, ...paths]);
  const { daxdevs } = await famfsJson<{ daxdevs: { path: string }[] }>(['daxdev', 'list', '--dev', dev]);
  const devices = daxdevs.map(({ path }) => MappedDevice.open(path, { writable: fill }));
  try {
    const holds: boolean[] = [];
    for (const segments of files.map(segmentsOf)) {
      if (fill) await fillPattern(devices, segments, seed);
      holds.push((await verifyPattern(devices, segments, seed)).difference === undefined);
    }
    return holds;
  } finally {
    for (const device of devices) device.close();
  }
}

/** Where the bytes of a file are: row by row of chunks, or in the one extent of a simple file. */
function segmentsOf({ size, chunkSize, extents }: Fmap): Segment[] {
  const segments: Segment[] = [];
  let fileOffset = 0;
  for (let row = 0; fileOffset < size; row++) {
    for (const extent of extents) {
      const length = Math.min(chunkSize ?? extent.length, size - fileOffset);
      if (length <= 0) break;
      segments.push({ device: extent.daxdev, offset: extent.offset + row * (chunkSize ?? 0), fileOffset, length });
      fileOffset += length;
    }
  }
  return segments;
}
