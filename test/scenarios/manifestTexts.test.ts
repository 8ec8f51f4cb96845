/** Manifests that were changed at random: read alike by both parsers of YAML, and whatever is wrong has a line and a remedy. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { cutYaml } from '../../src/commands/manifest/cutYaml.js';
import { plainScalar } from '../../src/commands/manifest/plainScalar.js';
import { quickYaml } from '../../src/commands/manifest/quickYaml.js';
import { makeRandom } from '../../src/fs/allocate/random.js';
import { sandboxWithFs } from '../support/sandbox.js';

const seed = Number(process.env.FAMFS_TEST_SEED ?? randomInt(2 ** 32));
const ROUNDS = process.env.FAMFS_TEST_LONG ? 20_000 : 150;

/** Every key, in both styles of YAML. */
const WHOLE = `# a manifest
formatVersion: 1
pool:
  loglen: 8M
  allocUnit: 2M
defaults: {uid: 0, gid: 0, mode: 0640, directoryMode: "0750", stripes: 1, chunk: 2M, policy: spread, daxdevs: 0, onConflict: fail}
directories:
  - d/{0..3}
  - {path: 'e f', mode: 0700, onConflict: keep}
files:
  - path: d/a{00..03}
    size: 1M
    contiguous: true
  - {path: "l{0..1}", literal: true, size: 0x1000, zero: true}
  - {path: d/b, size: 4096, seed: 7, stripes: 0, sha256: ${'ab'.repeat(32)}}
  - path: 'it''s'   # quoted
    size: ~
    source: "sour\\x63e"
  - {path: d/g, sources: "no*", dereference: false}
`;
const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ': ',
  ', ',
  '- ',
  '\n',
  '  ',
  '"',
  "'",
  '#',
  '&a ',
  '*a',
  '!!str ',
  '~',
  '0',
  '-1',
  '9'.repeat(20),
  'null',
  'true',
  '..',
  '/',
  '\\',
  'size',
  'path: ',
  '\t',
  '\u00e9',
  '? ',
  '---\n',
];

const random = makeRandom(seed);
const below = (count: number) => Math.floor(random() * count);

/** The text with one to three pieces removed, doubled, moved or put in. */
function mutant(): string {
  let text = WHOLE;
  for (let changes = 1 + below(3); changes > 0; changes--) {
    const at = below(text.length);
    const piece = text.slice(at, at + 1 + below(12));
    const put = [TOKENS[below(TOKENS.length)] as string, piece + piece, '', piece.toUpperCase()][below(4)] as string;
    text = text.slice(0, at) + put + text.slice(at + (below(2) === 0 ? 0 : piece.length));
  }
  return text;
}

/** As the careful parser reads it, by the rules for plain scalars; undefined where it finds a mistake. */
function slowly(text: string): unknown {
  const plain = { tag: '!plain', resolve: (source: string) => plainScalar(source), test: /^[-+~\dtfn]/, default: true };
  try {
    return parse(text, {
      schema: 'failsafe',
      customTags: (tags) => [...tags, plain] as typeof tags,
      logLevel: 'error',
    });
  } catch {
    return undefined;
  }
}

function withoutNull(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, inner) => (inner === null || inner === '' ? undefined : inner)) ?? 'null',
  );
}

test('the quick parser reads what it takes as the careful one does', async () => {
  let taken = 0;
  assert.notEqual(await quickYaml(WHOLE.replace('no*', 'no')), undefined);
  for (const text of ['pool: {loglen: 8M}#', 'pool: {loglen: "8M"#\n}', 'pool: {loglen: 8M,#\n}', 'files: [#\n]']) {
    assert.equal(await quickYaml(text), undefined, text);
  }
  for (let round = 0; round < ROUNDS * 3; round++) {
    const text = mutant().replace('no*', 'no');
    const quick = await quickYaml(text);
    if (quick === undefined) continue;
    taken++;
    assert.deepEqual(withoutNull(quick), withoutNull(slowly(text)), `seed ${seed}, round ${round}:\n${text}`);
  }
  assert.ok(taken > ROUNDS / 5, `only ${taken} were taken`);
});

/** Values of the keys of a file in a list, most of them usual. */
const LISTED: Readonly<Record<string, readonly string[]>> = {
  path: [
    'a',
    'b/c',
    'd-1',
    '"e f"',
    "'g'",
    '"h{0..9}"',
    '07',
    'true',
    'null',
    '~',
    '',
    '.x',
    '...',
    '-',
    'i: j',
    'k #l',
    '"m\\x41"',
  ],
  size: ['2M', '2M', '4096', '"1G"', "'8k'", '0', 'null', '1 G', ''],
  mode: ['0644', '"0600"', 'null'],
};
/** What stands between the items of a list, most of it nothing. */
const BETWEEN = [
  '\n',
  '# and\n',
  '   more\n',
  '      more\n',
  '- {}\n',
  'defaults: {mode: 0600}\n',
  '"\n',
  'files:\n',
  '\t\n',
];

