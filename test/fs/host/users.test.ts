/** Names of users and groups: from the host's files where these come first, otherwise from getent. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { groupNames, userNames } from '../../../src/fs/host/users.js';

const folder = mkdtempSync(join(tmpdir(), 'famfs-test-users-'));
const etc = join(folder, 'root', 'etc');
const asked = join(folder, 'asked');
mkdirSync(etc, { recursive: true });
mkdirSync(join(folder, 'bin'));
// notes what it was asked, and knows 1000 alone
writeFileSync(
  join(folder, 'bin', 'getent'),
  `#!/bin/sh\necho "$@" >>'${asked}'\necho directory:x:1000:1000::/:/bin/sh\n`,
  {
    mode: 0o755,
  },
);

const host = { env: { FAMFS_SYSROOT: join(folder, 'root') }, cwd: folder, lockWait: 0, warn: () => {} };

function setUp(files: Partial<Record<'nsswitch.conf' | 'passwd' | 'group', string>>): void {
  for (const name of ['nsswitch.conf', 'passwd', 'group']) rmSync(join(etc, name), { force: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(etc, name), text);
  writeFileSync(asked, '');
}

const askedFor = () => readFileSync(asked, 'utf8').split('\n').slice(0, -1);

after(() => rmSync(folder, { recursive: true }));

/** With that getent. The environment belongs to other tests too, so it is put back at once. */
function asking(look: () => Map<number, string>): [number, string][] {
  const { PATH } = process.env;
  process.env.PATH = `${join(folder, 'bin')}:${PATH}`;
  try {
    return [...look()];
  } finally {
    process.env.PATH = PATH;
  }
}

test('what the files have is not asked for; everything else is, in one call', () => {
  setUp({ passwd: 'root:x:0:0::/:/bin/sh\nann:x:7:7::/:/bin/sh\n', group: 'wheel:x:0:\n' });
  assert.deepEqual(
    asking(() => userNames(host, [7, 0])),
    [
      [0, 'root'],
      [7, 'ann'],
    ],
  );
  assert.deepEqual(
    asking(() => groupNames(host, [0])),
    [[0, 'wheel']],
  );
  assert.deepEqual(askedFor(), []);
  assert.deepEqual(
    asking(() => userNames(host, [0, 1000, 1001])),
    [
      [0, 'root'],
      [1000, 'directory'],
    ],
  );
  assert.deepEqual(askedFor(), ['passwd -- 1000 1001']);
});

test('nsswitch.conf decides whether the file comes first', () => {
  const rows: readonly [configuration: string, first: boolean][] = [
    ['passwd: files systemd\n', true],
    ['# passwd: sss files\n\n  passwd :\tfiles [NOTFOUND=return] sss\n', true],
    ['group: sss\n', true],
    ['passwd: files # [SUCCESS=continue]\n', true],
    ['passwd: sss files\n', false],
    ['passwd: compat\n', false],
    ['passwd:\n', false],
    ['passwd: files [success=continue] sss', false],
    ['passwd: files [ SUCCESS=merge ] sss', false],
  ];
  for (const [configuration, first] of rows) {
    setUp({ 'nsswitch.conf': configuration, passwd: 'local:x:1000:1000::/:/bin/sh\n' });
    assert.deepEqual(
      asking(() => userNames(host, [1000])),
      [[1000, first ? 'local' : 'directory']],
      configuration,
    );
    assert.deepEqual(askedFor(), first ? [] : ['passwd -- 1000'], configuration);
  }
});

test('lines that name no user are passed over, and the first of an id counts', () => {
  const lines = [
    '',
    ':x:5',
    '+nis:x:5:',
    '-nis:x:5:',
    '#c:x:5:',
    'short',
    'word:x:five:',
    'long:x:00000000005:',
    'x:x:-5:',
  ];
  setUp({ passwd: [...lines, 'a:x:5:5', 'b:x:5:5', 'last:x:6:6'].join('\n') });
  assert.deepEqual(
    asking(() => userNames(host, [5, 6])),
    [
      [5, 'a'],
      [6, 'last'],
    ],
  );
});

test('getent is asked where a file is missing, huge, or no file', () => {
  setUp({});
  assert.deepEqual(
    asking(() => userNames(host, [1000])),
    [[1000, 'directory']],
  );
  setUp({ passwd: 'local:x:1000:1000::/:/bin/sh\n' });
  truncateSync(join(etc, 'passwd'), 2 ** 40);
  assert.deepEqual(
    asking(() => userNames(host, [1000])),
    [[1000, 'directory']],
  );
  rmSync(join(etc, 'passwd'));
  mkdirSync(join(etc, 'passwd'));
  assert.deepEqual(
    asking(() => userNames(host, [1000])),
    [[1000, 'directory']],
  );
  rmSync(join(etc, 'passwd'), { recursive: true });
});

test('the real getent knows root, whatever the files say', () => {
  setUp({ 'nsswitch.conf': 'passwd: sss\ngroup: sss\n', passwd: 'wrong:x:0:0:\n', group: 'wrong:x:0:\n' });
  assert.equal(userNames(host, [0]).get(0), 'root');
  assert.equal(groupNames(host, [0]).get(0), 'root');
});
