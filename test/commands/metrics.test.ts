import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { type MetricRow, prometheusLines } from '../../src/commands/output/prometheus.js';
import { LOG_ENTRY_SIZE } from '../../src/format/logEntry.js';
import { slotOffset } from '../../src/format/logHeader.js';
import { SUPERBLOCK_REGION } from '../../src/format/superblock.js';
import { withPoison } from '../support/poison.js';
import { overwrite, PoolSandbox } from '../support/pool.js';
import { MIB } from '../support/sandbox.js';
import { Snapshot } from '../support/snapshot.js';

type Samples = ReadonlyMap<string, number>;

/** Parses the text format as its specification has it; throws for anything else. Keys are `name` and its labels in JSON. */
function parse(text: string): Samples {
  assert.ok(text.endsWith('\n'));
  const samples = new Map<string, number>();
  const helped = new Set<string>();
  const typed = new Set<string>();
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const [, kind, of = ''] = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) \S.*$/.exec(line) ?? [];
    if (kind !== undefined) {
      const seen = kind === 'HELP' ? helped : typed;
      assert.ok(!seen.has(of), `${kind} of ${of} twice`);
      seen.add(of);
      if (kind === 'TYPE') assert.match(line, / gauge$/);
      current = of;
      continue;
    }
    const [, name = '', labels, value = ''] =
      /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([+-]?Inf|NaN|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/.exec(line) ?? [];
    assert.equal(name, current, `${line} does not follow its HELP and TYPE`);
    assert.ok(helped.has(name) && typed.has(name));
    const pairs = parseLabels(labels ?? '');
    const key = pairs.length === 0 ? name : `${name} ${JSON.stringify(Object.fromEntries(pairs))}`;
    assert.ok(!samples.has(key), `${key} twice`);
    samples.set(key, value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value));
  }
  return samples;
}

