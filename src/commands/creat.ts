import { counted } from '../format/counted.js';
import { CreationPlan, type PlannedFile, type PlanTarget } from '../fs/allocate/creationPlan.js';
import { checkLayout } from '../fs/allocate/placement.js';
import { type PlannedBlock, planBlock } from '../fs/allocate/planBlock.js';
import { makeRandom } from '../fs/allocate/random.js';
import { EntryColumns } from '../fs/log/entryColumns.js';
import type { Node } from '../fs/log/namespace.js';
import type { WriteSession } from '../fs/pool/writeSession.js';
import { type Context, defineCommand, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { ABSENT_BUCKETS } from './options/absent.js';
import { deviceOptions, withSession } from './options/device.js';
import { dryRunOption } from './options/dryRun.js';
import { type ListedFile, listedFiles, readFileFields, readFileLines, splitMulti } from './options/fileList.js';
import { warnOfKept, warnOfUnaligned } from './options/kept.js';
import { layoutOf, layoutOptions } from './options/layout.js';
import { nameOptions } from './options/names.js';
import { askedOwnerOf, ownerOf, ownerOptions } from './options/owner.js';
import { NO_MODE } from './options/plainLines.js';
import { planOnly } from './options/planOnly.js';
import { type CreatedFileRow, createdFileRow } from './output/creation.js';
import { type FailedFile, Failures } from './transfer/failures.js';
import { contentOf, fillOptions, makeFilled } from './transfer/fillFiles.js';
import { threadOptions } from './transfer/runTransfer.js';

const DEFAULT_MODE = 0o666;
/** with more files than this, the text only gives their number */
const MAX_LISTED = 20;

export interface CreatDocument {
  /** the requested files that now exist, in the order of the request */
  readonly files: readonly CreatedFileRow[];
  /** those that could not be filled */
  readonly failed: readonly FailedFile[];
  /** false with --dry-run; slots and extents are those that the files would get if they were made now */
  readonly written: boolean;
}

export const command = defineCommand({
  name: 'creat',
  group: 'Make and fill',
  summary: 'make pre-allocated files',
  details: [
    'Allocates space for each file and appends its log entry. A famfs file has its size and place from the start and ' +
      'keeps them; its bytes are whatever the memory held before.',
    'All files of one call are checked and placed before the first is made, under one lock and with one replay of the ' +
      'log. The umask applies to any mode, given or default.',
    'With --seed or --zero a file is filled before it appears; with --exist-ok, a file that exists already is filled too. ' +
      'Several are filled at a time, and their log entries are in the order in which they were done.',
  ],
  examples: [
    { command: 'famfs creat -s 1G --stripes 16 data/weights', explains: 'one file, interleaved over 16 strips' },
    { command: 'famfs creat --multi a,2M --multi b,4M', explains: 'files of different sizes at once' },
    {
      command: 'seq -f "part%g 64M" 1000 | famfs creat --from -',
      explains: 'a thousand files, listed on standard input',
    },
    { command: 'famfs creat -s 1G --seed 42 data/test', explains: 'filled with a pattern for famfs verify --seed 42' },
  ],
  args: [{ name: 'FILE', summary: 'path in the file system', completes: 'path', required: false, repeat: true }],
  options: {
    size: { type: 'size', short: 's', value: 'SIZE', min: 1, summary: 'size of each FILE' },
    multi: { type: 'string', short: 'M', value: 'FILE,SIZE', repeat: true, summary: 'make FILE of SIZE bytes' },
    from: {
      type: 'string',
      value: 'LIST',
      summary: "read files from LIST, '-' for standard input: lines of path, size and, if wanted, mode",
      details:
        'Fields are separated by blanks or tabs. A path with blanks, or one that begins with ", # or {, is written in double ' +
        'quotes, in which \\" and \\\\ stand for the character and \\xNN for a byte. A line that begins with { is a JSON object ' +
        'instead: {"path": "my file", "size": "64M", "mode": "0644"}. Empty lines and lines that begin with # are skipped; ' +
        'lines may end with CR and LF.',
    },
    from0: {
      type: 'string',
      value: 'LIST',
      summary: 'the same, but path, size and mode of each file end with NUL; an empty mode means that of -m',
    },
    mode: {
      type: 'mode',
      short: 'm',
      value: 'MODE',
      summary: 'permission bits, octal',
      details: 'The default is 0666; the umask applies.',
    },
    existOk: {
      type: 'boolean',
      summary: 'accept an existing file of the same size, and of the given mode and owner, if any',
      details: 'It keeps its layout; if that differs from the requested one, a warning says so.',
    },
    ...dryRunOption,
    ...fillOptions,
    randomize: {
      type: 'boolean',
      short: 'r',
      summary: 'the same as --seed alone, which it needs, for scripts for the reference tools',
    },
    ...threadOptions,
    ...nameOptions,
    ...ownerOptions,
    ...layoutOptions,
    ...deviceOptions,
  },
  absentOptions: ABSENT_BUCKETS,
  seeAlso: ['mkdir', 'cp', 'verify', 'showfmap', 'df'],
  changes: true,
  async run(context, paths, options): Promise<Result<CreatDocument>> {
    const content = contentOf(options);
    if (options.randomize && content?.from !== 'pattern')
      throw new UsageError('--randomize needs a seed', 'give --seed N; famfs verify --seed N then checks the files');
    const { size, multi, from, from0, mode, existOk = false, uid, gid, threads, dev, dryRun = false } = options;
    const askedOwner = askedOwnerOf(uid, gid);
    const owner = ownerOf(context, askedOwner);
    const layout = layoutOf(context, options);
    checkLayout(layout);
    if (threads !== undefined && content === undefined)
      throw new UsageError('--threads is for --seed and --zero', 'without these, no data is moved');
    if (paths.length > 0 && size === undefined)
      throw new UsageError('the size of the file is missing', 'give it with -s SIZE');
    if (paths.length === 0 && size !== undefined) throw new UsageError('-s needs a FILE', 'name at least one');
    if (from !== undefined && from === from0)
      throw new UsageError('--from and --from0 name the same LIST', 'use one of them');
    const listed = from === undefined ? [] : await readFileLines(context, from);
    const fields = from0 === undefined ? [] : await readFileFields(context, from0);
    const named = paths.map((path): ListedFile => ({ path, size: size ?? 0, mode: undefined }));
    const before = [...named, ...multi.map(splitMulti)];
    const others = before.length + fields.length;
    if (others + (Array.isArray(listed) ? listed : listed.sizes).length === 0)
      throw new UsageError('no file is named', 'name a FILE and give -s SIZE, or use --multi, --from or --from0');
    const requests = () => [...before, ...(Array.isArray(listed) ? listed : listedFiles(listed)), ...fields];
    const { umask } = context;
    const stored = (given: number | undefined) => (given ?? mode ?? DEFAULT_MODE) & ~umask;
    const failures = new Failures();
    const planOn = (target: PlanTarget) => {
      const plan = new CreationPlan(target, makeRandom(options.allocSeed), options.allowBytes);
      const planned = requests().map((file) => {
        const bits = stored(file.mode);
        const requested = { ...askedOwner, mode: (file.mode ?? mode) === undefined ? undefined : bits };
        return plan.addFile({ path: file.path, size: file.size, mode: bits, ...owner, requested }, layout, existOk);
      });
      warnOfKept(context, plan);
      warnOfUnaligned(context, plan);
      return { plan, planned };
    };
    if (dryRun) {
      const wouldBe = await planOnly(context, dev, (target) => {
        const { plan, planned } = planOn(target);
        const slots = new Map(plan.preview().map(({ path, slot }) => [path, slot as number]));
        return planned.map((file): CreatedFile => ({ ...file, slot: slots.get(file.entry.path) as number }));
      });
      return { data: { files: fileRows(wouldBe), failed: [], written: false }, text: () => wouldBeLines(wouldBe) };
    }
    const files = await withSession(context, dev, async (session): Promise<Created> => {
      if (!Array.isArray(listed) && others === 0 && content === undefined && !existOk) {
        const modes = Uint16Array.from(listed.modes, (given) => stored(given === NO_MODE ? undefined : given));
        const plan = new CreationPlan(session, makeRandom(options.allocSeed));
        const block = planBlock(session, plan, { ...listed, modes }, owner, layout);
        if (block !== undefined) return appendPlanned(context, session, block);
      }
      const { plan, planned } = planOn(session);
      if (content === undefined) plan.commit();
      else session.requireSlots(plan.length);
      const fill = content && { content, threads };
      const made = fill === undefined ? planned : await makeFilled(context, session, planned, fill, failures);
      const { namespace } = session.volume.replay;
      return made.map((file): CreatedFile => ({ ...file, slot: (namespace.get(file.entry.path) as Node).slot }));
    });
    failures.report(context);
    context.signal.throwIfAborted();
    return {
      data: { files: fileRows(files), failed: failures.files, written: true },
      text: () => createdLines(files),
      exitCode: failures.exitCode,
    };
  },
});

interface CreatedFile extends PlannedFile {
  /** slot of its log entry */
  readonly slot: number;
}

/** What was made: all of it, or what makes it when it is asked for. */
type Created = readonly CreatedFile[] | NewFiles;

/** Many files that are all new. */
interface NewFiles extends Iterable<CreatedFile> {
  readonly length: number;
}

/** Appends a block of new files. */
function appendPlanned(context: Context, session: WriteSession, planned: PlannedBlock): NewFiles {
  const { block } = planned;
  warnOfUnaligned(context, planned);
  const first = session.volume.replay.next;
  session.appendBlock(block);
  return {
    length: session.volume.replay.next - first,
    *[Symbol.iterator]() {
      for (const { entry, slot } of new EntryColumns(block).entries())
        if (entry.type === 'FILE') yield { entry, slot, isNew: true };
    },
  };
}

function* fileRows(files: Iterable<CreatedFile>): Generator<CreatedFileRow> {
  for (const { entry, slot, isNew } of files) yield createdFileRow(entry, slot, isNew);
}

function wouldBeLines(files: readonly CreatedFile[]): string[] {
  const made = files.filter(({ isNew }) => isNew);
  if (files.length > MAX_LISTED)
    return [`would make ${counted(made.length, 'file')}, ${files.length - made.length} exist`];
  return files.map(({ entry, isNew }) => (isNew ? `would make ${entry.path}` : `${entry.path} exists`));
}

function createdLines(files: Created): string[] {
  const made = Array.isArray(files) ? files.filter(({ isNew }) => isNew).length : files.length;
  if (files.length > MAX_LISTED) return [`${counted(made, 'file')} made, ${files.length - made} existed`];
  return Array.from(
    files,
    ({ entry, slot, isNew }) => `${entry.path}: ${isNew ? 'made' : 'existed'} (log entry ${slot})`,
  );
}
