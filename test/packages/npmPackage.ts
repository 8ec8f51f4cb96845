/** The npm package, packed and installed without scripts or registry into an empty folder, for a file of tests. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before } from 'node:test';
import { ROOT } from '../support/root.js';
import type { Runner } from './mainJob.js';
import { canMount } from './rights.js';

export const folder = mkdtempSync(join(tmpdir(), 'famfs-npm-'));
export const prefix = join(folder, 'prefix');
export const installed = join(prefix, 'lib', 'node_modules', 'famfs');
const mounts: string[] = [];

/** Processors whose addon is packed here; the packages that are published have both. */
export const ARCHS = ['x64', 'arm64'].filter((arch) => arch === process.arch || isCompilerThere(arch));

let made = '';

/** Path of the package. */
export function tarball(): string {
  return made;
}

after(() => {
  for (const mount of mounts) execFileSync('umount', [mount]);
  rmSync(folder, { recursive: true });
});

before(() => {
  chmodSync(folder, 0o755);
  made = pack(ROOT, folder);
  mkdirSync(prefix);
  if (canMount) {
    execFileSync('mount', ['-t', 'tmpfs', 'none', prefix]);
    mounts.push(prefix);
  }
  // an empty cache and no network: nothing but the tarball can be used
  const options = ['--global', '--ignore-scripts', '--offline', '--cache', join(folder, 'cache'), '--prefix', prefix];
  execFileSync('npm', ['install', ...options, made], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (canMount) execFileSync('mount', ['-o', 'remount,ro', prefix]);
});

function isCompilerThere(arch: string): boolean {
  const compiler = arch === 'arm64' ? 'aarch64-linux-gnu-g++' : 'x86_64-linux-gnu-g++';
  return spawnSync(process.env[`CXX_${arch.toUpperCase()}`] ?? compiler, ['--version']).status === 0;
}

/** Compiles the addons of a checkout that is bundled, and packs it; returns the path of the tarball. */
export function pack(checkout: string, into: string): string {
  execFileSync(process.execPath, [join('scripts', 'prebuild.mjs'), ...ARCHS], {
    cwd: checkout,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const options = ['--json', '--ignore-scripts', '--pack-destination', into];
  const output = execFileSync('npm', ['pack', ...options], { cwd: checkout, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const [{ filename, size, unpackedSize }] = JSON.parse(output);
  process.stdout.write(`${filename}: ${size} bytes, ${unpackedSize} unpacked\n`);
  return join(into, filename);
}

/** Runs what is installed with the words before it, in an environment with nothing but PATH. */
export function runner(...words: string[]): Runner {
  return (program, argv, env) => {
    const [file = '', ...rest] = [...words, join(prefix, 'bin', program), ...argv];
    const path = `${dirname(process.execPath)}:/usr/bin:/bin`;
    const result = spawnSync(file, rest, { env: { PATH: path, ...env }, encoding: 'utf8' });
    assert.equal(result.status, 0, `${program} ${argv.join(' ')}: ${result.stderr}`);
    return result.stdout;
  };
}

/** A folder for the main job that anybody may write to. */
export function openFolder(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  chmodSync(path, 0o777);
  return path;
}
