import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The addon is missing, or is not one that this process can load. */
export class AddonError extends Error {
  override readonly name = 'AddonError';
  readonly code = 'ADDON';
  readonly hint = 'build it: npm ci in a checkout, or npm rebuild famfs where the package is installed';
}

const BUILT = join('build', 'Release', 'famfs_native.node');

/** e_machine of an ELF file, by process.arch. */
const MACHINES: Readonly<Record<number, string>> = { 62: 'x64', 183: 'arm64', 243: 'riscv64', 258: 'loong64' };

/**
 * The first build/Release/famfs_native.node in `folder` or a folder above it: sources, out/ and dist/ lie at different
 * depths. Throws AddonError.
 */
export function findAddon(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    const candidate = join(at, BUILT);
    if (existsSync(candidate)) return candidate;
    if (at === dirname(at)) break;
  }
  throw new AddonError(`the native addon ${BUILT} is not built (looked in ${folder} and the folders above it)`);
}

/**
 * Refuses a file that the dynamic linker would refuse in words that help nobody, or that would end the process with a
 * SIGBUS because it was cut short. Throws AddonError.
 */
export function checkAddonFile(path: string): void {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const header = Buffer.alloc(64);
    if (readSync(fd, header) < header.length || header.toString('latin1', 0, 4) !== '\x7fELF')
      throw new AddonError(`${path} is not a native addon of Linux`);
    const machine = MACHINES[header.readUInt16LE(18)] ?? 'another processor';
    if (machine !== process.arch) throw new AddonError(`${path} was built for ${machine}, and this is ${process.arch}`);
    // the table of sections is the last thing in the file
    const end = header.readBigUInt64LE(40) + BigInt(header.readUInt16LE(58) * header.readUInt16LE(60));
    if (end > BigInt(size)) throw new AddonError(`${path} is cut short: it has ${size} bytes of ${end}`);
  } finally {
    closeSync(fd);
  }
}
