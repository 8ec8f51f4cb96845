/** The YAML of a file as other readers of YAML take it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { fileYaml } from '../../src/format/fileYaml.js';

test('a path that looks like a number or a word of YAML stays text for every reader', () => {
  const extents = [{ daxdev: 0, deviceOffset: 2 ** 24, length: 2 ** 21 }];
  const rest = { size: 1, flags: 1, mode: 0o644, uid: 0, gid: 0, fmap: { layout: 'simple', extents } } as const;
  for (const path of ['true', 'No', 'on', 'null', '~', '0x10', '1e3', '-7', '12:30:45', '.inf', 'plain', 'a/b.c'])
    for (const version of ['1.1', '1.2'] as const) {
      const text = fileYaml({ path, ...rest });
      const found = parse(text, { version }) as { file: { path: unknown } };
      assert.equal(found.file.path, path, `${version}: ${text.split('\n')[1]}`);
    }
});