function parseLabels(text: string): [string, string][] {
  const pairs: [string, string][] = [];
  const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/y;
  for (let end = 0; end < text.length; end = label.lastIndex) {
    const [, name = '', value = ''] = label.exec(text) ?? [];
    assert.notEqual(name, '', `${text} is no list of labels`);
    pairs.push([name, value.replace(/\\([\\"n])/g, (_, char) => (char === 'n' ? '\n' : char))]);
  }
  return pairs;
}

async function poolWithFiles(): Promise<PoolSandbox> {
  const sandbox = new PoolSandbox();
  await sandbox.makePool(64, 48);
  await sandbox.ok(['mkdir', 'd']);
  await sandbox.ok(['creat', '-s', '5M', '--stripes', '2', '--policy', 'spread', 'd/a', 'd/b']);
  return sandbox;
}

interface Df {
  readonly files: number;
  readonly fileBytes: number;
  readonly daxdevs: readonly Record<'capacity' | 'used' | 'free' | 'largestHole', number>[];
}

test('metrics prints what df, info and fsck say', async () => {
  const sandbox = await poolWithFiles();
  const samples = parse(await sandbox.ok(['metrics']));
  const df = await sandbox.json<Df>(['df']);
  const info = await sandbox.json<{ fsUuid: string; log: { slots: number; entries: number } }>(['info']);
  const fs = { fs_uuid: info.fsUuid };
  const expected: Record<string, number> = {
    [`famfs_info ${JSON.stringify({ ...fs, role: 'Master' })}`]: 1,
    [`famfs_log_slots ${JSON.stringify(fs)}`]: info.log.slots,
    [`famfs_log_slots_used ${JSON.stringify(fs)}`]: info.log.entries,
    [`famfs_log_entries_skipped ${JSON.stringify(fs)}`]: 0,
    [`famfs_files ${JSON.stringify(fs)}`]: df.files,
    [`famfs_directories ${JSON.stringify(fs)}`]: 1,
    [`famfs_file_bytes ${JSON.stringify(fs)}`]: df.fileBytes,
    [`famfs_errors ${JSON.stringify(fs)}`]: 0,
    [`famfs_warnings ${JSON.stringify(fs)}`]: 0,
  };
  for (const [i, { capacity, used, free, largestHole }] of df.daxdevs.entries()) {
    const of = JSON.stringify({ ...fs, daxdev: String(i) });
    const bytes = { capacity, used, free, largest_hole: largestHole };
    for (const [name, value] of Object.entries(bytes)) expected[`famfs_daxdev_${name}_bytes ${of}`] = value;
    expected[`famfs_daxdev_present ${of}`] = 1;
  }
  assert.deepEqual(Object.fromEntries([...samples].sort()), Object.fromEntries(Object.entries(expected).sort()));
  const { metrics } = await sandbox.json<{ metrics: readonly MetricRow[] }>(['metrics']);
  assert.deepEqual(parse(`${[...prometheusLines(metrics)].join('\n')}\n`), samples);
});

test('metrics counts findings and missing daxdevs, and exits with 0', async () => {
  const sandbox = await poolWithFiles();
  overwrite(sandbox.path('p0.img'), SUPERBLOCK_REGION + slotOffset(3) + LOG_ENTRY_SIZE - 1, Buffer.of(1));
  rmSync(sandbox.path('p1.img'));
  const report = await sandbox.fsck('-n');
  const { exitCode, stdout } = await sandbox.run(['metrics']);
  assert.equal(exitCode, 0);
  const samples = [...parse(stdout)];
  const valuesOf = (part: RegExp) => samples.filter(([key]) => part.test(key)).map(([, value]) => value);
  assert.deepEqual(valuesOf(/^famfs_errors /), [report.errors]);
  assert.deepEqual(valuesOf(/^famfs_warnings /), [report.warnings]);
  assert.ok(report.errors > 0);
  assert.deepEqual(valuesOf(/^famfs_daxdev_present .*"0"/), [1]);
  assert.deepEqual(valuesOf(/^famfs_daxdev_present .*"1"/), [0]);
  assert.deepEqual(valuesOf(/^famfs_log_entries_skipped /), [1]);
  for (const { code, count, severity } of report.findings) {
    const key = new RegExp(`^famfs_findings .*"code":"${code}","severity":"${severity}"`);
    assert.ok((valuesOf(key)[0] ?? 0) >= count, code);
  }
});

test('promtool accepts the metrics of sound and of damaged file systems', async (t) => {
  if (spawnSync('promtool', ['--version']).error !== undefined) return t.skip('promtool is not installed');
  const sandbox = await poolWithFiles();
  const check = async (...options: string[]) => {
    const input = await sandbox.ok(['metrics', ...options]);
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
    assert.deepEqual([status, stdout, stderr], [0, '', '']);
  };
  await check();
  await check('--check-poison', 'files');
  rmSync(sandbox.path('p1.img'));
  await check();
});

test('metrics -o replaces only what it has written, and leaves it when there is no file system', async () => {
  const sandbox = await poolWithFiles();
  const argv = ['metrics', '-o', 'famfs.prom'];
  const before = new Snapshot(sandbox.folder);
  assert.equal(await sandbox.ok([...argv, '-n']), await sandbox.ok(['metrics']));
  assert.equal((await sandbox.json<{ written: null }>([...argv, '-n'])).written, null);
  assert.equal((await sandbox.error(['metrics', '-n'])).code, 'USAGE');
  assert.equal((await sandbox.error(['metrics', '-n', '-o', 'none/x'])).code, 'CANNOT_WRITE');
  assert.deepEqual(before.changes(), []);
  assert.equal(await sandbox.ok(argv), '');
  const first = readFileSync(sandbox.path('famfs.prom'), 'utf8');
  assert.equal(first, await sandbox.ok(['metrics']));
  const { ino } = statSync(sandbox.path('famfs.prom'));
  await sandbox.ok(['creat', '-s', '2M', 'c']);
  await sandbox.ok(argv);
  const second = readFileSync(sandbox.path('famfs.prom'), 'utf8');
  assert.ok(parse(second).size === parse(first).size && second !== first);
  // another file in its place, rather than the old one written over
  assert.notEqual(statSync(sandbox.path('famfs.prom')).ino, ino);
  writeFileSync(sandbox.path('mine'), 'mine');
  writeFileSync(sandbox.path('empty'), '');
  mkdirSync(sandbox.path('folder'));
  symlinkSync('mine', sandbox.path('link'));
  const refusals = {
    mine: 'EXISTS',
    'p0.img': 'EXISTS',
    folder: 'IN_THE_WAY',
    link: 'IN_THE_WAY',
    'none/x': 'CANNOT_WRITE',
  };
  for (const [name, code] of Object.entries(refusals))
    assert.equal((await sandbox.error(['metrics', '-o', name])).code, code, name);
  assert.equal(readFileSync(sandbox.path('mine'), 'utf8'), 'mine');
  await sandbox.ok(['metrics', '-o', 'empty']);
  assert.equal((await sandbox.error([...argv, '--dev', 'mine'])).code, 'NO_FAMFS');
  assert.equal(readFileSync(sandbox.path('famfs.prom'), 'utf8'), second);
  assert.deepEqual(
    readdirSync(sandbox.folder).filter((name) => name.endsWith('.new')),
    [],
  );
});

test('labels and help are escaped as the text format wants it', () => {
  const labels = { path: 'a"b\\c\nd' };
  const metrics = [
    {
      name: 'famfs_x',
      help: 'one\\two\nthree',
      samples: [
        { labels, value: 2 ** 53 },
        { labels: {}, value: Number.POSITIVE_INFINITY },
      ],
    },
  ];
  const text = `${[...prometheusLines(metrics)].join('\n')}\n`;
  assert.deepEqual(
    [...parse(text)],
    [
      [`famfs_x ${JSON.stringify(labels)}`, 2 ** 53],
      ['famfs_x', Number.POSITIVE_INFINITY],
    ],
  );
  assert.match(text, /^# HELP famfs_x one\\\\two\\nthree\n/);
});

test('metrics --check-poison counts bytes that cannot be read, by daxdev, and the files that have some', async () => {
  const sandbox = await poolWithFiles();
  const [fsUuid] = [(await sandbox.json<{ fsUuid: string }>(['info'])).fsUuid];
  const sampleOf = (name: string, labels: object) =>
    `famfs_poison_${name} ${JSON.stringify({ fs_uuid: fsUuid, ...labels })}`;
  const sound = parse(await sandbox.ok(['metrics', '--check-poison', 'files', '--threads', '2']));
  const scope = 'files';
  const metadata = 2 * MIB + 8 * MIB;
  assert.deepEqual(Object.fromEntries(sound), {
    [sampleOf('bytes', { daxdev: '0', scope })]: 0,
    [sampleOf('bytes', { daxdev: '1', scope })]: 0,
    [sampleOf('read_bytes', { daxdev: '0', scope })]: metadata + 2 * 4 * MIB,
    [sampleOf('read_bytes', { daxdev: '1', scope })]: 2 * MIB + 2 * 4 * MIB,
    [sampleOf('files', { scope })]: 0,
  });
  // both files have a strip after this
  const image = sandbox.path('p0.img');
  const size = metadata + MIB;
  for (const [scope, lost] of [
    ['files', 2 * 4 * MIB - MIB],
    ['all', 64 * MIB - size],
  ] as const) {
    const found = await withPoison(image, 64 * MIB, size, () =>
      sandbox.ok(['metrics', '-o', 'poison.prom', '--check-poison', scope]),
    );
    assert.equal(found, '');
    const samples = parse(readFileSync(sandbox.path('poison.prom'), 'utf8'));
    assert.equal(samples.get(sampleOf('bytes', { daxdev: '0', scope })), lost);
    assert.equal(samples.get(sampleOf('bytes', { daxdev: '1', scope })), 0);
    assert.equal(samples.get(sampleOf('files', { scope })), 2);
  }
  rmSync(sandbox.path('p1.img'));
  const without = parse(await sandbox.ok(['metrics', '--quiet', '--check-poison', 'files']));
  assert.equal(without.get(sampleOf('bytes', { daxdev: '0', scope })), 0);
  assert.equal(without.has(sampleOf('bytes', { daxdev: '1', scope })), false);
  assert.equal((await sandbox.error(['metrics', '--threads', '2'])).code, 'USAGE');
  assert.equal((await sandbox.error(['metrics', '--check-poison', 'some'])).code, 'USAGE');
  assert.equal((await sandbox.error(['metrics', '--check-poison'])).code, 'USAGE');
});
