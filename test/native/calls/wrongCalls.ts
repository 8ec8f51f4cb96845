/** Constructor calls that must be refused. */
import { closeSync, openSync, statSync } from 'node:fs';
import { addon } from '../../../src/native/addon.js';
import { MappedDevice } from '../../../src/native/device.js';
import { attempt, must, type Refusal } from './finding.js';
import type { Session } from './session.js';
import { noCount } from './values.js';

type Arguments = [unknown, unknown, unknown, unknown, unknown, unknown];

/** Tries to open what cannot be opened; that must fail and leave no descriptor open. */
export function openWrongly(session: Session): void {
  const { random } = session;
  const file = random.pick(session.files);
  const { dev, ino } = statSync(file.path, { bigint: true });
  const good: Arguments = [file.path, false, true, file.length, dev, ino];
  const [at, value, refusal] = random.pick<[number, unknown, string]>([
    [0, `${file.path}\0`, 'BAD'],
    [0, noCountOrText(session), 'BAD'],
    [0, `${file.path}.none`, 'ENOENT'],
    [0, `${file.path}/`, 'ENOTDIR'],
    [0, session.folder, 'EISDIR'],
    [1, random.pick([0, null, 'false', undefined]), 'BAD'],
    [1, true, 'ESTALE'],
    [2, random.pick([1, {}, undefined]), 'BAD'],
    [3, noCount(random), 'BAD'],
    [4, dev + random.pick([-1n, 1n]), 'ESTALE'],
    [5, ino + 1n, 'ESTALE'],
    [4, dev + 2n ** 64n, 'BAD'],
    [5, random.pick([-1n, ino - 2n ** 64n, Number(ino), String(ino), null]), 'BAD'],
  ]);
  session.say(`open with argument ${at} ${String(value)}`);
  const before = lowestFree();
  const Device = addon().Device as new (...args: unknown[]) => unknown;
  attempt([refusal as Refusal], () => new Device(...good.with(at, value)));
  must(lowestFree() === before, () => 'a descriptor is left open');
  if (file.length === 0) attempt(['EMPTY' as Refusal], () => MappedDevice.open(file.path, { writable: true }));
}

function noCountOrText({ random }: Session): unknown {
  const value = noCount(random);
  return typeof value === 'string' ? {} : value;
}

/** The descriptor that the next open gets. */
function lowestFree(): number {
  const fd = openSync('/dev/null', 'r');
  closeSync(fd);
  return fd;
}
