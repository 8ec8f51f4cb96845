import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The addon is missing, or is not one that this process can load. */
export class AddonError extends Error {
  override readonly name = 'AddonError';
  readonly code = 'ADDON';
  readonly hint =
    'prebuilt addons are for x64 and arm64 with glibc 2.34 or later; elsewhere build famfs from source: npm ci in a clone, then npm link';
}

const NAME = 'famfs_native.node';

/** Where an addon may be in a folder: built there, or prebuilt as the package brings it. */
const PLACES = [join('build', 'Release', NAME), join('prebuilds', `${process.platform}-${process.arch}`, NAME)];

/** e_machine of an ELF file, by process.arch. */
const MACHINES: Readonly<Record<number, string>> = { 62: 'x64', 183: 'arm64', 243: 'riscv64', 258: 'loong64' };

/**
 * The nearest addon in `folder` or a folder above it: sources, out/ and dist/ lie at different depths. One that was built
 * goes before a prebuilt one beside it. Throws AddonError.
 */
export function findAddon(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    const found = PLACES.map((place) => join(at, place)).find((candidate) => existsSync(candidate));
    if (found !== undefined) return found;
    if (at === dirname(at)) break;
  }
  throw new AddonError(
    `there is no native addon for ${process.platform}-${process.arch} (looked for ${PLACES.join(' and ')} in ${folder} and the folders above it)`,
  );
}

/**
 * Refuses a file that the dynamic linker would refuse with an unhelpful message, or that would end the process with a SIGBUS
 * because it was cut short. Throws AddonError.
 */
export function checkAddonFile(path: string): void {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const header = Buffer.alloc(64);
    if (readSync(fd, header) < header.length || header.toString('latin1', 0, 4) !== '\x7fELF')
      throw new AddonError(`${path} is not a native addon of Linux`);
    const machine = MACHINES[header.readUInt16LE(18)] ?? 'another processor';
    if (machine !== process.arch) throw new AddonError(`${path} was built for ${machine}, but this is ${process.arch}`);
    // the table of sections is the last thing in the file
    const end = header.readBigUInt64LE(40) + BigInt(header.readUInt16LE(58) * header.readUInt16LE(60));
    if (end > BigInt(size)) throw new AddonError(`${path} is cut short: it has ${size} bytes of ${end}`);
  } finally {
    closeSync(fd);
  }
}
