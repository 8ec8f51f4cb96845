/** Manifests as plan reads them: mistakes, hostile texts, ranges, and what is compared. */
import assert from 'node:assert/strict';
import { rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PlanDocument } from '../../src/commands/plan.js';
import { fmapOf } from '../support/fmap.js';
import { Head } from '../support/head.js';
import { PoolSandbox } from '../support/pool.js';
import { MIB, OTHER_UUID, Sandbox, sandboxWithFs, stdinOf } from '../support/sandbox.js';

function manifest(sandbox: Sandbox, text: string, name = 'm.yaml'): string {
  writeFileSync(join(sandbox.folder, name), text);
  return name;
}

interface Told {
  readonly line?: number;
  readonly column?: number;
  readonly key?: string;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** Plans a manifest that has mistakes, and returns the errors. */
async function errorsOf(sandbox: Sandbox, text: string, name?: string): Promise<Told[]> {
  const { exitCode, stderr } = await sandbox.run(['plan', '--json', manifest(sandbox, text, name)]);
  assert.equal(exitCode, 1, stderr);
  return stderr
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { error: Told }).error);
}

test('ten mistakes are ten errors, each with line, column, key and remedy', async () => {
  const sandbox = await sandboxWithFs();
  const text = `
pool:
  loglen: 9M
files:
  - path: a
    sise: 4M
  - {path: b, size: 12Q}
  - {path: ../c, size: 1M}
  - {path: "d-{9..0}", size: 1M}
  - {path: e, size: 1M, stripes: 17}
  - {path: f, size: 1M, uid: nobody-here}
  - {path: f, size: 1M}
  - {path: f/g, size: 1M}
  - size: 4M
`;
  const errors = await errorsOf(sandbox, text);
  assert.deepEqual(
    errors.map(({ line, column, key }) => [line, column, key]),
    [
      [3, 11, 'pool.loglen'],
      [6, 5, 'files[0].sise'],
      [7, 21, 'files[1].size'],
      [8, 12, 'files[2].path'],
      [9, 12, 'files[3].path'],
      [10, 34, 'files[4].stripes'],
      [11, 30, 'files[5].uid'],
      [12, 5, 'files[6]'],
      [13, 5, 'files[7]'],
      [14, 5, 'files[8]'],
    ],
  );
  for (const { message, hint, code, line } of errors) {
    assert.equal(code, 'BAD_MANIFEST');
    assert.ok(message.startsWith(`m.yaml:${line}:`), message);
    assert.ok((hint ?? '').length > 5, message);
  }
  assert.match(errors[1]?.hint ?? '', /did you mean size\?/);
});

test('mistakes in JSON have places too', async () => {
  const sandbox = await sandboxWithFs();
  const [error, ...others] = await errorsOf(sandbox, '{"files": [\n  {"path": "a", "size": "1Q"}]}', 'm.json');
  assert.deepEqual([error?.line, error?.column, error?.key, others], [2, 25, 'files[0].size', []]);
  const [broken] = await errorsOf(sandbox, '{"files": [\n  {"path": "a",, "size": 1}]}', 'm.json');
  assert.equal(broken?.line, 2);
});

