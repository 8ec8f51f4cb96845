import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Plain loops on threads, in C++; see bench/native/reference.cc. */
export interface Reference {
  /** Maps a file, or for '' `size` bytes of anonymous memory that are touched once; returns its number. */
  map(path: string, size: number): number;
  unmap(area: number): void;
  /** Runs over a whole area. `other`: the area to copy from, or a file descriptor for pread and pwrite. */
  run(what: 'memset' | 'memcpy' | 'pread' | 'pwrite', area: number, other: number, threads: number): void;
}

/** Compiles and loads the plain loops. Must run in the root of the repository. */
export function loadReference(): Reference {
  const folder = resolve('build', 'bench');
  const built = join(folder, 'famfs_bench.node');
  mkdirSync(folder, { recursive: true });
  const headers = process.env.NODE_HEADERS ?? resolve(process.execPath, '../../include/node');
  const include = ['-isystem', headers, '-isystem', 'node_modules/node-addon-api'];
  const define = ['-DNODE_GYP_MODULE_NAME=famfs_bench', '-DNAPI_VERSION=9', '-DNODE_ADDON_API_CPP_EXCEPTIONS'];
  const flags = ['-shared', '-fPIC', '-std=c++17', '-O2', '-Wall', '-Wextra', ...define, ...include];
  execFileSync(process.env.CXX ?? 'g++', [...flags, '-o', built, 'bench/native/reference.cc'], { stdio: 'inherit' });
  const module = { exports: {} };
  process.dlopen(module, built);
  return module.exports as Reference;
}
