/** Random damage to superblocks of a pool: what fsck -y repairs stays repaired, and no file is lost or changed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { superblockStruct } from '../../../src/format/superblock.js';
import { makeRandom } from '../../../src/fs/allocate/random.js';
import { pokeSuperblock } from '../../support/patch.js';
import { overwrite, PoolSandbox } from '../../support/pool.js';
import { firstBytes, OWN_UUID } from '../../support/sandbox.js';
import { HUGE } from './damages/damage.js';

const SEED = Number(process.env.FAMFS_TEST_SEED ?? Math.floor(Math.random() * 2 ** 32));
const TRIALS = Number(process.env.FAMFS_TRIALS ?? 40);
const BLOCK = 4096;

type Random = () => number;
const below = (random: Random, limit: number) => Math.floor(random() * limit);

/** One field with another value, a flipped bit, or the whole block gone. */
function damage(image: Buffer, random: Random): string {
  const kind = random();
  if (kind < 0.1) {
    image.fill(random() < 0.5 ? 0 : 0xa5, 0, superblockStruct.size);
    return 'block';
  }
  if (kind < 0.3) {
    const bit = below(random, superblockStruct.size * 8);
    image.writeUInt8(image.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    return `bit ${bit}`;
  }
  const names = Object.keys(superblockStruct.fields) as (keyof typeof superblockStruct.fields)[];
  const name = names[below(random, names.length)] as (typeof names)[number];
  const { size } = superblockStruct.fields[name];
  const values = [0n, 1n, 2n, HUGE, 0x200000n, BigInt(below(random, 2 ** 31))];
  const value = values[below(random, values.length)] as bigint;
  const bytes = Buffer.alloc(size);
  if (size >= 8) bytes.writeBigUInt64LE(value);
  else bytes.writeUInt32LE(Number(value & 0xffffffffn));
  const fixCrc = random() < 0.4;
  pokeSuperblock(image, name, bytes, fixCrc);
  return `${name} ${value}${fixCrc ? '' : ' without crc'}`;
}

test(`superblocks of a pool, damaged at random (seed ${SEED})`, async () => {
  const random = makeRandom(SEED);
  const box = new PoolSandbox();
  const paths = await box.makePool(32, 33, 34);
  await box.ok(['creat', '-s', '12M', '--stripes', '3', '--seed', '1', 'f']);
  const sound = paths.map((path) => firstBytes(path, BLOCK));
  const named = paths.flatMap((path) => ['--dev', path]);
  const outcomes = new Map<number, number>();
  for (let trial = 0; trial < TRIALS; trial++) {
    const done: string[] = [];
    for (let i = below(random, 3); i >= 0; i--) {
      const path = paths[below(random, paths.length)] as string;
      const image = firstBytes(path, BLOCK);
      done.push(`${path.slice(-6)} ${damage(image, random)}`);
      overwrite(path, 0, image);
    }
    const where = `trial ${trial} of seed ${SEED}: ${done.join(', ')}`;
    const first = await box.run(['fsck', '-y', '--no-undo', ...named]);
    assert.ok([0, 1, 4, 5, 8].includes(first.exitCode), `${where}: ${first.exitCode} ${first.stderr}`);
    assert.doesNotMatch(first.stderr, /internal error/, where);
    const again = await box.run(['fsck', '-y', '--no-undo', '--json', ...named]);
    if (first.exitCode < 8)
      assert.equal(again.exitCode, first.exitCode & 4, `${where}: ${first.stdout}${again.stdout}`);
    outcomes.set(first.exitCode, (outcomes.get(first.exitCode) ?? 0) + 1);
    if (first.exitCode < 4) {
      assert.equal(superblockOf(paths[0] as string).systemUuid, OWN_UUID, where);
      await box.ok(['verify', '--seed', '1', 'f', '--dev', paths[0] as string]);
    }
    for (const [i, path] of paths.entries()) overwrite(path, 0, sound[i] as Buffer);
  }
  assert.ok((outcomes.get(1) ?? 0) > TRIALS / 4, JSON.stringify([...outcomes]));
});

function superblockOf(path: string) {
  return superblockStruct.read(new DataView(firstBytes(path, superblockStruct.size).buffer), 0);
}