test('every kind of wrong value is refused, with its key', async () => {
  const sandbox = await sandboxWithFs();
  const sum = 'a'.repeat(64);
  writeFileSync(join(sandbox.folder, 'five'), 'bytes');
  const wrong: [text: string, key: string][] = [
    ['', ''],
    ['- a', ''],
    ['formatVersion: 2', 'formatVersion'],
    ['pool: {daxdevs: []}', 'pool.daxdevs'],
    ['pool: {label: a/b}', 'pool.label'],
    ['pool: {daxdevs: [{size: 1G}]}', 'pool.daxdevs[0]'],
    ['pool: {daxdevs: [{uuid: x}]}', 'pool.daxdevs[0].uuid'],
    ['pool: {daxdevs: [{label: a/b}]}', 'pool.daxdevs[0].label'],
    ['pool: {daxdevs: [{label: a, path: b}]}', 'pool.daxdevs[0].label'],
    ['pool: {daxdevs: [{label: a}, {label: a}]}', 'pool.daxdevs[1]'],
    ['defaults: {onConflict: overwrite}', 'defaults.onConflict'],
    ['directories: [{path: a, onConflict: true}]', 'directories[0].onConflict'],
    ['files: [{path: a, size: 1, onConflict: ""}]', 'files[0].onConflict'],
    ['pool: {daxdevs: ["p{00..64}.img"]}', 'pool.daxdevs[0]'],
    ['pool: {daxdevs: [p.img, p.img]}', 'pool.daxdevs[1]'],
    ['pool: {chunk: 4M}', 'pool.chunk'],
    ['pool: {stripes: 2, chunk: 3M}', 'pool.chunk'],
    ['defaults: {mode: 0888}', 'defaults.mode'],
    ['defaults: {gid: no-such-group}', 'defaults.gid'],
    ['defaults: {daxdevs: "1-"}', 'defaults.daxdevs'],
    ['directories: [/]', 'directories[0]'],
    ['directories: [""]', 'directories[0]'],
    ['directories: [.meta]', 'directories[0].path'],
    [`files: [{path: ${'x'.repeat(80)}, size: 1}]`, 'files[0].path'],
    ['files: [{path: a/, size: 1}]', 'files[0].path'],
    ['files: [{path: a, size: 0}]', 'files[0].size'],
    ['files: [{path: a, size: -1}]', 'files[0].size'],
    ['files: [{path: a, size: [1]}]', 'files[0].size'],
    ['files: [{path: a}]', 'files[0]'],
    ['files: [{path: a, size: 1, chunk: 1M}]', 'files[0].chunk'],
    ['{pool: {allocUnit: 4k}, files: [{path: a, size: 1, chunk: 12k}]}', 'files[0].chunk'],
    ['pool: {allocUnit: 64k}', 'pool.allocUnit'],
    ['files: [{path: a, size: 1, policy: best}]', 'files[0].policy'],
    ['files: [{path: a, size: 1, policy: 5}]', 'files[0].policy'],
    ['files: [{path: a, size: 1, seed: -1}]', 'files[0].seed'],
    ['files: [{path: a, size: 1, zero: yes}]', 'files[0].zero'],
    ['files: [{path: a, size: 1, seed: 1, zero: true}]', 'files[0]'],
    ['files: [{path: a, size: 1, contiguous: true, stripes: 2}]', 'files[0]'],
    ['files: [{path: a, size: 1, seed: 1, sha256: abc}]', 'files[0].sha256'],
    [`files: [{path: a, size: 1, sha256: ${sum}}]`, 'files[0].sha256'],
    [`files: [{path: "a{0..1}", size: 1, seed: 1, sha256: ${sum}}]`, 'files[0].sha256'],
    ['files: [{path: "a{0..1}", source: b}]', 'files[0].source'],
    ['files: [{path: "a{0..999999}b{0..9}", size: 1}]', 'files[0].path'],
    ['files: [{path: a, size: 6, source: five}]', 'files[0].size'],
    ['files: [{path: 12, size: 1}]', 'files[0].path'],
    ['files: [{paht: a, size: 1}]', 'files[0].paht'],
    [
      `files: [${Array.from({ length: 1000 }, (_, i) => `{path: f${i}, size: 1}`)}, {path: 12, size: 1}]`,
      'files[1000].path',
    ],
    ['directories: [a, a]', 'directories[1]'],
    ['directories: [a]\nfiles: [{path: a, size: 1}]', 'files[0]'],
  ];
  for (const [text, key] of wrong) {
    const errors = await errorsOf(sandbox, text);
    assert.deepEqual(
      errors.map((error) => error.key),
      [key],
      `${text}: ${JSON.stringify(errors)}`,
    );
    assert.ok((errors[0]?.hint ?? '').length > 5, text);
  }
});

