import { type Break, breaksOf } from '../break.js';

/** Options that several commands share, and what they read. */
export const commandOptionsBreaks: readonly Break[] = [
  ...breaksOf('src/commands/options/absent.ts', [
    {
      from: 'short !== undefined && {',
      to: 'false && {',
      why: 'a short option of the reference is refused without a word on what to do',
      killer: 'scenarios/referenceWords',
      title: 'each word of the page',
    },
  ]),
  ...breaksOf('src/commands/options/attributes.ts', [
    {
      from: 'setAttributes(tree, paths, attributes, recursive)',
      to: 'setAttributes(tree, paths, attributes, true)',
      why: 'chmod of a directory changes all that is in it',
      killer: 'commands/chmod',
    },
  ]),
  ...breaksOf('src/commands/options/capacity.ts', [
    {
      from: 'group.count === 0 || group.least === 0',
      to: 'group.count < 0',
      why: 'plan-capacity counts on files of no size',
      killer: 'commands/planCapacity',
    },
  ]),
  ...breaksOf('src/commands/options/clearLeft.ts', [
    {
      from: '    return false;\n',
      to: '    return true;\n',
      why: 'a daxdev whose superblock could not be cleared is reported as cleared',
      killer: 'commands/daxdevRemove',
      title: 'a daxdev that goes away',
    },
  ]),
  ...breaksOf('src/commands/options/configKeys.ts', [
    {
      from: 'if (Object.hasOwn(REFERENCE_KEYS, given))',
      to: 'if (false)',
      why: 'config does not say which key stands for one of the reference',
      killer: 'commands/configGet',
      title: 'a key that is wrong',
    },
  ]),
  ...breaksOf('src/commands/options/deviceHint.ts', [
    {
      from: 'if (device === undefined) return error;',
      to: 'if (true) return error;',
      why: 'who names a device as a path is not told about --dev',
      killer: 'commands/ls',
    },
  ]),
  ...breaksOf('src/commands/options/kept.ts', [
    {
      from: 'if (kept.length > 0) context.warn(',
      to: 'if (kept.length > 1) context.warn(',
      why: 'creat --exist-ok accepts another layout without a word',
      killer: 'scenarios/idleOptions',
      title: 'what exists with another layout',
    },
  ]),
  ...breaksOf('src/commands/options/kernelForm.ts', [
    {
      from: 'stated === undefined || stated === size) return;',
      to: 'stated !== size) return;',
      why: 'fmap-decode takes a wrong size of the file',
      killer: 'commands/fmapDecode',
    },
  ]),
  ...breaksOf('src/commands/options/label.ts', [
    {
      from: 'if (fault === undefined) return;',
      to: 'if (true) return;',
      why: 'mkfs records a label that no --dev can name',
      killer: 'commands/mkfs',
      title: 'mkfs gives the file system a uuid',
    },
  ]),
  ...breaksOf('src/commands/options/messageInput.ts', [
    {
      from: 'context.signal.aborted || cause instanceof FamfsError',
      to: 'context.signal.aborted',
      why: 'a message that is too large is reported as one that cannot be read',
      killer: 'commands/fmapDecode',
      title: 'fmap decode takes',
    },
  ]),
  ...breaksOf('src/commands/options/numberArgument.ts', [
    {
      from: "named(name, () => parseValue({ type, summary: '' }, text) as number)",
      to: "parseValue({ type, summary: '' }, text) as number",
      why: 'a wrong argument is refused without its name',
      killer: 'commands/chmod',
      title: 'chmod sets',
    },
  ]),
  ...breaksOf('src/commands/options/owner.ts', [
    { from: 'uid: uid ?? context.uid', to: 'uid: context.uid', why: 'mkdir -u is ignored', killer: 'commands/mkdir' },
  ]),
  ...breaksOf('src/commands/options/planOnly.ts', [
    {
      from: 'log.capacity - replay.next',
      to: 'log.capacity',
      why: 'creat -n plans more files than the log takes',
      killer: 'commands/creat',
      title: 'a full log is refused',
    },
  ]),
  ...breaksOf('src/commands/options/rewrite.ts', [
    {
      from: 'if (!clientsUnmounted) throw clientsUnknown();',
      to: '',
      why: 'rm rewrites the log while other hosts use the file system',
      killer: 'commands/rm',
      title: 'rm needs the Master',
    },
    {
      from: 'plan.isOld ? undefined : await rewriteLog',
      to: 'await rewriteLog',
      why: 'a rewrite that changes nothing begins a new history of the log',
      killer: 'commands/mv',
      title: 'mv to the same name',
    },
  ]),
  ...breaksOf('src/commands/options/runs.ts', [
    {
      from: 'if (given !== undefined && given > 1)',
      to: 'if (false)',
      why: 'balance --runs does nothing without a word',
      killer: 'commands/balance',
    },
  ]),
  ...breaksOf('src/commands/options/steps.ts', [
    {
      from: 'for (const file of files(context)) step?.(',
      to: 'for (const file of []) step?.(',
      why: 'verbose does not name the files of configuration',
      killer: 'scenarios/verbose',
    },
  ]),
];
