import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ConfigPathDocument } from '../../src/commands/configPath.js';
import { ConfigSandbox } from '../support/settings.js';

test('config path lists the places in their order, also where a file is wrong', async () => {
  const box = new ConfigSandbox();
  box.env.HOME = join(box.folder, 'home');
  box.write('sysroot/etc/famfs.conf', 'core:', '  verbose: 0');
  box.write('home/.config/famfs/config', '[interleave]', 'stripes = 3');
  mkdirSync(join(box.folder, 'odd'));
  box.env.FAMFS_CONFIG = 'odd';
  assert.equal((await box.error(['config', 'list'])).code, 'BAD_CONFIG');
  const { files } = await box.json<ConfigPathDocument>(['config', 'path']);
  assert.deepEqual(
    files.map(({ scope, path, state, format }) => [scope, path.slice(box.folder.length + 1), state, format]),
    [
      ['system', 'sysroot/etc/famfs.conf', 'there', 'yaml'],
      ['reference-user', 'home/.famfs/famfs.conf', 'missing', null],
      ['user', 'home/.config/famfs/config', 'there', 'ini'],
      ['named', 'odd', 'unreadable', null],
    ],
  );
  assert.match(await box.ok(['config', 'path']), /^user +\S+config +there +ini$/m);
});
