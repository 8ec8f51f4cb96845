/** All scenarios. */
import type { WriterOptions } from './known.js';
import { alongside, warm } from './readers.js';
import type { Scenario } from './scenario.js';
import { badMemory, cut, lost, watched } from './writers.js';

const DEV = ['--dev', 'image'];
const CHANGE = ['-q', '--clients-unmounted', ...DEV];
const CREAT = ['creat', '-q', ...DEV, '--policy', 'fill', '--seed'];
const MKFS = ['mkfs', '-q', '--loglen', '8M', '--alloc-unit', '4k'];

/** Commands that only read, and what they look at. */
const READERS: readonly Scenario[] = [
  warm('ls', 'made', 'other', ['ls', '-lR', ...DEV, '/']),
  warm('ls', 'made', 'appended', ['ls', '-lR', ...DEV, '/']),
  warm('ls', 'made', 'moved', ['ls', '-lR', ...DEV, '/']),
  warm('ls', 'made', 'killed', ['ls', ...DEV]),
  warm('df', 'made', 'other', ['df', ...DEV]),
  warm('info', 'made', 'other', ['info', ...DEV]),
  warm('log list', 'made', 'other', ['log', 'list', ...DEV]),
  warm('fsck -n', 'made', 'other', ['fsck', '-n', 'image']),
  warm('fsck -n', 'pool', 'blank', ['fsck', '-n', 'image', 'second']),
  warm('showfmap', 'made', 'other', ['showfmap', ...DEV, 'a']),
  warm('whois', 'made', 'other', ['whois', ...DEV, '0', '0xa01000']),
  warm('verify', 'made', 'other', ['verify', ...DEV, '--seed', '7', 'a']),
  warm('verify', 'made', 'overwritten', ['verify', ...DEV, '--seed', '1', 'a']),
  warm('cp --out', 'made', 'overwritten', ['cp', '--out', '--verify', ...DEV, 'a', 'files/out'], {
    makes: ['files/out'],
  }),
  warm('cat', 'made', 'overwritten', ['cat', ...DEV, 'a']),
  warm('flush --invalidate', 'made', 'overwritten', ['flush', '--invalidate', ...DEV, 'a']),
  warm('flush and load', 'made', 'overwritten', ['flush and load', 'a']),
  warm('map --check-poison', 'made', 'overwritten', ['map', '--check-poison', 'files', ...DEV]),
  warm('dump', 'moved', 'badRewrite', ['dump', ...DEV]),
  warm('watch', 'made', 'other', ['watch']),
  warm('has bytes', 'made', 'overwritten', ['has bytes', 'a', 'files/over'], { role: 'Master' }),
  warm('dump', 'moved', 'badJournal', ['dump', ...DEV]),
  warm('mkfs -n', 'blank', 'unknown', ['mkfs', '-n', '-q', 'image']),
  warm('inspect superblock', 'made', 'other', ['inspect', 'superblock', '--hex', ...DEV]),
  warm('inspect header', 'made', 'other', ['inspect', 'header', '--hex', ...DEV]),
  warm('inspect label', 'made', 'other', ['inspect', 'label', '--hex', ...DEV]),
  warm('inspect history', 'made', 'moved', ['inspect', 'history', '--hex', ...DEV]),
  warm('inspect slot', 'made', 'other', ['inspect', 'slot', '1', '--hex', ...DEV]),
  warm('dump', 'made', 'other', ['dump', ...DEV]),
  warm('mkfs -n', 'blank', 'killed', ['mkfs', '-n', '-q', 'image']),
  warm('mkfs -n', 'blank', 'foreign', ['mkfs', '-n', '-q', 'image']),
];

/** What has a host read, and stored, all that a file system has. */
const EVERYTHING = [
  ['fsck', '-n', 'image', 'second', 'third'],
  ['dump', '-q', '--force', '-o', 'files/all', 'image'],
  ['cp', '--out', '-q', ...DEV, 'a', 'b', 'files/tree'],
  ['chmod', ...CHANGE, '600', 'b'],
];
const FILES = ['files/undo', 'files/s', 'files/tree/a', 'files/tree/b'];

/** A Master that has read and changed one file system, and works on what another one has put in its place. */
const takesOver = (from: string, to: string, argv: readonly string[]): Scenario =>
  warm(argv.slice(0, 2).join(' '), from, to, argv, { role: 'Master', warmUp: EVERYTHING, writes: true, makes: FILES });

const WRITERS_AFTER_OTHERS: readonly Scenario[] = [
  takesOver('other', 'made', [...CREAT, '50', '-s', '5000', 'n']),
  takesOver('made', 'appended', [...CREAT, '50', '-s', '5000', 'n']),
  takesOver('other', 'made', ['rm', ...CHANGE, 'a']),
  takesOver('other', 'made', ['cp', '-q', '--verify', ...DEV, 'files/large', 'n']),
  takesOver('other', 'made', [...MKFS, '-f', 'image']),
  takesOver('pool', 'usedSecond', ['daxdev', 'add', '-f', ...DEV, 'second']),
  takesOver('usedSecond', 'pool', ['daxdev', 'remove', ...CHANGE, '1']),
  takesOver('pool', 'poolOverwritten', ['daxdev', 'remove', ...CHANGE, '1']),
  takesOver('pool', 'poolOverwritten', ['daxdev', 'replace', ...CHANGE, '1', 'third']),
  takesOver('other', 'moved', ['restore', '--onto', '--force', '--undo', 'files/undo', ...DEV, 'files/dump']),
  takesOver('made', 'badRewrite', ['fsck', '-y', '--undo', 'files/undo', 'image']),
  takesOver('made', 'badRewrite', ['creat', '-s', '100', 'n', ...DEV]),
  takesOver('made', 'badJournal', ['fsck', '-y', '--undo', 'files/undo', 'image']),
  takesOver('made', 'badJournal', ['creat', '-s', '100', 'n', ...DEV]),
  takesOver('other', 'badBlank', ['fsck', '-y', '--undo', 'files/undo', 'image']),
  takesOver('other', 'badPart', ['fsck', '-y', '--undo', 'files/undo', 'image']),
  takesOver('other', 'badHeader', ['fsck', '-y', '--undo', 'files/undo', 'image']),
  takesOver('other', 'badCount', ['fsck', '-y', '--undo', 'files/undo', 'image']),
  takesOver('other', 'badBit', ['fsck', '-y', '--undo', 'files/undo', 'image']),
  takesOver('other', 'badTorn', ['fsck', '-y', '--undo', 'files/undo', 'image']),
  takesOver('other', 'badSuperblock', ['fsck', '-y', '--undo', 'files/undo', 'image']),
  takesOver('badBit', 'bitRepaired', ['undo', 'files/repaired.undo']),
  takesOver('bitRepaired', 'other', ['undo', 'files/repaired.undo']),
];

