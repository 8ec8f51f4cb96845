/** daxdev mode on real dax devices: a device without a driver gets it back, and a missing driver is reported. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { json, ok, refusal } from '../scenarios/hosts/talk.js';
import { Guest } from './guest.js';

let guest: Guest;
/** daxX.Y, two of them */
let names: string[];

before(async () => {
  guest = await Guest.boot({ kind: 'hmem', devices: 2 });
  names = (await ok(guest, 'ls /sys/bus/dax/devices')).trim().split('\n');
});

after(() => Guest.closeAll());

async function modes(): Promise<string[]> {
  const { daxdevs } = await json<{ daxdevs: { mode: string; driver: string | null }[] }>(guest, 'famfs daxdev mode');
  return daxdevs.map(({ mode }) => mode);
}

test('a device without a driver is listed, explained, and put back', async () => {
  assert.deepEqual(await modes(), ['devdax', 'devdax']);
  const [first] = names;
  await ok(guest, `famfs mkfs /dev/${first} && echo ${first} > /sys/bus/dax/drivers/device_dax/unbind`);
  assert.deepEqual(await modes(), ['unbound', 'devdax']);
  const { hint } = await refusal(guest, `famfs info --dev /dev/${first}`);
  assert.equal(hint, `run: famfs daxdev mode --set-daxmode devdax ${first}`);
  await ok(guest, `famfs daxdev mode --set-daxmode devdax ${names.join(' ')}`);
  assert.deepEqual(await modes(), ['devdax', 'devdax']);
  await ok(guest, `famfs info --dev /dev/${first}`);
});

test('a kernel without the driver for famfs mode is reported, and nothing changes', async () => {
  const { code } = await refusal(guest, `famfs daxdev mode --set-daxmode famfs ${names.join(' ')}`);
  assert.equal(code, 'NO_DRIVER');
  assert.deepEqual(await modes(), ['devdax', 'devdax']);
});