test('a mistake or conflict in a long list has its own line, and a range in it stands for all its files', async () => {
  const sandbox = await sandboxWithFs();
  const items = Array.from({ length: 40 }, (_, i) => ({ path: `f${i}`, size: '2M' }));
  const line = (item: object) =>
    `  - {${Object.entries(item).map(([key, value]) => `${key}: ${value}`)}}\n`.replaceAll(',', ', ');
  const yaml = (list: readonly object[]) => `files:\n${list.map(line).join('')}`;
  const changed = (changes: Readonly<Record<number, object>>) => items.map((item, i) => ({ ...item, ...changes[i] }));
  const wrong = changed({
    5: { path: 'f4' },
    12: { size: 0 },
    13: { size: '1Q' },
    20: { path: '../x' },
    25: { mode: '0888' },
    30: { path: 'f29/below' },
    35: { path: 'f36' },
    39: { moed: '0600' },
  });
  const keys = [
    'files[5]',
    'files[12].size',
    'files[13].size',
    'files[20].path',
    'files[25].mode',
    'files[30]',
    'files[36]',
    'files[39].moed',
  ];
  for (const text of [yaml(wrong), JSON.stringify({ files: wrong }, undefined, 1)]) {
    const errors = await errorsOf(sandbox, text);
    assert.deepEqual(
      errors.map(({ key }) => key),
      keys,
    );
    const lines = text.split('\n');
    for (const { line = 0, key } of errors) {
      const { path } = wrong[Number(/\d+/.exec(key ?? ''))] as { path: string };
      assert.ok(
        lines.slice(line - 3, line + 1).some((one) => one.includes(path)),
        `${key} in line ${line}`,
      );
    }
  }
  await sandbox.ok(['creat', '-s', '1M', 'f17']);
  const [conflict, ...others] = await errorsOf(sandbox, yaml(items));
  assert.deepEqual([conflict?.code, conflict?.message.slice(0, 10), others], ['CONFLICT', 'm.yaml:19:', []]);
  const ranged = yaml(changed({ 3: { path: '"r{0..9}"' }, 17: { size: '1M' } }));
  const { stdout } = await sandbox.run(['plan', manifest(sandbox, ranged)]);
  assert.match(stdout, /48 to make, 1 as declared/);
});

test('any number of owners may be written as numbers', async () => {
  const sandbox = await sandboxWithFs();
  const files = Array.from({ length: 300 }, (_, i) => ({ path: `f${i}`, size: 1, uid: `${1000 + i}`, gid: 5000 + i }));
  const { exitCode, stderr } = await sandbox.run(['plan', manifest(sandbox, JSON.stringify({ files }))]);
  assert.deepEqual([exitCode, stderr], [2, '']);
});