const writers = (name: string, from: string, argv: readonly string[], options: WriterOptions = {}): Scenario[] => [
  lost(name, from, argv, options),
  cut(name, from, argv, options),
  watched(name, from, argv, options),
];

const REWRITES = { allowed: ['LOG_REWRITING', 'LOG_REWRITTEN'] };
const NO_FAMFS = { allowed: ['NO_FAMFS', 'SUPERBLOCK_DAMAGED', 'LOG_DAMAGED'] };
const REPAIR = { makes: ['files/undo'] };
const repair = (from: string) =>
  writers(`fsck -y of ${from}`, from, ['fsck', '-y', '-q', '--undo', 'files/undo', 'image'], REPAIR).slice(0, 2);

export const SCENARIOS: readonly Scenario[] = [
  ...READERS,
  ...WRITERS_AFTER_OTHERS,
  ...writers('creat', 'made', [...CREAT, '20', '-s', '5000', 'n']),
  ...writers('creat of many', 'made', [
    'creat',
    '-q',
    '--exist-ok',
    ...DEV,
    '--policy',
    'fill',
    '-s',
    '4096',
    'n1',
    'n2',
    'n3',
  ]),
  ...writers('mkdir', 'made', ['mkdir', '-p', ...DEV, 'x/y']),
  ...writers('cp of a file', 'made', ['cp', '-q', '--verify', ...DEV, 'files/large', 'n']),
  ...writers('cp -r of small files', 'made', [
    'cp',
    '-q',
    '--verify',
    ...DEV,
    'files/tree/small1',
    'files/tree/small2',
    'files/tree/small3',
    'd',
  ]),
  ...writers('cp over a file', 'made', ['cp', '-q', ...DEV, 'files/over', 'a'], { mixes: true }).slice(0, 2),
  ...writers('mv', 'made', ['mv', ...CHANGE, 'a', 'd/a'], REWRITES),
  ...writers('rm --wipe', 'made', ['rm', '--wipe', ...CHANGE, 'a'], { ...REWRITES, mixes: true }).slice(0, 2),
  ...writers('mkfs', 'made', [...MKFS, '-f', 'image'], NO_FAMFS),
  ...writers(
    'mkfs with records',
    'made',
    [...MKFS, '-f', '--label', 'new', '--stripes', '1', '--chunk', '2M', 'image'],
    NO_FAMFS,
  ),
  ...writers('mkfs of a pool', 'usedSecond', [...MKFS, '-f', 'image', 'second'], NO_FAMFS),
  ...writers('mkfs --kill', 'made', ['mkfs', '-q', '-f', '--kill', 'image'], NO_FAMFS),
  ...writers('daxdev add', 'usedSecond', ['daxdev', 'add', '-q', '-f', ...DEV, 'second']),
  ...writers('daxdev remove', 'pool', ['daxdev', 'remove', ...CHANGE, '1'], REWRITES),
  ...writers('daxdev replace', 'pool', ['daxdev', 'replace', ...CHANGE, '1', 'third'], REWRITES),
  ...writers('daxdev resize', 'shrunk', ['daxdev', 'resize', ...CHANGE, '0'], REWRITES),
  ...writers(
    'restore --onto',
    'moved',
    ['restore', '-q', '--onto', '--force', '--undo', 'files/undo', ...DEV, 'files/dump'],
    { ...REPAIR, allowed: [...NO_FAMFS.allowed] },
  ),
  ...['badHeader', 'badCount', 'badBit', 'badTorn', 'badSuperblock', 'badRewrite', 'badJournal', 'badBlank'].flatMap(
    repair,
  ),
  ...writers('undo', 'badBit', ['undo', '-q', 'files/undo'], {
    ...REPAIR,
    first: [['fsck', '-y', '-q', '--undo', 'files/undo', 'image']],
    keeps: true,
  }).slice(0, 2),
  ...writers('storing bytes', 'made', ['store bytes', 'n']),
  badMemory('cp --verify', 'made', ['cp', '-q', '--verify', ...DEV, 'files/large', 'n'], 'image'),
  badMemory(
    'cp --verify of small files',
    'made',
    ['cp', '-q', '--verify', ...DEV, 'files/tree/small1', 'files/tree/small2', 'd'],
    'image',
  ),
  badMemory('daxdev replace', 'pool', ['daxdev', 'replace', ...CHANGE, '1', 'third'], 'third'),
  alongside('a Client looks while the Master appends', 'made', false),
  alongside('a Client follows while the Master appends', 'made', true),
];
