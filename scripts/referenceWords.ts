/** The commands and options of the reference tools, ours, and command lines that show it: docs/from-the-reference.md is made of them. */

export interface ReferenceWord {
  /** as its user writes it; Markdown */
  readonly reference: string;
  /** what it is here; Markdown */
  readonly here: string;
  /** command lines that work here, without `famfs` */
  readonly works?: readonly string[];
  /** command lines that are refused, each with a part of the error or of its hint */
  readonly refused?: readonly (readonly [line: string, why: string])[];
}

const MAPPED = 'the log is always mapped';
const MODE = 'famfs daxdev mode --set-daxmode';
const BUCKETS = 'strips go to different daxdevs';

const MKFS: readonly ReferenceWord[] = [
  { reference: '`mkfs.famfs /dev/dax0.0`', here: 'same; also `famfs mkfs`', works: ['mkfs blank.img'] },
  {
    reference: '`-f`, `--force`',
    here: 'same; twice for a famfs of another host',
    works: ['mkfs -f old.img', 'mkfs --force old.img'],
  },
  {
    reference: '`-k`, `--kill`',
    here: 'same, with `--force`',
    works: ['mkfs -f -k old.img'],
    refused: [['mkfs -k old.img', '--kill needs --force']],
  },
  {
    reference: '`-l`, `--loglen`',
    here: 'same',
    works: ['mkfs -f -l 8M old.img', 'mkfs -f --loglen 0x800000 old.img'],
  },
  {
    reference: '`-F`, `--nofuse`',
    here: 'refused: `-F` is not force, and no mount is needed',
    refused: [
      ['mkfs -F old.img', '-F is --nofuse'],
      ['mkfs --nofuse old.img', 'needs no mount'],
    ],
  },
  {
    reference: '`-D`, `--nodax`',
    here: 'refused: mkfs works on the device itself',
    refused: [
      ['mkfs -D old.img', 'never changes its mode'],
      ['mkfs --nodax old.img', 'never changes its mode'],
    ],
  },
  {
    reference: '`-M`, `--set-daxmode`',
    here: 'refused: `famfs daxdev mode` before mkfs',
    refused: [
      ['mkfs -M old.img', MODE],
      ['mkfs --set-daxmode old.img', MODE],
    ],
  },
  { reference: '`-v`', here: 'same', works: ['mkfs -v -f old.img'] },
];

const FSCK: readonly ReferenceWord[] = [
  {
    reference: '`fsck.famfs /dev/dax0.0`',
    here: 'same; it also repairs: `-n` only looks, `-p` makes the safe repairs, `-y` all. A mount point is named like a daxdev',
    works: ['fsck pool.img'],
  },
  {
    reference: '`-f`, `--force`',
    here: 'same: the check is always made',
    works: ['fsck -f pool.img', 'fsck --force pool.img'],
  },
  { reference: '`-v`, `--verbose`', here: 'same', works: ['fsck -v pool.img'] },
  {
    reference: '`-h`, `--human`',
    here: 'refused: `famfs df -h`',
    refused: [
      ['fsck -h pool.img', 'df -h'],
      ['fsck --human pool.img', 'df -h'],
    ],
  },
  {
    reference: '`-B`, `--nbuckets`',
    here: 'refused: `famfs map` and `famfs df` show where the files are',
    refused: [
      ['fsck -B 8 pool.img', 'famfs map'],
      ['fsck --nbuckets 8 pool.img', 'famfs map'],
    ],
  },
  {
    reference: '`-M`, `--set-daxmode`',
    here: 'refused: `famfs daxdev mode` before',
    refused: [['fsck -M pool.img', MODE]],
  },
  {
    reference: '`-m`, `--mmap`',
    here: 'refused: the log is always mapped',
    refused: [
      ['fsck -m pool.img', MAPPED],
      ['fsck --mmap pool.img', MAPPED],
    ],
  },
  {
    reference: '`-r`, `--read`',
    here: '`--read` is refused; **`-r` is that of fsck(8)**: it asks before each repair, and fails without a terminal if there is one',
    works: ['fsck -r pool.img'],
    refused: [['fsck --read pool.img', MAPPED]],
  },
];