/** A list of files, as programs write them; now and then with something odd. */
function listText(): string {
  const keys = [['path', 'size'], ['size', 'path'], ['path'], ['mode', 'path', 'size'], ['path', 'size', 'mode']];
  const indent = ['', '  ', '    '][below(3)] as string;
  const usual = (key: string) =>
    (LISTED[key] as string[])[below(below(4) === 0 ? 99 : 4) % (LISTED[key] as string[]).length];
  let isFlow = below(2) === 0;
  let chosen = keys[below(keys.length)] as string[];
  let text = ['', 'pool: {loglen: 8M}\n', 'pool: "\n', "pool: 'x\n", 'pool: [\n', 'pool: x\n'][below(12)] ?? '';
  text += 'files:\n';
  const mode = usual('mode');
  for (let i = 0; i < 12; i++) {
    if (below(20) === 0) isFlow = !isFlow;
    if (below(20) === 0) chosen = keys[below(keys.length)] as string[];
    const odd = below(3) === 0;
    const pairs = chosen.map((key) => {
      const value = key === 'mode' ? mode : odd ? usual(key) : key === 'path' ? `f${below(99)}` : '2M';
      return `${key}: ${value}`;
    });
    text += isFlow ? `${indent}- {${pairs.join(', ')}}\n` : `${indent}- ${pairs.join(`\n${indent}  `)}\n`;
    if (below(40) === 0) text += BETWEEN[below(BETWEEN.length)];
  }
  return text + (['pool: {loglen: 8M}\n', 'pool: {loglen: 8M}"\n', '\n \n', '    more\n', ']\n'][below(10)] ?? '');
}

test('a list is read alike, whether it is cut or not', async () => {
  let taken = 0;
  let cut = 0;
  for (let round = 0; round < ROUNDS * 6; round++) {
    const text = listText();
    const quick = await quickYaml(text);
    if (quick === undefined) continue;
    taken++;
    if (cutYaml(text).cuts.length > 0) cut++;
    assert.ok(!JSON.stringify(quick).includes(':null'), `seed ${seed}, round ${round}:\n${text}`);
    assert.deepEqual(withoutNull(quick), withoutNull(slowly(text)), `seed ${seed}, round ${round}:\n${text}`);
  }
  assert.ok(taken > ROUNDS && cut > ROUNDS / 2, `only ${taken} were taken, and of these ${cut} cut`);
});

test('items that are alike make the same files and mistakes as others', async () => {
  const sandbox = await sandboxWithFs();
  const paths = [
    'a',
    'a',
    'b/c',
    'b',
    '"d{0..2}"',
    'd1',
    '../e',
    'f/',
    '.meta',
    '/g',
    'h//i',
    '\u00e9',
    'x'.repeat(80),
  ];
  const sizes = ['2M', '2M', '2M', '4096', '1Q', '0', '3.5k', '0.3k'];
  const ofAll = async (text: string) => {
    writeFileSync(join(sandbox.folder, 'm.yaml'), text);
    const { exitCode, stdout, stderr } = await sandbox.run(['plan', '--json', 'm.yaml']);
    return { exitCode, stderr, data: stdout === '' ? undefined : JSON.parse(stdout).data };
  };
  for (let round = 0; round < ROUNDS / 4; round++) {
    const oddity = [0, 0, 3, 10][below(4)] as number;
    const items = Array.from({ length: 30 }, (_, i) => {
      const isOdd = below(30) < oddity;
      return `{path: ${isOdd ? paths[below(paths.length)] : `n${i}`}, size: ${isOdd ? sizes[below(sizes.length)] : '2M'}, mode: 060`;
    });
    const text = (mode: (i: number) => number) =>
      `files: [\n${items.map((item, i) => `  ${item}${mode(i)}}`).join(',\n')}]\ndirectories: [b, n3]\n`;
    const alike = await ofAll(text(() => 0));
    const others = await ofAll(text((i) => i % 2));
    assert.deepEqual(alike, others, `seed ${seed}, round ${round}:\n${text(() => 0)}`);
  }
});

test('whatever is wrong with a manifest has a line and a remedy, and nothing crashes', async () => {
  const sandbox = await sandboxWithFs();
  writeFileSync(join(sandbox.folder, 'source'), 'bytes');
  writeFileSync(join(sandbox.folder, 'none'), 'bytes');
  for (let round = 0; round < ROUNDS; round++) {
    // one that is sure to lack its source
    const text = round === 0 ? 'files: [{path: a, source: gone}]' : mutant();
    const why = `seed ${seed}, round ${round}:\n${text}`;
    writeFileSync(join(sandbox.folder, 'm.yaml'), text);
    const { exitCode, stderr } = await sandbox.run(['plan', '--json', 'm.yaml']);
    assert.ok(exitCode <= 2, why);
    if (exitCode !== 1) continue;
    const lines = stderr.trim().split('\n');
    assert.ok(lines.length <= 101, why);
    for (const line of lines) {
      const { error } = JSON.parse(line) as { error?: { code: string; message: string; hint?: string } };
      if (error === undefined) continue;
      assert.notEqual(error.code, 'INTERNAL', `${error.message}; ${why}`);
      assert.match(error.message, /^m\.yaml:\d+:\d+: /, why);
      assert.ok((error.hint ?? '').length > 5, `${error.message} has no remedy; ${why}`);
    }
  }
});
