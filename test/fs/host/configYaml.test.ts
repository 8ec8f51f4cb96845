/** Configuration in YAML: the same with and without the parser, what is refused, and what hostile files cost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simpleConfig } from '../../../src/fs/host/configSimple.js';
import { configParser } from '../../../src/fs/host/configYaml.js';
import { Random } from '../../support/random.js';
import { ConfigSandbox } from '../../support/settings.js';

const yamlConfig = await configParser();

const PARTS = [
  ...[
    'interleave:',
    'output: # c',
    '# c',
    '',
    '   ',
    '  stripes: 4',
    '  chunk: 2M # c',
    '  a_b: x/y.z-1',
    '  dev: "q"',
    '    deep: 1',
  ],
  ...[
    '  dev: [a, b]',
    '- x',
    '  n: null',
    '  e:',
    '  t: a: b',
    '  u: a#b',
    '  v: a #b',
    'top: 1',
    '\tx: 1',
    '  stripes: 5',
    ' odd: 2',
    '...',
  ],
];

test('what is read without a parser is what the parser reads', () => {
  const random = new Random(Number(process.env.FAMFS_TEST_SEED ?? 7));
  let simple = 0;
  for (let round = 0; round < 3000; round++) {
    const text = Array.from({ length: 1 + random.below(6) }, () => PARTS[random.below(PARTS.length)]).join('\n');
    const quick = simpleConfig(text);
    if (quick === undefined) continue;
    simple++;
    assert.deepEqual(quick, yamlConfig(text, 'x'), JSON.stringify(text));
  }
  assert.ok(simple > 100, String(simple));
});

test('what people write needs no parser', () => {
  const usual =
    '# famfs\ninterleave:\n  stripes: 16\n  chunk: 2M   # two\n\noutput:\n  color: never\ndevices:\n  dev: /dev/dax0.0\n';
  assert.equal(simpleConfig(usual)?.length, 4);
});

test('hostile files are refused with their line, soon', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, i) => `b${i}: [*a,*a,*a,*a]`).join('\n')}`;
  for (const [text, message] of [
    [bomb, /x:1: the anchor &a is not allowed/],
    ['a:\n  b: *c', /x:2: /],
    ['a:\n  b: !!binary aGk=', /x:2: the tag .* is not allowed/],
    ['a:\n  b: 1\n  b: 2', /x:3: the key b is repeated/],
    ['a:\n  b: 1\na:\n  c: 2', /x:3: the key a is repeated/],
    ['a:\n  b:', /x:2: a\.b has no value/],
    ['- a', /x:1: the file is not a mapping/],
    ['a: {b: 1}\n---\nc: {d: 2}', /x:\d: a second document begins here/],
    ['a: "b', /^FamfsError: x:\d: /],
    [`a: ${'['.repeat(100_000)}`, /x:1: it is nested too deeply/],
    [`a: [${'x,'.repeat(300_000)}x]`, /x:1: it has more than 200000 tokens/],
    ['? [a]\n: b', /x:1: a key must be text/],
  ] as const) {
    const started = process.cpuUsage();
    assert.throws(() => yamlConfig(text, 'x'), message, text.slice(0, 60));
    assert.ok(process.cpuUsage(started).user < 5e6, text.slice(0, 60));
  }
});

test('keys that nobody knows are ignored with a warning; those of the reference without', async () => {
  const box = new ConfigSandbox();
  box.env.FAMFS_CONFIG = box.write(
    'a',
    'interleave:',
    '  stripe: 2',
    '  nbuckets: 3',
    'core:',
    '  new: {a: 1}',
    'other: 5',
  );
  const { stdout, stderr } = await box.run(['config', 'list', '--json']);
  const warned = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).warning);
  assert.deepEqual(
    warned.map(({ code }) => code),
    ['CONFIG_KEY', 'CONFIG_KEY', 'CONFIG_KEY'],
  );
  assert.match(warned[0].message, /a:2: unknown key interleave\.stripe;/);
  assert.ok(JSON.parse(stdout).settings.length > 0);
  for (const [line, message] of [
    ['interleave: {stripes: 2, nstrips: 3}', /are the same setting/],
    ['interleave: {stripes: [2, 3]}', /has several values/],
    ['interleave: {stripes: {a: 1}}', /is not text/],
    ['interleave: {stripes: 17}', /a:1: interleave\.stripes: '17' is too large/],
  ] as const) {
    box.write('a', line);
    assert.match((await box.error(['config', 'list'])).message, message);
  }
});

test("the reference's file of the user is read, and ours overrides it", async () => {
  const box = new ConfigSandbox();
  box.env.HOME = box.folder;
  box.write('.famfs/famfs.conf', 'interleave:', '  nstrips: 6', '  chunk_size: 4M');
  assert.equal((await box.rows()).get('interleave.stripes')?.value, 6);
  box.write('.config/famfs/config', 'interleave:', '  stripes: 2');
  const rows = await box.rows();
  assert.deepEqual([rows.get('interleave.stripes')?.value, rows.get('interleave.chunk')?.value], [2, 4 * 1024 ** 2]);
});