const MAKE: readonly ReferenceWord[] = [
  {
    reference: '`mkdir -p -m -u -g -v`',
    here: 'same',
    works: ['mkdir -p -m 755 -u 1 -g 2 -v x/y', 'mkdir --parents --mode=755 --uid=1 --gid=2 x/z'],
  },
  { reference: '`creat -s`, `--size`', here: 'same', works: ['creat -s 2M one', 'creat --size 0x200000 two'] },
  { reference: '`creat -m`, `-u`, `-g`, `-v`', here: 'same', works: ['creat -v -m 644 -u 1 -g 2 -s 2M three'] },
  {
    reference: '`creat -S`, `--seed`',
    here: 'same: the same pattern',
    works: ['creat -S 7 -s 2M seeded', 'verify -S 7 -f seeded'],
  },
  {
    reference: '`creat -r`, `--randomize`',
    here: 'same, with `--seed`; without a seed, refused',
    works: ['creat -r -S 7 -s 2M random', 'creat --randomize --seed 8 -s 2M other'],
    refused: [['creat -r -s 2M none', '--randomize needs a seed']],
  },
  { reference: '`creat -t`, `--threadct`', here: 'same', works: ['creat -t 2 -S 1 -s 2M four'] },
  { reference: '`creat -N`, `--nstrips`', here: 'same, also `--stripes`', works: ['creat -N 2 -s 8M five'] },
  {
    reference: '`creat -C`, `--chunksize`',
    here: 'same, also `--chunk`',
    works: ['creat -N 2 -C 2M -s 8M six', 'creat --nstrips 2 --chunksize 2M -s 8M seven'],
  },
  {
    reference: '`creat -B`, `--nbuckets`',
    here: 'refused: strips go to different daxdevs, which `--daxdevs` selects; on one daxdev, each is at a place of its own',
    refused: [
      ['creat -B 8 -N 2 -s 8M none', BUCKETS],
      ['creat --nbuckets 8 -s 8M none', BUCKETS],
    ],
  },
  {
    reference: '`creat -M`, `--multi FILE,SIZE[,SEED]`',
    here: 'same without a seed in it, which is refused: `--seed` is for all files',
    works: ['creat -M m1,2M --multi m2,2M'],
    refused: [['creat -M m3,2M,42', '--seed']],
  },
];

const MOVE: readonly ReferenceWord[] = [
  {
    reference: '`cp -m -u -g -v`',
    here: 'same; `-m` is for files, and directories keep their modes',
    works: ['cp -v -m 644 -u 1 -g 2 source copied'],
  },
  { reference: '`cp -r`, `--recursive`', here: 'same', works: ['cp -r tree copies', 'cp --recursive tree more'] },
  { reference: '`cp -c`, `--compare`', here: 'same, also `--verify`', works: ['cp -c source compared'] },
  {
    reference: '`cp -t -N -C`',
    here: 'same, and their long names',
    works: ['cp -t 2 -N 2 -C 2M source moved', 'cp --threadct 2 --nstrips 2 --chunksize 2M source again'],
  },
  {
    reference: '`cp -B`, `--nbuckets`',
    here: 'refused, as with creat',
    refused: [
      ['cp -B 8 source none', BUCKETS],
      ['cp --nbuckets=8 source none', BUCKETS],
    ],
  },
  {
    reference: '`verify -S SEED -f FILE`',
    here: 'same; `-f` may be left out',
    works: ['verify -S 7 -f seeded', 'verify --seed 7 seeded'],
  },
  {
    reference: '`verify -m`, `--multi FILE,SEED`',
    here: 'same',
    works: ['verify -m seeded,7 --multi other,8'],
    refused: [
      ['verify -m seeded', 'is not FILE,SEED'],
      ['verify -S 7 -f seeded -m seeded,7', 'is named twice'],
    ],
  },
  { reference: '`verify -t`, `--threadct`', here: 'same', works: ['verify -t 2 -S 7 -f seeded'] },
  { reference: '`verify -q`, `--quiet`', here: 'same: no warnings, no progress', works: ['verify -q -S 7 -f seeded'] },
  { reference: '`flush FILE`, `-v`', here: 'same', works: ['flush -v seeded other'] },
];

