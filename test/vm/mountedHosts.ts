/** Two guests mount the same daxdev through FUSE: what is copied into the Master's mount appears in the Client's. */
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { json, ok } from '../scenarios/hosts/talk.js';
import type { TwoHosts } from '../scenarios/hosts/twoHosts.js';
import { bundle } from './paths.js';

const POINT = '/mnt/famfs';
/** bytes of the largest file: more than a few requests, and no multiple of a page */
const LARGE = 5_000_001;

/** The tests; the daxdev is made again. `hosts` is called when they run. */
export function testMountedHosts(hosts: () => TwoHosts): void {
  test('a tree copied into the mount of a daxdev appears in the mount of another host', () => copiedTree(hosts()));
}

async function copiedTree({ master, client }: TwoHosts): Promise<void> {
  await ok(
    master,
    `set -e
     famfs mkfs --quiet --force --force $DEV/dax0.0
     mkdir -p ${POINT} $TMP/tree/models/small
     famfs mount ${POINT}`,
  );
  assert.match(await ok(master, 'famfs mount --list'), /\/mnt\/famfs +\/dev\/dax0\.0 +fuse\.famfs +alive/);
  // as it is done at boot
  await ok(
    client,
    `set -e
     export PATH=$PATH:/sbin:/usr/sbin:${dirname(process.execPath)}
     mkdir -p ${POINT}
     ln -s ${bundle} /sbin/mount.famfs
     echo "$DEV/dax0.0 ${POINT} famfs nofail,_netdev,refresh=200 0 0" >/etc/fstab
     mount -a`,
  );
  assert.equal(await ok(client, `ls -A ${POINT}`), '.meta\n');
  const sums = await ok(
    master,
    `set -e
     cd $TMP
     head -c ${LARGE} /dev/urandom >tree/models/weights
     for i in 1 2 3 4 5 6 7 8; do echo "file $i" >tree/models/small/$i; done
     cp -r tree ${POINT}/
     diff -r tree ${POINT}/tree
     sync ${POINT}
     cd ${POINT} && find tree -type f | sort | xargs sha256sum`,
  );
  assert.equal(sums.trimEnd().split('\n').length, 9);
  const seen = await ok(
    client,
    `cd ${POINT}
     for try in $(seq 100); do [ -e tree/models/weights ] && [ -e tree/models/small/8 ] && break; sleep 0.2; done
     find tree -type f | sort | xargs sha256sum`,
  );
  assert.equal(seen, sums);
  // commands work through the mount, but bytes of files are read from the mount itself
  assert.equal((await json(client, `famfs info --dev ${POINT}`)).role, 'Client');
  const refused = await client.run(`famfs cat --dev ${POINT} tree/models/weights`);
  assert.match(refused.stderr, /use the files below/);
  const { status } = await client.run(`mkdir ${POINT}/mine`);
  assert.notEqual(status, 0);
  await ok(client, `umount ${POINT}`);
  await ok(master, `famfs umount ${POINT}`);
  assert.deepEqual((await json(master, 'famfs mount --list')).mounts, []);
  assert.match(await ok(master, 'famfs fsck -n'), /clean/);
}
