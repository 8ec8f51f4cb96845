/** daxdev mode on a kernel that has both drivers: there and back with the data, and what is refused. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { json, ok, refusal } from '../scenarios/hosts/talk.js';
import { whyNoGuest } from './available.js';
import { Guest } from './guest.js';

const reason = whyNoGuest('fsdev');
const options = { skip: reason ?? false };
let guest: Guest;
/** /dev/daxX.Y, three of them */
let devices: string[];

before(async () => {
  if (reason !== undefined) return;
  guest = await Guest.boot({ kernel: 'fsdev', kind: 'hmem', devices: 3 });
  devices = (await ok(guest, 'ls -d /dev/dax*')).trim().split('\n');
});

after(() => Guest.closeAll());

async function modes(): Promise<string[]> {
  const { daxdevs } = await json<{ daxdevs: { mode: string }[] }>(guest, 'famfs daxdev mode');
  return daxdevs.map(({ mode }) => mode);
}

const setMode = (mode: string, ...names: string[]) => `famfs daxdev mode --set-daxmode ${mode} ${names.join(' ')}`;

test('devices go to the driver of famfs and back, and keep their data', options, async () => {
  const [first] = devices;
  await ok(guest, `famfs mkfs ${devices.join(' ')} && famfs creat -s 32M --stripes 3 --seed 7 f`);
  for (let round = 0; round < 2; round++) {
    await ok(guest, setMode('famfs', ...devices));
    assert.deepEqual(await modes(), ['famfs', 'famfs', 'famfs']);
    const { hint } = await refusal(guest, `famfs info --dev ${first}`);
    assert.equal(hint, `run: ${setMode('devdax', (first as string).slice('/dev/'.length))}`);
    await ok(guest, setMode('devdax', ...devices));
    assert.deepEqual(await modes(), ['devdax', 'devdax', 'devdax']);
    await ok(guest, 'famfs verify --seed 7 f && famfs fsck');
  }
});

test('a member in famfs mode is named with its driver', options, async () => {
  await ok(guest, setMode('famfs', devices[2] as string));
  const { stderr } = await guest.run(`famfs ls --dev ${devices[0]}`);
  assert.match(stderr, new RegExp(`it may be ${devices[2]}, which could not be opened`));
  assert.match(stderr, /fsdev_dax.*famfs daxdev mode --set-daxmode devdax/);
  await ok(guest, setMode('devdax', devices[2] as string));
  await ok(guest, 'famfs verify --seed 7 f');
});

test('a device that a process has mapped is not switched', options, async () => {
  const [first] = devices as [string];
  const follow = `famfs logplay --follow --dev ${first} >/tmp/followed`;
  await ok(guest, `${follow} & until grep -q f /tmp/followed; do sleep 0.2; done`);
  const { code, message } = await refusal(guest, setMode('famfs', first));
  assert.equal(code, 'MAPPED');
  assert.deepEqual(await modes(), ['devdax', 'devdax', 'devdax']);
  const [, pid] = /is mapped by process (\d+) \(node\)/.exec(message) ?? [];
  assert.ok(pid !== undefined, message);
  await ok(guest, `kill ${pid}; while kill -0 ${pid} 2>/dev/null; do sleep 0.1; done`);
  await ok(guest, `${setMode('famfs', first)} && ${setMode('devdax', first)}`);
});