const LOG: readonly ReferenceWord[] = [
  { reference: '`logplay`', here: 'prints the log; the reference plays it into the mount', works: ['logplay'] },
  {
    reference: '`logplay -n`, `--dryrun`',
    here: 'same',
    works: ['logplay -n', 'logplay --dryrun', 'logplay -n -S shadow'],
  },
  { reference: '`logplay -S`, `--shadow DIR`', here: 'same', works: ['logplay -S shadow'] },
  {
    reference: '`logplay -s`, `--shadowtest`',
    here: 'same, also `--check`; needs `--shadow`',
    works: ['logplay -s -S shadow', 'logplay --shadowtest --shadow shadow'],
  },
  { reference: '`logplay -c`, `--client`', here: 'same', works: ['logplay -c -S shadow'] },
  {
    reference: '`logplay -d`, `--daxdev DEV`',
    here: 'same, also `--dev`',
    works: ['logplay -d pool.img', 'logplay --daxdev pool.img'],
    refused: [['logplay -d none.img', 'none.img']],
  },
  {
    reference: '`logplay -m`, `-r`, `--mmap`, `--read`',
    here: 'refused: the log is always mapped',
    refused: [
      ['logplay -m', MAPPED],
      ['logplay -r', MAPPED],
      ['logplay --mmap', MAPPED],
      ['logplay --read', MAPPED],
    ],
  },
  {
    reference: '`getmap FILE`, `-q`',
    here: 'same, another name of `showfmap`',
    works: ['getmap seeded', 'getmap -q seeded'],
  },
  {
    reference: '`getmap -c`',
    here: 'refused: `famfs fsck --kernel` counts what kernels refuse',
    refused: [['getmap -c seeded', 'fsck --kernel']],
  },
  {
    reference: '`check`',
    here: 'refused: `famfs fsck` checks a file system, `fsck --kernel` the maps of its files, `famfs verify` their bytes',
    refused: [['check .', 'famfs fsck checks a file system']],
  },
  {
    reference: '`mkmeta`',
    here: 'refused: nothing has to be made',
    refused: [['mkmeta /dev/dax0.0', 'nothing has to be made']],
  },
  {
    reference: '`clone SRC DST`',
    here: '**something else**: it copies a whole file system; one path is refused',
    refused: [['clone seeded twin', 'seeded']],
  },
];

const EVERYWHERE: readonly ReferenceWord[] = [
  {
    reference: '`--dryrun` before the command',
    here: 'same, for commands that change something; also `-n` of the command',
    works: ['--dryrun creat -s 2M none', 'creat -n -s 2M none'],
    refused: [['--dryrun ls', 'dryrun']],
  },
  {
    reference: '`-v`, `--verbose`',
    here: 'same: on standard error, what is done; `cp` and `get` also name the files',
    works: ['ls -v', '-v ls'],
  },
  {
    reference: '`-h`, `-?`',
    here: '`--help`; `-h` is `--human-readable` where sizes are printed',
    works: ['creat --help', 'df -h'],
    refused: [['creat -h', '--help prints help']],
  },
];

const CONFIG: readonly ReferenceWord[] = [
  {
    reference: '`/etc/famfs.conf`, `~/.famfs/famfs.conf`',
    here: 'same: both are read; [ours](pools.md#configuration) are added',
    works: ['config path'],
  },
  { reference: '`config --list`', here: '`config list`, with the source of each value', works: ['config list'] },
  {
    reference: '`config --get KEY`',
    here: '`config get KEY`, with our names of keys',
    works: ['config get interleave.policy'],
    refused: [['config get interleave.nstrips', 'here it is interleave.stripes']],
  },
  {
    reference: '`config --set KEY VALUE`, `--system`, `--global`',
    here: '`config set KEY VALUE`, `--system`; without it, the file of the user',
    works: ['config set -n --system interleave.stripes 4'],
  },
  {
    reference: '`config --unset KEY`',
    here: '`config set --unset KEY`',
    works: ['config set -n --system --unset interleave.stripes'],
  },
];

