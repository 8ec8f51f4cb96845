/** The udev rule, with udevd and real dax devices. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ok } from '../scenarios/hosts/talk.js';
import { Guest } from './guest.js';
import { bundle, root } from './paths.js';

const UDEVD = ['/usr/lib/systemd/systemd-udevd', '/lib/systemd/systemd-udevd'].find((path) => existsSync(path));
const skip = UDEVD === undefined && 'udev is not installed';
/** programs run in a chroot of the guest, which udev would take for a container */
const ANYWHERE = 'SYSTEMD_IGNORE_CHROOT=1';
const RULE = readFileSync(join(root, 'contrib/udev/70-famfs.rules'));

let guest: Guest;

before(async () => {
  if (skip) return;
  guest = await Guest.boot({ devices: 3 });
  await ok(
    guest,
    `printf '#!/bin/sh\\nexec %s %s "$@"\\n' '${process.execPath}' '${bundle}' >/usr/bin/famfs; chmod 755 /usr/bin/famfs
     mkdir -p /etc/udev/rules.d; base64 -d >/etc/udev/rules.d/70-famfs.rules <<<${RULE.toString('base64')}
     ${ANYWHERE} ${UDEVD} --daemon; udevadm control --ping
     ${ANYWHERE} udevadm trigger --action=add --subsystem-match=dax; ${ANYWHERE} udevadm settle`,
  );
});

after(() => Guest.closeAll());

/** The links to daxdevs and where they lead, as soon as there are `count`: udevd works on its own. */
async function links(count: number): Promise<string[]> {
  const find = 'find /dev/famfs -type l -printf "%P %l\\n" 2>/dev/null';
  const found = await ok(
    guest,
    `for ((i = 0; i < 100; i++)); do [[ $(${find} | wc -l) != ${count} ]] || break; sleep 0.2; done; ${find} | sort`,
  );
  return found.split('\n').slice(0, -1);
}

async function make(argv: string): Promise<{ fsUuid: string; daxdevs: { uuid: string }[] }> {
  return JSON.parse(await ok(guest, `famfs mkfs --force --quiet --json ${argv}`));
}

test('a daxdev gets links by what is on it as soon as that is written', { skip }, async () => {
  const pool = await make("--label 'a b..$(x)' /dev/dax0.0 /dev/dax1.0");
  const other = await make('--label .. /dev/dax2.0');
  const daxdevs = [...pool.daxdevs, ...other.daxdevs].map(({ uuid }, i) => `by-daxdev-uuid/${uuid} ../../dax${i}.0`);
  assert.deepEqual(
    await links(6),
    [
      ...daxdevs,
      'by-label/a\\x20b..\\x24\\x28x\\x29 ../../dax0.0',
      `by-uuid/${pool.fsUuid} ../../dax0.0`,
      `by-uuid/${other.fsUuid} ../../dax2.0`,
    ].sort(),
  );
  const properties = await ok(guest, 'udevadm info --query=property /dev/dax0.0');
  assert.match(properties, /^ID_FS_TYPE=famfs$/m);
  // by it, systemd knows the device and waits for it
  assert.match(properties, /^TAGS=.*:systemd:/m);
});

test('what is no longer there has no link', { skip }, async () => {
  await ok(guest, 'famfs mkfs --kill --force --quiet /dev/dax0.0');
  assert.equal((await links(3)).filter((line) => line.endsWith('dax0.0')).length, 0);
});
