/** crc32, crc32Records and usedLengths against zlib and a plain loop. */
import zlib from 'node:zlib';
import { addon } from '../../../src/native/addon.js';
import { crc32, crc32Records, usedLengths } from '../../../src/native/device.js';
import { attempt, must } from './finding.js';
import type { Session } from './session.js';
import { anyBytes, anyLength, isCount, noCount } from './values.js';

const OPERATIONS = { crc32Records, usedLengths } as const;

/** Makes one call. */
export function callRecords(session: Session): void {
  const { random } = session;
  if (random.chance(0.3)) callCrc(session);
  else callOfEach(session, random.pick(['crc32Records', 'usedLengths'] as const));
}

function callCrc(session: Session): void {
  const source = anyBytes(session.random, anyLength(session.random));
  session.say(`crc32 of ${source.bytes?.length}`);
  const outcome = attempt(source.bytes ? [] : ['BAD'], () => crc32(source.value as Uint8Array));
  if ('value' in outcome) must(outcome.value === zlib.crc32(plain(source.bytes!)), () => 'another crc than zlib');
}

function callOfEach(session: Session, name: keyof typeof OPERATIONS): void {
  const { random } = session;
  const source = anyBytes(random, random.below(2000));
  const bytes = plain(source.bytes ?? new Uint8Array(0));
  if (random.chance(0.5)) for (const byte of bytes.keys()) if (!random.chance(0.02)) bytes[byte] = 0;
  if (bytes.length > 0) source.bytes?.set(bytes);
  const any = (most: number) => (random.chance(0.05) ? noCount(random) : random.below(most + 1)) as number;
  const [start, stride, length] = [any(40), any(80), any(70)];
  const count = random.chance(0.1) ? random.pick([2 ** 14, 0, 1]) : random.below(bytes.length / 20 + 2);
  const inside =
    [start, stride, length].every(isCount) && (count === 0 || start + (count - 1) * stride + length <= bytes.length);
  session.say(`${name} of ${bytes.length}: ${String(start)} ${String(stride)} ${String(length)} ${count}`);
  const results = new Uint32Array(count);
  const good = source.bytes !== undefined && inside;
  const outcome = attempt(good ? [] : ['BAD'], () => {
    if (random.chance(0.5))
      return OPERATIONS[name]({ bytes: source.value as Uint8Array, start, stride, length, count });
    addon()[name](source.value as Uint8Array, start, stride, length, results);
    return results;
  });
  if (!('value' in outcome)) {
    const untouched = results.every((value) => value === 0);
    must(untouched, () => 'results of a call that was refused');
    return;
  }
  outcome.value.forEach((value, i) => {
    const record = bytes.subarray(start + i * stride, start + i * stride + length);
    const expected = name === 'crc32Records' ? zlib.crc32(record) : record.findLastIndex((byte) => byte !== 0) + 1;
    must(value === expected, () => `${value} in place of ${expected} for record ${i}`);
  });
}

/** A copy that shares no memory. */
function plain(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes);
}