const MOUNT: readonly ReferenceWord[] = [
  {
    reference: '`mount /dev/dax0.0 /mnt`',
    here: 'same: `famfs mount`, or mount(8) with `-t famfs`',
    works: ['mount --dryrun pool.img point'],
  },
  {
    reference: '`-f`, `--fuse`',
    here: 'always; **`-f` here is `--foreground`**',
    refused: [['mount --fuse pool.img point', 'unknown option --fuse']],
  },
  { reference: '`-v`', here: 'same', works: ['mount -v --dryrun pool.img point'] },
  {
    reference: '`-F`, `--nofuse`',
    here: "refused: the kernel's own famfs is mounted by mount(8)",
    refused: [
      ['mount -F pool.img point', 'mount(8)'],
      ['mount --nofuse pool.img point', 'mount(8)'],
    ],
  },
  {
    reference: '`-t`, `--timeout`',
    here: 'refused: `--cache` and `--refresh`',
    refused: [
      ['mount -t 1 pool.img point', '--refresh'],
      ['mount --timeout 1 pool.img point', '--refresh'],
    ],
  },
  {
    reference: '`-c`, `--cache`',
    here: '`--cache auto` or `none`; `-c` is refused',
    works: ['mount --dryrun --cache none pool.img point'],
    refused: [['mount -c always pool.img point', '--cache auto']],
  },
  {
    reference: '`-S`, `--shadow`',
    here: "refused: no shadow tree is needed; `famfs logplay --shadow` makes one for the reference's server",
    refused: [['mount -S d pool.img point', 'no shadow tree']],
  },
  {
    reference: '`-M`, `--set-daxmode`',
    here: 'refused: `famfs daxdev mode` before',
    refused: [['mount -M pool.img point', MODE]],
  },
  {
    reference: '`-L`, `--load-module`',
    here: 'refused: `modprobe fuse`',
    refused: [['mount -L pool.img point', 'modprobe fuse']],
  },
  {
    reference: '`-R`, `--remount`',
    here: 'refused: unmount it first',
    refused: [['mount -R pool.img point', 'famfs umount']],
  },
  {
    reference: '`-u`, `--nouseraccess`',
    here: 'refused: `-o allow_other` says who has access',
    refused: [['mount -u pool.img point', 'allow_other']],
  },
  {
    reference: '`-p`, `--nodefaultperm`',
    here: 'refused: the kernel always checks permissions',
    refused: [['mount -p pool.img point', 'always checks']],
  },
  {
    reference: '`-d`, `--debug`',
    here: 'refused: `--verbose`, `--foreground`',
    refused: [['mount -d pool.img point', '--foreground']],
  },
  {
    reference: '`-r`, `--read`, `-m`, `--mmap`',
    here: 'refused: the log is always mapped; read-only is `-o ro`',
    refused: [
      ['mount -r pool.img point', '-o ro'],
      ['mount -m pool.img point', MAPPED],
    ],
  },
];

/** By the name of the table in the page. */
export const REFERENCE_WORDS: Readonly<Record<string, readonly ReferenceWord[]>> = {
  mkfs: MKFS,
  fsck: FSCK,
  make: MAKE,
  move: MOVE,
  log: LOG,
  everywhere: EVERYWHERE,
  config: CONFIG,
  mount: MOUNT,
};

/** docs/from-the-reference.md with the tables between its marks regenerated. Throws if the page has no place for a table. */
export function referenceTables(page: string): string {
  return Object.entries(REFERENCE_WORDS).reduce((text, [name, words]) => {
    const place = new RegExp(`<!-- ${name} -->\\n[\\s\\S]*?<!-- end -->`);
    if (!place.test(text)) throw new Error(`docs/from-the-reference.md has no place for ${name}`);
    const rows = words.map(({ reference, here }) => `| ${reference} | ${here} |`);
    const lines = [`<!-- ${name} -->`, '| reference | here |', '| --- | --- |', ...rows, '<!-- end -->'];
    return text.replace(place, () => lines.join('\n'));
  }, page);
}
