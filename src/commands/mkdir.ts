import { CreationPlan, type PlanTarget } from '../fs/allocate/creationPlan.js';
import { defineCommand, type Result } from '../ui/command.js';
import { deviceOptions, withSession } from './options/device.js';
import { dryRunOption } from './options/dryRun.js';
import { warnOfKept } from './options/kept.js';
import { nameOptions } from './options/names.js';
import { askedOwnerOf, ownerOf, ownerOptions } from './options/owner.js';
import { parentModeOf } from './options/parentMode.js';
import { planOnly } from './options/planOnly.js';
import type { CreationRow } from './output/creation.js';

const DEFAULT_MODE = 0o777;

export interface MkdirDocument {
  /** in the order of the request, with the parents that -p made */
  readonly directories: readonly CreationRow[];
  /** false with --dry-run; slots are those that the entries would get */
  readonly written: boolean;
}

export const command = defineCommand({
  name: 'mkdir',
  group: 'Make and fill',
  summary: 'make directories',
  details: [
    'Appends one log entry for each directory. All paths are checked first: either all directories are made, or ' +
      'none. The umask applies to any mode, given or default.',
  ],
  examples: [
    { command: 'famfs mkdir -p data/models', explains: 'make data/models, and data if it is missing' },
    { command: 'famfs mkdir -m 700 -u 1000 -g 1000 private', explains: 'with mode and owner' },
  ],
  args: [{ name: 'DIR', summary: 'path in the file system', completes: 'path', required: true, repeat: true }],
  options: {
    parents: {
      type: 'boolean',
      short: 'p',
      summary: 'make missing parents, and accept existing directories unchanged',
    },
    mode: {
      type: 'mode',
      short: 'm',
      value: 'MODE',
      summary: 'permission bits, octal',
      details: 'The default is 0777; the umask applies.',
    },
    ...dryRunOption,
    ...nameOptions,
    ...ownerOptions,
    ...deviceOptions,
  },
  seeAlso: ['creat', 'ls'],
  changes: true,
  async run(context, paths, options): Promise<Result<MkdirDocument>> {
    const { parents = false, mode, uid, gid, dev, allowBytes, dryRun = false } = options;
    const askedOwner = askedOwnerOf(uid, gid);
    const owner = ownerOf(context, askedOwner);
    const { umask } = context;
    const bits = (mode ?? DEFAULT_MODE) & ~umask;
    const requested = { ...askedOwner, mode: mode === undefined ? undefined : bits };
    const parentMode = parentModeOf(umask);
    const planOn = (target: PlanTarget) => {
      const plan = new CreationPlan(target, undefined, allowBytes);
      for (const path of paths) plan.addDirectory({ path, mode: bits, ...owner, requested }, parents, parentMode);
      warnOfKept(context, plan);
      return plan;
    };
    const directories = dryRun
      ? await planOnly(context, dev, (target) => planOn(target).preview())
      : await withSession(context, dev, (session) => planOn(session).commit());
    const lines = dryRun ? directories.filter(({ created }) => created).map(({ path }) => `would make ${path}`) : [];
    return { data: { directories, written: !dryRun }, text: () => lines };
  },
});
