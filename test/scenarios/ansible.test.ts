/** The Ansible collection: check mode, diff, twice the same, and failures that say what to do. Needs ansible-core. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FAMFS, runProcess } from '../support/famfs.js';
import { PoolSandbox } from '../support/pool.js';
import { ROOT } from '../support/root.js';

/** A run takes as long as a hundred other tests. */
function whyNot(): string | undefined {
  if (!process.env.FAMFS_TEST_LONG) return 'part of npm run test:long';
  return spawnSync('ansible-playbook', ['--version']).status === 0 ? undefined : 'there is no ansible-playbook';
}

const MANIFEST = `
pool: {daxdevs: [{path: "p{0..1}.img", size: 32M}], label: ansible}
files: [{path: a, size: 1M, seed: 1}]
`;

/** One run of ansible-playbook is the slowest part, so everything is in it; each task asserts what the one before it returned. */
const PLAYBOOK = `
- hosts: localhost
  gather_facts: false
  module_defaults:
    famfs.tools.famfs_pool: {executable: FAMFS, chdir: FOLDER}
    famfs.tools.famfs_files: {executable: FAMFS, chdir: FOLDER}
  tasks:
    - {famfs.tools.famfs_files: {manifest: FOLDER/m.yaml}, check_mode: true, diff: true, register: checked}
    - {ansible.builtin.stat: {path: FOLDER/p0.img}, register: image}
    - {famfs.tools.famfs_files: {manifest: FOLDER/m.yaml}, diff: true, register: made}
    - {famfs.tools.famfs_files: {manifest: FOLDER/m.yaml}, register: again}
    - famfs.tools.famfs_pool: {daxdevs: [{path: "p{0..2}.img", size: 32M}], label: ansible}
      register: grown
    - famfs.tools.famfs_pool: {daxdevs: ["p{0..2}.img"]}
      register: same
    - famfs.tools.famfs_files:
        dev: [p0.img]
        defaults: {onConflict: replace}
        directories: [d]
        files: [{path: a, size: 2M, seed: 2}]
      ignore_errors: true
      register: refused
    - famfs.tools.famfs_files:
        dev: [p0.img]
        clients_unmounted: true
        defaults: {onConflict: replace}
        directories: [d]
        files: [{path: a, size: 2M, seed: 2}]
      register: replaced
    - famfs.tools.famfs_files: {dev: [p0.img], files: [{path: ../a, size: 1Q}, {path: b, sise: 1}]}
      ignore_errors: true
      register: wrong
    - ansible.builtin.assert:
        that:
          - checked.changed and checked.counts.create == 3 and not image.stat.exists
          - "'+ a (1048576 bytes)' in checked.diff.prepared"
          - made.changed and made.diff == checked.diff
          - not again.changed
          - grown.changed and grown.daxdevs | map(attribute='action') | list == ['exists', 'exists', 'create']
          - not same.changed
          - refused.failed and refused.errors[0].code == 'CLIENTS_UNKNOWN'
          - replaced.changed and replaced.rewrites_log and replaced['items'] | map(attribute='action') | list == ['create', 'replace']
          - wrong.failed and wrong.errors | map(attribute='key') | list == ['files[0].path', 'files[0].size', 'files[1].sise']
          - "'did you mean size?' in wrong.msg"
`;

test('tasks of the collection', { skip: whyNot() ?? false }, async () => {
  const sandbox = new PoolSandbox();
  const collection = sandbox.path('collections/ansible_collections/famfs');
  mkdirSync(collection, { recursive: true });
  symlinkSync(join(ROOT, 'contrib/ansible'), join(collection, 'tools'));
  const famfs = sandbox.path('famfs');
  writeFileSync(famfs, `#!/bin/sh\nexec '${process.execPath}' '${FAMFS}' "$@"\n`);
  chmodSync(famfs, 0o755);
  writeFileSync(sandbox.path('m.yaml'), MANIFEST);
  writeFileSync(
    sandbox.path('playbook.yaml'),
    PLAYBOOK.replaceAll('FAMFS,', `${famfs},`).replaceAll('FOLDER', sandbox.folder),
  );
  const env = {
    ...sandbox.env,
    ANSIBLE_COLLECTIONS_PATH: sandbox.path('collections'),
    ANSIBLE_HOME: sandbox.path('ansible'),
    ANSIBLE_LOCALHOST_WARNING: 'false',
    ANSIBLE_INVENTORY_UNPARSED_WARNING: 'false',
    ANSIBLE_NOCOLOR: '1',
  };
  const { exitCode, stdout, stderr } = await runProcess(
    'ansible-playbook',
    ['-i', 'localhost,', '-c', 'local', sandbox.path('playbook.yaml')],
    env,
  );
  assert.equal(exitCode, 0, stdout + stderr);
  assert.ok(existsSync(sandbox.path('p2.img')));
  await sandbox.ok(['verify', '--seed', '2', '--dev', 'p0.img', 'a']);
  const documented = await runProcess('ansible-doc', ['famfs.tools.famfs_pool', 'famfs.tools.famfs_files'], env);
  assert.equal(documented.exitCode, 0, documented.stderr);
  assert.match(documented.stdout, /clients_unmounted/);
});
