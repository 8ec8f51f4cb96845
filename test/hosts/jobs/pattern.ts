import { fillPattern, type Segment, verifyPattern } from '../../../src/native/bulk.js';
import { MappedDevice } from '../../../src/native/device.js';
import { famfsJson } from '../cli.js';

interface Arguments {
  readonly dev: string;
  readonly files: readonly string[];
  readonly seed: number;
  readonly fill: boolean;
}

interface Fmap {
  readonly size: number;
  readonly chunkSize: number | null;
  readonly extents: readonly { readonly offset: number; readonly length: number }[];
}

/** Fills files on one daxdev with the seeded pattern through the addon, or says which of them hold it. */
export default async function pattern({ dev, files: paths, seed, fill }: Arguments): Promise<boolean[]> {
  const { files } = await famfsJson<{ files: Fmap[] }>(['showfmap', '--dev', dev, ...paths]);
  const device = MappedDevice.open(dev, { writable: fill });
  try {
    const holds: boolean[] = [];
    for (const segments of files.map(segmentsOf)) {
      if (fill) await fillPattern([device], segments, seed);
      holds.push((await verifyPattern([device], segments, seed)).difference === undefined);
    }
    return holds;
  } finally {
    device.close();
  }
}

/** Where the bytes of a file are, chunk by chunk; a simple file has one extent and no chunks. */
function segmentsOf({ size, chunkSize, extents }: Fmap): Segment[] {
  const segments: Segment[] = [];
  let fileOffset = 0;
  for (let row = 0; fileOffset < size; row++) {
    for (const extent of extents) {
      const length = Math.min(chunkSize ?? extent.length, size - fileOffset);
      if (length <= 0) break;
      segments.push({ device: 0, offset: extent.offset + row * (chunkSize ?? 0), fileOffset, length });
      fileOffset += length;
    }
  }
  return segments;
}
