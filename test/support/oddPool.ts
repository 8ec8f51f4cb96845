import { closeSync, openSync, writeSync } from 'node:fs';
import { pokePayload } from './patch.js';
import { PoolSandbox } from './pool.js';
import { firstBytes, MIB, stdinOf } from './sandbox.js';

/**
 * A pool whose files lie in every way, have names that need quotes or escapes, and entries with faults.
 * @param damage changes the superblock region and the used part of the log
 */
export async function oddPool(damage?: (image: Buffer) => void): Promise<PoolSandbox> {
  const pool = new PoolSandbox();
  const [primary = ''] = await pool.makePool(256, 256, 256);
  await pool.ok(['mkdir', 'folder', 'true']);
  const simple = [
    'hole',
    'b c',
    'x,y',
    'folder/a',
    'true/1e3',
    '"quoted"',
    'back\\slash',
    '\u00fcber',
    '\u6f22\u5b57',
    '~',
  ];
  const list = simple.map((path, i) => `${path}\0${1 + i * 3 * MIB}\0\0`).join('');
  await pool.ok(['creat', '--simple', '--daxdevs', '0', '--from0', '-'], { stdin: stdinOf(list) });
  await pool.ok(['rm', '--clients-unmounted', 'hole', 'x,y']);
  await pool.ok(['creat', '--simple', '--daxdevs', '0', '-s', '100M', 'in-holes']);
  await pool.ok(['creat', '-N', '3', '-C', '2M', '-s', '33000001', 'striped']);
  await pool.ok(['creat', '-N', '2', '-C', '4M', '-s', '16M', 'folder/wide']);
  const image = firstBytes(primary, 8 * MIB);
  pokePayload(image, 5, 'file', 'mode', 0o1000000);
  pokePayload(image, 6, 'file', 'path', Buffer.from('\x1b[2J\0'));
  damage?.(image);
  const fd = openSync(primary, 'r+');
  writeSync(fd, image);
  closeSync(fd);
  return pool;
}
