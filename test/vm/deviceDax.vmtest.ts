import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Target } from '../scenarios/hosts/jobs/mainJob.js';
import type { MappingFacts } from '../scenarios/hosts/jobs/mapping.js';
import { job, json, ok, refusal } from '../scenarios/hosts/talk.js';
import { Guest } from './guest.js';
import { root } from './paths.js';

const MIB = 1024 ** 2;
const PAGE = 4096;
const EINVAL = 'Invalid argument';

let guest: Guest;
/** by alignment; names and numbers of the devices change at each boot */
let small: Target;
let usual: Target;
let huge: Target;
let spare: Target;

before(async () => {
  guest = await Guest.boot({
    kind: 'nvdimm',
    devices: 4,
    sizes: [512, 1024, 2048, 256],
    aligns: ['4K', '2M', '1G', '2M'],
  });
  const list = await ok(guest, 'cd /sys/bus/dax/devices; for d in *; do echo $d $(cat $d/size $d/align); done');
  const targets = list.trim().split('\n').map(toTarget);
  const ofSize = (size: number) => targets.find((target) => target.size === size * MIB) as Target;
  [small, usual, huge, spare] = [ofSize(512), ofSize(1024), ofSize(2048), ofSize(256)];
});

after(() => Guest.closeAll());

function toTarget(line: string): Target {
  const [name = '', size, align] = line.split(' ');
  return { dev: `/dev/${name}`, size: Number(size), align: Number(align), kind: 'device' };
}

test('devices with 4 KiB, 2 MiB and 1 GiB alignment are filled to their last byte', async () => {
  assert.deepEqual([small.align, usual.align, huge.align], [PAGE, 2 * MIB, 1024 * MIB]);
  await job(guest, 'mainJob', [small, usual, huge]);
  for (const { dev } of [small, usual, huge]) {
    const { clean, log } = await json<{ clean: boolean; log: { files: number } }>(guest, `famfs fsck ${dev}`);
    assert.deepEqual([clean, log.files], [true, 3]);
  }
});

test('a dax device is not a file: what fails, and what misleads', async () => {
  const { dev, size, align } = spare;
  const traps = JSON.parse(await ok(guest, `python3 ${join(root, 'test/vm/traps.py')} ${dev} ${size} ${align}`));
  assert.deepEqual(traps, {
    // stat and seek show an empty file
    st_size: 0,
    'seek to the end': 0,
    // reading, writing and truncating fail
    read: EINVAL,
    pread: EINVAL,
    write: EINVAL,
    pwrite: EINVAL,
    ftruncate: EINVAL,
    // fsync and msync do not make stores durable, and fail
    fsync: EINVAL,
    msync: EINVAL,
    'map a page': EINVAL,
    // mapping a part gives another part
    'first byte of a mapping from the middle of an aligned block': 1,
    // a mapping that is too long fails at the first access
    'touch before the end': 'none',
    'touch past the end': 'SIGBUS',
  });
});

test('the toolkit maps a device once and completely, and an access past its end is an error', async () => {
  for (const target of [small, usual, huge]) {
    const { mapped, beyond, refused } = await job<MappingFacts>(guest, 'mapping', target);
    assert.deepEqual(mapped, [{ offset: 0, length: target.size }], target.dev);
    assert.deepEqual(beyond, { code: 'SIGBUS', offset: target.size }, target.dev);
    assert.equal(refused, 'RangeError', target.dev);
  }
});

test('a device that may not be opened', async () => {
  const { dev } = huge;
  // root in the guest may do everything until it loses its capabilities
  const unprivileged = (command: string) =>
    `export -f famfs; setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-all bash -c '${command} --json'; exit $?; :`;
  await ok(guest, `chown 1234 ${dev}`);
  for (const command of [`famfs mkfs ${dev}`, `famfs info --dev ${dev}`]) {
    const { code, message, hint } = await refusal(guest, unprivileged(command));
    assert.deepEqual([code, message], ['DEVICE_OPEN', `cannot open ${dev}: permission denied (open)`]);
    assert.match(hint ?? '', /run as root/);
  }
  await ok(guest, `chown 0 ${dev}; famfs info --dev ${dev}`);
});

test('a node without a device', async () => {
  await ok(guest, 'mknod /dev/dax99.0 c $(stat -c %Hr /dev/dax0.0) 99');
  const { code, message } = await refusal(guest, 'famfs mkfs /dev/dax99.0');
  assert.deepEqual(
    [code, message],
    ['DEVICE_OPEN', 'cannot open /dev/dax99.0: is a character device, but not a dax device'],
  );
  assert.match((await refusal(guest, 'famfs ls')).message, /dax99\.0: is a character device, but not a dax device/);
  await ok(guest, 'rm /dev/dax99.0');
});

test('a device that is unbound while it is mapped', async () => {
  const { dev } = usual;
  assert.deepEqual(await job(guest, 'vanish', { dev }), { code: 'SIGBUS', offset: PAGE });
  const { code, message, hint } = await refusal(guest, `famfs info --dev ${dev}`);
  const reason = 'is a dax device that cannot be mapped: no driver holds it (open)';
  assert.deepEqual([code, message], ['DEVICE_OPEN', `cannot open ${dev}: ${reason}`]);
  assert.ok((await refusal(guest, 'famfs ls')).message.includes(`${dev}: ${reason}`));
  // the hint is a command that helps
  await ok(guest, hint?.replace(/^run: /, '') ?? 'false');
  assert.equal((await json(guest, `famfs info --dev ${dev}`)).files, 3);
});

test('a device in use as system RAM', async () => {
  const { dev } = spare;
  const name = dev.slice('/dev/'.length);
  await ok(guest, `echo ${name} >/sys/bus/dax/drivers/device_dax/unbind; /run/vm/busybox insmod /run/vm/kmem.ko`);
  await ok(guest, `echo ${name} >/sys/bus/dax/drivers/kmem/new_id`);
  for (const command of [`famfs mkfs --force ${dev}`, `famfs info --dev ${dev}`]) {
    const { code, message, hint } = await refusal(guest, command);
    const reason = 'is a dax device that cannot be mapped: driver kmem holds it (open)';
    assert.deepEqual([code, message], ['DEVICE_OPEN', `cannot open ${dev}: ${reason}`]);
    assert.equal(hint, `bind it to device_dax: daxctl reconfigure-device --mode=devdax --force ${name}`);
  }
});
