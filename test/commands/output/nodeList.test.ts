/** ls has the addon print most nodes; each must be as it is when printed alone. */
import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { nodeRow } from '../../../src/commands/output/file.js';
import { longLines, NUMBERS, SHORT_LINES } from '../../../src/commands/output/nodeLines.js';
import { lastName, parentPath } from '../../../src/format/path.js';
import type { Node } from '../../../src/fs/log/namespace.js';
import { openVolume } from '../../../src/fs/pool/openVolume.js';
import { compactJson } from '../../../src/ui/json.js';
import { PLAIN } from '../../../src/ui/style.js';
import { escapeText } from '../../../src/ui/text.js';
import { pokePayload } from '../../support/patch.js';
import { firstBytes, GIB, Sandbox, stdinOf } from '../../support/sandbox.js';

/** Names whose order differs between bytes and strings, that need escapes, or are not even text. */
const ODD = ['\u{1f600}', '\uff01', '\u00e9', '"q"', 'b c', 'back\\slash', 'A', 'a', 'aa', 'a.b', 'a-b', '~'];
const MODES = [0o644, 0o4755, 0o2640, 0o1777, 0];

async function oddTree(): Promise<Sandbox> {
  const sandbox = new Sandbox();
  const image = await sandbox.makeFs(8 * GIB);
  const directories = ['plain', 'plain/in', 'plain/in/it', '\u00fc', '\u00fc/"', 'empty'];
  await sandbox.ok(['mkdir', ...directories]);
  const paths = ['', 'plain/', 'plain/in/it/', '\u00fc/', '\u00fc/"/'].flatMap((folder) =>
    ODD.map((name) => `${folder}${name}`),
  );
  const many = Array.from({ length: 300 }, (_, i) => `plain/in/file${(i * 7) % 300}`);
  await sandbox.ok(['creat', '--quiet', '--from0', '-'], {
    stdin: stdinOf([...paths, ...many].map((path, i) => `${path}\x00${1 + i * 1000}\0\0`).join('')),
  });
  const bytes = firstBytes(image, 8 * 1024 ** 2);
  const first = directories.length;
  for (const [i, mode] of MODES.entries()) pokePayload(bytes, first + i, 'file', 'mode', mode);
  for (let i = 0; i < 300; i++) {
    pokePayload(bytes, first + paths.length + i, 'file', 'uid', i >> 1);
    pokePayload(bytes, first + paths.length + i, 'file', 'gid', i);
  }
  pokePayload(bytes, 5, 'mkdir', 'path', Buffer.from('em\npty\0'));
  pokePayload(bytes, first + 7, 'file', 'path', Buffer.from('\x1b[2J\0'));
  pokePayload(bytes, first + 8, 'file', 'path', Buffer.from([0x66, 0xff, 0]));
  pokePayload(bytes, first + 20, 'file', 'path', Buffer.from('plain/new\nline\0'));
  const fd = openSync(image, 'r+');
  writeSync(fd, bytes);
  closeSync(fd);
  return sandbox;
}

test('many nodes are listed as each is by itself', async () => {
  const sandbox = await oddTree();
  const volume = openVolume({ env: sandbox.env, cwd: sandbox.folder, warn: () => {} }, []);
  const nodes = [...volume.replay.namespace.nodes()];
  volume.close();
  assert.ok(nodes.length > 360);
  const orders: Record<string, (a: Node, b: Node) => number> = {
    '': (a, b) => (a.path < b.path ? -1 : 1),
    '-t': (a, b) => b.slot - a.slot,
  };
  for (const [option, order] of Object.entries(orders)) {
    const sections: { path: string; nodes: Node[] }[] = [];
    const list = (path: string) => {
      const inside = nodes.filter((node) => parentPath(node.path) === path).sort(order);
      sections.push({ path, nodes: inside });
      for (const node of inside) if (node.kind === 'directory') list(node.path);
    };
    list('');
    const argv = ['ls', '-R', ...(option === '' ? [] : [option])];
    const all = sections.flatMap((section) => section.nodes);
    const json = await sandbox.ok([...argv, '--json']);
    const elements = all.map((node) => compactJson(nodeRow(node))).join(',\n    ');
    assert.equal(json, `{\n  "formatVersion": 1,\n  "entries": [\n    ${elements}\n  ],\n  "failed": []\n}\n`);
    const lines = (show: (node: Node, name: string) => string) =>
      sections
        .map((section) => [`/${section.path}:`, ...section.nodes.map((node) => show(node, lastName(node.path)))])
        .map((section) => section.map((line) => `${escapeText(line)}\n`).join(''))
        .join('\n');
    assert.equal(
      await sandbox.ok(argv),
      lines((node, name) => SHORT_LINES.line(node, name, PLAIN)),
    );
    for (const human of [false, true]) {
      const { line } = longLines(NUMBERS, all, human);
      const expected = lines((node, name) => line(node, name, PLAIN));
      assert.equal(await sandbox.ok([...argv, human ? '-nh' : '-n']), expected);
    }
  }
});
