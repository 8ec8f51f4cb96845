import assert from 'node:assert/strict';
import type { InfoDocument } from '../../../../src/commands/info.js';
import { famfs, famfsJson } from '../cli.js';

const MIB = 1024 ** 2;
const SEED = '7';

export interface Target {
  readonly dev: string;
  /** bytes */
  readonly size: number;
  /** bytes */
  readonly align: number;
  readonly kind: 'device' | 'file';
}

/** The main use of the toolkit, on each device in turn: from mkfs to fsck, with data up to the last byte. */
export default async function mainJob(targets: readonly Target[]): Promise<void> {
  for (const target of targets) await useDevice(target);
}

async function useDevice({ dev, size, align, kind }: Target): Promise<void> {
  const at = ['--dev', dev];
  const { stdout, stderr } = await famfs(['mkfs', dev, '--json']);
  assert.equal(JSON.parse(stdout).daxdevs[0].size, size);
  assert.equal(stderr.includes('"SMALL_ALIGNMENT"'), kind === 'device' && align < 2 * MIB);
  const { primary, role } = await famfsJson<InfoDocument>(['info', ...at]);
  assert.deepEqual([primary.kind, primary.size, primary.alignment, role], [kind, size, align, 'Master']);
  await famfsJson(['mkdir', '-p', ...at, 'a/b']);
  await famfsJson(['creat', ...at, '-s', '5000001', '--seed', SEED, 'a/first']);
  const { largestHole } = await famfsJson<{ largestHole: number }>(['df', ...at]);
  await famfsJson(['creat', ...at, '-s', String(largestHole - 4 * MIB), 'a/middle']);
  await famfsJson(['creat', ...at, '-s', '4M', '--seed', SEED, 'a/b/last']);
  const { files } = await famfsJson<{ files: { extents: { deviceOffset: number; length: number }[] }[] }>([
    'showfmap',
    ...at,
    'a/b/last',
  ]);
  assert.deepEqual(files[0]?.extents, [{ daxdev: 0, deviceOffset: size - 4 * MIB, length: 4 * MIB }]);
  const { entries } = await famfsJson<{ entries: { path: string }[] }>(['ls', '-R', ...at]);
  const paths = entries.map(({ path }) => path);
  assert.deepEqual(paths.sort(), ['a', 'a/b', 'a/b/last', 'a/first', 'a/middle']);
  const full = await famfs(['creat', ...at, '-s', '1', 'more', '--json']);
  assert.match(full.stderr, /"NO_SPACE"/);
  const fsck = await famfs(['fsck', dev]);
  assert.equal(fsck.exitCode, 0, fsck.stdout);
  await famfsJson(['verify', ...at, '--seed', SEED, 'a/first', 'a/b/last']);
}
