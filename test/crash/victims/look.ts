/** What victims share: inspecting images while a command works, and afterwards. */
import assert from 'node:assert/strict';
import { closeSync, openSync, readSync } from 'node:fs';
import type { FsckReport } from '../../support/pool.js';
import type { Sandbox } from '../../support/sandbox.js';

/** offset of the log's next index */
const NEXT_INDEX = 0x200028;

export type Report = FsckReport & { readonly log: { readonly entries: number; readonly files: number } };

/** Current bytes of an image. */
export function peek(path: string, offset: number, length: number): Buffer {
  const fd = openSync(path, 'r');
  const bytes = Buffer.alloc(length);
  readSync(fd, bytes, 0, length, offset);
  closeSync(fd);
  return bytes;
}

/** How many entries the log of an image counts. */
export function counted(path: string): number {
  return Number(peek(path, NEXT_INDEX, 8).readBigUInt64LE());
}

/** The file system is sound, or fsck -p makes it so by counting entries; then a file can be made. Returns the last report of fsck. */
export async function judgeKilled(sandbox: Sandbox, image: string): Promise<Report> {
  const first = await sandbox.run(['fsck', '-n', image]);
  assert.ok([0, 4].includes(first.exitCode), first.stdout + first.stderr);
  if (first.exitCode === 4) {
    const { exitCode, stdout } = await sandbox.run(['fsck', '-p', '--no-undo', '--json', image]);
    assert.equal(exitCode, 1, stdout);
    assert.ok((JSON.parse(stdout) as Report).repairs.every(({ id }) => id === 'LOG_COUNT'));
  }
  await sandbox.ok(['creat', '-s', '2M', 'after', '--dev', image]);
  return sandbox.json<Report>(['fsck', '-n', image]);
}

/** Paths of the files and directories of an image. */
export async function pathsOf(sandbox: Sandbox, image: string): Promise<Set<string>> {
  const { entries } = await sandbox.json<{ entries: { path: string }[] }>(['ls', '-R', '--dev', image]);
  return new Set(entries.map(({ path }) => path));
}
