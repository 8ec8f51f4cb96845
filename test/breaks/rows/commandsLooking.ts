import { type Break, breaksOf } from '../break.js';

/** What only looks. */
export const commandsLookingBreaks: readonly Break[] = [
  ...breaksOf('src/commands/configList.ts', [
    {
      from: 'i === places.length - 1',
      to: 'i === 0',
      why: 'config list shows the value that is overridden as in force',
      killer: 'commands/configList',
      title: 'later sources override',
    },
  ]),
  ...breaksOf('src/commands/configMigrate.ts', [
    {
      from: '    keepCopy(backup, old.text);\n',
      to: '',
      why: 'config migrate keeps no copy of the old file',
      killer: 'commands/configMigrate',
      title: 'an old file is read',
    },
  ]),
  ...breaksOf('src/commands/configPath.ts', [
    {
      from: "state: 'unreadable'",
      to: "state: 'there'",
      why: 'config path shows a wrong file as sound',
      killer: 'commands/configPath',
    },
  ]),
  ...breaksOf('src/commands/configSet.ts', [
    {
      from: "if (second !== undefined && key !== 'devices.dev')",
      to: 'if (false)',
      why: 'config set ignores a second value',
      killer: 'commands/configSet',
    },
    {
      from: 'if (!dryRun) await warnIfOverridden(context, key, path);',
      to: '',
      why: 'config set succeeds without effect and without a word',
      killer: 'commands/configSet',
      title: 'a value that another place',
    },
  ]),
  ...breaksOf('src/commands/daxdevList.ts', [
    {
      from: "if (format !== 'table' && human)",
      to: 'if (false)',
      why: 'daxdev list -h does nothing without a word',
      killer: 'scenarios/idleOptions',
    },
  ]),
  ...breaksOf('src/commands/daxdevResolve.ts', [
    {
      from: 'if (!isUuidPrefix(uuid))',
      to: 'if (false)',
      why: 'daxdev resolve says that a path is a uuid that is missing',
      killer: 'commands/daxdevResolve',
    },
  ]),
  ...breaksOf('src/commands/df.ts', [
    {
      from: 'Math.max(allocated - fileBytes, 0)',
      to: 'allocated',
      why: 'df shows all used space as slack',
      killer: 'commands/df',
      title: 'df shows the slots',
    },
    {
      from: 'const used = Math.min(replay.next, log.capacity);\n',
      to: 'const used = replay.next + 1;\n',
      why: 'df -i shows a slot too many',
      killer: 'commands/df',
      title: 'df shows the slots',
    },
  ]),
  ...breaksOf('src/commands/du.ts', [
    {
      from: 'summarize ? [node] : bottomUp(tree, node)',
      to: 'bottomUp(tree, node)',
      why: 'du -s lists the directories below',
      killer: 'commands/du',
    },
  ]),
  ...breaksOf('src/commands/flush.ts', [
    {
      from: 'const result = dryRun\n',
      to: 'const result = !dryRun\n',
      why: 'flush writes nothing back',
      killer: 'commands/flush',
    },
  ]),
  ...breaksOf('src/commands/fmapCheck.ts', [
    {
      from: 'exitCode: accepted && !dangerous ? 0 : 1',
      to: 'exitCode: accepted ? 0 : 1',
      why: 'a map that crashes the kernel passes fmap check',
      killer: 'commands/fmapCheck',
      title: 'a map that a kernel accepts',
    },
    {
      from: 'size: sizes[i], present: true',
      to: 'size: sizes[0], present: true',
      why: 'maps are judged by the size of the first daxdev',
      killer: 'commands/fmapCheck',
    },
  ]),
  ...breaksOf('src/commands/help.ts', [
    {
      from: 'count !== undefined && count < args.length',
      to: 'false',
      why: 'help of a command ignores further words',
      killer: 'commands/help',
    },
  ]),
  ...breaksOf('src/commands/index.ts', [
    {
      from: "links: ['mkfs', 'fsck', 'mount'],",
      to: "links: ['mkfs', 'fsck'],",
      why: 'mount -t famfs finds no program',
      killer: 'meta/commands',
      title: 'the links are those',
    },
  ]),
  ...breaksOf('src/commands/info.ts', [
    {
      from: 'bytesUsed: slotOffset(replay.next)',
      to: 'bytesUsed: slotOffset(replay.next + 1)',
      why: 'info shows a wrong end of the log',
      killer: 'commands/info',
    },
  ]),
  ...breaksOf('src/commands/inspect.ts', [
    {
      from: 'bytes.every((byte) => byte === 0)',
      to: 'bytes[0] === 0',
      why: 'inspect calls a damaged record empty',
      killer: 'commands/inspect',
    },
    {
      from: 'return stored === BigInt(computed);',
      to: 'return true;',
      why: 'inspect shows a wrong checksum as right',
      killer: 'commands/inspect',
      title: 'damage is shown',
    },
  ]),
  ...breaksOf('src/commands/list.ts', [
    {
      from: "isKnown ? listed.filter(({ state }) => state === 'present') : daxdevs",
      to: 'daxdevs',
      why: 'list counts missing daxdevs as found',
      killer: 'commands/list',
    },
  ]),
  ...breaksOf('src/commands/logDiff.ts', [
    {
      from: 'if (from > to) throw',
      to: 'if (false) throw',
      why: 'log diff of points in the wrong order shows nothing without a word',
      killer: 'commands/logDiff',
    },
  ]),
  ...breaksOf('src/commands/ls.ts', [
    {
      from: 'exitCode: failures.exitCode',
      to: 'exitCode: 0',
      why: 'ls of a missing path ends with 0',
      killer: 'commands/ls',
      title: 'ls lists what there is',
    },
  ]),
  ...breaksOf('src/commands/plan.ts', [
    {
      from: 'objections.length > 0 ? 1 : changesAnything',
      to: 'changesAnything',
      why: 'plan with conflicts ends with 2, as if apply would work',
      killer: 'commands/plan',
    },
    {
      from: 'for (const error of (await badManifest(objections, manifest)).errors) context.failed(error);',
      to: '',
      why: 'plan does not say what conflicts',
      killer: 'commands/plan',
    },
  ]),
  ...breaksOf('src/commands/planCapacity.ts', [
    {
      from: 'if (countOf(files) > MOST_FILES)',
      to: 'if (false)',
      why: 'plan-capacity runs for hours',
      killer: 'commands/planCapacity',
      title: 'plan-capacity refuses',
    },
  ]),
  ...breaksOf('src/commands/probe.ts', [
    {
      from: 'exitCode: probed === null ? 2 : 0',
      to: 'exitCode: 0',
      why: 'probe ends with 0 where there is no famfs',
      killer: 'commands/probe',
      title: 'probe says what',
    },
    {
      from: 'ID_FS_LABEL_ENC: encoded',
      to: 'ID_FS_LABEL_ENC: label',
      why: 'a label with a newline sets other keys of udev',
      killer: 'commands/probe',
    },
  ]),
  ...breaksOf('src/commands/resolve.ts', [
    {
      from: 'offset < size && length <= size - offset',
      to: 'offset < size',
      why: 'resolve shows places beyond the end of the file',
      killer: 'commands/resolve',
    },
    {
      from: 'if (size % granularity !== 0)',
      to: 'if (false)',
      why: 'resolve plans a window of broken granules',
      killer: 'commands/resolve',
    },
  ]),
  ...breaksOf('src/commands/showfmap.ts', [
    {
      from: 'refuse(raw && context.terminal,',
      to: 'refuse(false,',
      why: 'showfmap --raw writes bytes to the terminal',
      killer: 'commands/showfmap',
      title: '--raw is refused',
    },
    {
      from: 'if (message === undefined || message.length === 0) throw unfit(message);',
      to: '',
      why: 'showfmap --raw of a map that does not fit writes nothing and ends with 0',
      killer: 'commands/showfmap',
    },
  ]),
  ...breaksOf('src/commands/stat.ts', [
    {
      from: 'allocated, slack, extents }: FmapRow',
      to: 'allocated, allocated: slack, extents }: FmapRow',
      why: 'stat says that a file wastes all of its space',
      killer: 'commands/stat',
    },
    {
      from: "slot === null ? 'by mkfs'",
      to: "slot === undefined ? 'by mkfs'",
      why: 'stat says that the root was made by log entry null',
      killer: 'commands/stat',
    },
    {
      from: "node.kind === 'file' ? { ...row, ...fmapRow(volume.fileEntry(node)) } : row",
      to: 'row',
      why: 'stat of a file lacks its map',
      killer: 'commands/stat',
    },
  ]),
  ...breaksOf('src/commands/whois.ts', [
    {
      from: 'slot, fileOffset, size, inSlack: slack, applied',
      to: 'slot, fileOffset, size, inSlack: false, applied',
      why: 'whois blames a file for bytes after its end',
      killer: 'commands/whois',
    },
  ]),
  ...breaksOf('src/commands/completion.ts', [
    {
      from: 'if (!isShell(shell)) throw',
      to: 'if (false) throw',
      why: 'completion of an unknown shell prints the script of another',
      killer: 'commands/completion',
    },
  ]),
  ...breaksOf('src/commands/fsck.ts', [
    {
      from: 'clean: exitCode === 0,',
      to: 'clean: exitCode < 8,',
      why: 'the JSON of fsck says that damaged file systems are clean',
      killer: 'commands/fsck',
      title: 'the exit codes of several',
    },
  ]),
  ...breaksOf('src/commands/output/fsckReport.ts', [
    {
      from: 'clean: errors === 0,',
      to: 'clean: true,',
      why: 'the JSON of fsck says that a damaged file system is clean',
      killer: 'commands/fsck',
      title: 'the exit codes of several',
    },
  ]),
];