test('bombs, deep nesting, endless lists and what is not YAML are refused, and take no memory', async () => {
  const sandbox = await sandboxWithFs();
  const bomb = [
    'a: &a [x,x]',
    ...'bcdefghijklmnopqrstuvwxyz'.split('').map((c, i) => {
      const before = String.fromCharCode('a'.charCodeAt(0) + i);
      return `${c}: &${c} [*${before},*${before},*${before},*${before}]`;
    }),
  ].join('\n');
  const hostile: [text: string, message: RegExp][] = [
    [bomb, /the anchor &a/],
    ['['.repeat(1_000_000), /nested too deeply/],
    ['- '.repeat(1_000_000), /nested too deeply/],
    [`{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, /unknown key a/],
    [`{"files":[${'1,'.repeat(50_000)}1]}`, /it must be a mapping/],
    [`{${Array.from({ length: 5000 }, (_, i) => `"k${i}":1`).join()}}`, /more than 100 keys/],
    [
      `files: [{path: a, size: 1${Array.from({ length: 200 }, (_, i) => `, k${i}: 1`).join('')}}]`,
      /more than 100 keys/,
    ],
    [`# ${'x'.repeat(9 * 1024 ** 2)}\nfiles: []`, /YAML may have at most 8388608/],
    ['a: 1\n---\nb: 2', /a second document/],
    ['files: !!set {a}', /the tag/],
    ['files: []\nfiles: []', /the key files is repeated/],
    ['? [a]\n: b', /a key must be text/],
    ['files: "', /Missing closing/],
  ];
  const before = process.memoryUsage().rss;
  for (const [text, message] of hostile) {
    const errors = await errorsOf(sandbox, text);
    assert.match(errors[0]?.message ?? '', message, text.slice(0, 60));
    assert.ok(errors.length <= 101, text.slice(0, 60));
  }
  assert.ok(process.memoryUsage().rss - before < 1024 ** 3);
  const binary = join(sandbox.folder, 'binary');
  writeFileSync(binary, Buffer.of(0xff, 0xfe));
  assert.equal((await sandbox.error(['plan', binary])).code, 'MANIFEST_UNREADABLE');
  assert.equal((await sandbox.error(['plan', 'missing.yaml'])).code, 'MANIFEST_UNREADABLE');
  assert.equal((await sandbox.error(['plan', sandbox.folder])).code, 'MANIFEST_UNREADABLE');
});

test('ranges, literal paths, modes and sizes mean the same in YAML and JSON, and on standard input', async () => {
  const sandbox = await sandboxWithFs();
  const yaml = `
defaults: {mode: 0640}
files:
  - {path: "a{8..11}/b{00..01}", size: 0x200000}
  - {path: "l{0..1}", literal: true, size: 4k, mode: 0600}
`;
  const json = JSON.stringify({
    formatVersion: 1,
    defaults: { mode: '0640' },
    files: [
      { path: 'a{8..11}/b{00..01}', size: 0x200000 },
      { path: 'l{0..1}', literal: true, size: '4k', mode: 600 },
    ],
  });
  const plans = await Promise.all(
    [yaml, json].map(async (text) => {
      const { exitCode, stdout } = await sandbox.run(['plan', '--json', '-'], { stdin: stdinOf(text) });
      assert.equal(exitCode, 2);
      return JSON.parse(stdout) as PlanDocument;
    }),
  );
  assert.deepEqual(plans[0], plans[1]);
  const paths = plans[0]?.items.filter(({ type }) => type === 'file').map(({ path }) => path);
  const ranged = ['a8', 'a9', 'a10', 'a11'].flatMap((folder) => [`${folder}/b00`, `${folder}/b01`]);
  assert.deepEqual(paths, [...ranged, 'l{0..1}']);
  await sandbox.ok(['apply', manifest(sandbox, yaml)]);
  assert.match(await sandbox.ok(['ls', '-l', '/']), /-rw-------.* 4096 l\{0\.\.1\}/);
  assert.match(await sandbox.ok(['ls', '-l', 'a11']), /-rw-r-----.* 2097152 b01/);
});

test('what exists is compared in everything that the manifest states, and in nothing else', async () => {
  const sandbox = await sandboxWithFs();
  await sandbox.ok(['mkdir', '-m', '750', 'd']);
  await sandbox.ok(['creat', '-s', '8M', '-m', '640', '-u', '5', '-g', '6', '--stripes', '2', 'd/f']);
  await sandbox.ok(['creat', '-s', '1M', 'small', 'extra']);
  const is = async (item: string, reasons: RegExp | undefined, list = 'files') => {
    const path = manifest(sandbox, `${list}: [${item}]`);
    const { exitCode, stdout, stderr } = await sandbox.run(['plan', '--json', path]);
    const { items } = JSON.parse(stdout) as PlanDocument;
    const found = items.flatMap((one) => one.reasons ?? []).join();
    assert.equal(exitCode, reasons === undefined ? 0 : 1, `${item}: ${stderr}`);
    if (reasons !== undefined) assert.match(found, reasons, item);
    if (reasons !== undefined) assert.match(stderr, /m\.yaml:1:\d+/);
  };
  await is('{path: d/f, size: 8M}', undefined);
  await is('{path: d/f, size: 8M, mode: 0640, uid: 5, gid: 6, stripes: 2, chunk: 2M, daxdevs: 0}', undefined);
  await is('{path: d/f, size: 4M}', /has 8388608 bytes, not 4194304/);
  await is('{path: d/f, size: 8M, mode: 0644}', /has mode 0640, not 0644/);
  await is('{path: d/f, size: 8M, uid: 0}', /has owner 5, not 0/);
  await is('{path: d/f, size: 8M, gid: 0}', /has group 6, not 0/);
  await is('{path: d/f, size: 8M, stripes: 3}', /has 2 strips, not 3 strips/);
  await is('{path: d/f, size: 8M, stripes: 0}', /has 2 strips, not a simple layout/);
  await is('{path: d/f, size: 8M, chunk: 4M}', /has chunks of 2097152 bytes, not 4194304/);
  await is('{path: d, size: 8M}', /is a directory, not a file/);
  await is('{path: small, size: 1M, stripes: 4}', undefined);
  await is('{path: small, size: 1M, stripes: 4, chunk: 4M}', undefined);
  await is('{path: small/x, size: 1M}', /its parent small is a file/);
  await is('{path: new, size: 900M}, {path: new2, size: 900M}', /./);
  await is('{path: new, size: 1M, daxdevs: 3}', /no daxdev 3/);
  await is('{path: d, mode: 0750}', undefined, 'directories');
  await is('{path: d, mode: 0755}', /has mode 0750, not 0755/, 'directories');
  await is('small', /is a file, not a directory/, 'directories');
  const { items, counts } = await sandbox.json<PlanDocument>([
    'plan',
    manifest(sandbox, 'files: [{path: d/f, size: 8M}]'),
  ]);
  assert.deepEqual(
    items.filter(({ action }) => action === 'extra').map(({ path }) => path),
    ['small', 'extra'],
  );
  assert.deepEqual([counts.exists, counts.extra, counts.create, counts.conflict], [1, 2, 0, 0]);
});

test('a contiguous file is one extent, and a chunk is for files that are interleaved', async () => {
  const sandbox = new Sandbox();
  // 16M for files
  await sandbox.makeFs(26 * MIB);
  await sandbox.ok(['creat', '-s', '4M', 'a', 'b', 'c']);
  await sandbox.ok(['rm', '--clients-unmounted', 'b']);
  await sandbox.ok(['creat', '-s', '6M', 'apart']);
  assert.ok((await fmapOf(sandbox, 'apart')).extents.length > 1);
  const reasonsOf = async (item: string) => {
    const path = manifest(sandbox, `files: [${item}]`);
    const { exitCode, stdout } = await sandbox.run(['plan', '--json', path]);
    const { items } = JSON.parse(stdout) as PlanDocument;
    return [exitCode, ...items.flatMap(({ reasons = [] }) => reasons)];
  };
  assert.deepEqual(await reasonsOf('{path: apart, size: 6M}'), [0]);
  assert.deepEqual(await reasonsOf('{path: apart, size: 6M, contiguous: true}'), [1, 'has 2 extents, not one']);
  assert.deepEqual(await reasonsOf('{path: a, size: 4M, contiguous: true}'), [0]);
  const idle = [1, 'a chunk of 2097152 bytes is for interleaved files'];
  assert.deepEqual(await reasonsOf('{path: new, size: 1M, chunk: 2M}'), idle);
  assert.deepEqual(await reasonsOf('{path: new, size: 1M, chunk: 2M, stripes: 0}'), idle);
  assert.deepEqual(await reasonsOf('{path: new, size: 1M, chunk: 2M, stripes: 2}'), [2]);
});

test('a Client may plan but not apply, and plan writes nothing', async () => {
  const sandbox = new Sandbox();
  const image = await sandbox.makeFs(64 * 1024 ** 2);
  const before = new Head(image, statSync(image).size);
  sandbox.becomeHost(OTHER_UUID);
  const path = manifest(sandbox, 'files: [{path: a, size: 1M}]');
  const run = await sandbox.run(['plan', path]);
  assert.deepEqual([run.exitCode, run.stdout], [2, '+ a 1M\n1 to make, 0 as declared\n']);
  assert.equal((await sandbox.error(['apply', path])).code, 'NOT_MASTER');
  assert.ok(before.isUnchanged());
});

test('a daxdev whose path this host cannot look up is an error with its place', async () => {
  const sandbox = new Sandbox();
  writeFileSync(join(sandbox.folder, 'file'), '');
  symlinkSync('loop', join(sandbox.folder, 'loop'));
  for (const path of ['file/x.img', 'loop', 'x'.repeat(300), 'a\0b.img']) {
    for (const daxdev of [path, { path, size: '16M' }]) {
      const [error, ...others] = await errorsOf(sandbox, JSON.stringify({ pool: { daxdevs: [daxdev] } }), 'm.json');
      assert.deepEqual([error?.code, others], ['CANNOT_READ', []], JSON.stringify(path));
      assert.match(error?.message ?? '', /^m\.json:1:\d+: /);
    }
  }
});

test('a missing daxdev of a pool whose daxdevs are not named has no path', async () => {
  const sandbox = new PoolSandbox();
  const [, second] = await sandbox.makePool(16, 16);
  rmSync(second as string);
  const { pool } = await sandbox.json<PlanDocument>(['plan', manifest(sandbox, 'pool: {loglen: 8M}')]);
  assert.deepEqual(
    pool?.daxdevs.map(({ action, path }) => [action, path === null]),
    [
      ['exists', false],
      ['exists', true],
    ],
  );
});

test('an item that is no mapping has its place, alone and among others', async () => {
  const sandbox = new Sandbox();
  for (const item of ['null', '[]', '["a"]', '3', '"a"', 'true'])
    for (const before of ['', '{"path":"a","size":1},{"path":"b","size":1},']) {
      const text = `{"files":[${before}${item}]}`;
      const { exitCode, stderr } = await sandbox.run(['plan', '-'], { stdin: stdinOf(text) });
      assert.equal(exitCode, 1, text);
      const place = `1:${'{"files":['.length + before.length + 1}: files[${before === '' ? 0 : 2}]: `;
      assert.ok(stderr.includes(`${place}it must be a mapping`), `${text}: ${stderr}`);
    }
});
