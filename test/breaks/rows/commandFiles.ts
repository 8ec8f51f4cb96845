import { type Break, breaksOf } from '../break.js';

/** Commands, completion, pictures and what they report of a transfer. */
export const commandFilesBreaks: readonly Break[] = [
  ...breaksOf('src/commands/cat.ts', [
    {
      from: 'writeToOutput(context, paths,',
      to: 'writeToOutput(context, paths.slice(1),',
      why: 'cat leaves out the first file',
      killer: 'commands/cat',
    },
  ]),
  ...breaksOf('src/commands/completing/daxdevs.ts', [
    {
      from: 'return daxNodes(host);',
      to: 'return [];',
      why: 'no daxdev is offered where one is asked for',
      killer: 'scenarios/completing',
      title: 'daxdevs, images',
    },
  ]),
  ...breaksOf('src/commands/completing/hostFiles.ts', [
    {
      from: 'if (!entry.isSymbolicLink()) return entry.isDirectory();',
      to: 'if (!entry.isSymbolicLink()) return false;',
      why: 'completion ends a folder with a blank, and its files cannot be reached',
      killer: 'scenarios/completing',
      title: 'what is copied',
    },
  ]),
  ...breaksOf('src/commands/completing/pathsInside.ts', [
    {
      from: "isFolder: kind === 'directory'",
      to: 'isFolder: false',
      why: 'completion ends a directory of the file system with a blank',
      killer: 'scenarios/completing',
      title: 'operands become',
    },
  ]),
  ...breaksOf('src/commands/configGet.ts', [
    {
      from: 'settings.findLast(',
      to: 'settings.find(',
      why: 'config get prints a value that another place overrides',
      killer: 'commands/configGet',
    },
  ]),
  ...breaksOf('src/commands/dump.ts', [
    {
      from: 'if (toStdout && context.terminal)',
      to: 'if (false)',
      why: 'a metadata image is poured onto the terminal',
      killer: 'commands/dump',
      title: 'the image goes',
    },
  ]),
  ...breaksOf('src/commands/export.ts', [
    {
      from: 'manifestLines(data)',
      to: '[]',
      why: 'export prints nothing',
      killer: 'commands/export',
      title: 'a file of several',
    },
  ]),
  ...breaksOf('src/commands/fmapDecode.ts', [
    {
      from: 'message.toMap(options.size)',
      to: 'message.toMap(undefined)',
      why: 'fmap decode --size does nothing',
      killer: 'commands/fmapDecode',
      title: 'maps of all',
    },
  ]),
  ...breaksOf('src/commands/get.ts', [
    {
      from: 'args.slice(0, -1)',
      to: 'args',
      why: 'get looks for its destination in the file system, too',
      killer: 'commands/get',
      title: 'a link that is named',
    },
  ]),
  ...breaksOf('src/commands/logList.ts', [
    {
      from: '[...devices, ...dev], from)',
      to: '[...devices, ...dev], 0)',
      why: 'log list --from is ignored',
      killer: 'commands/logList',
    },
  ]),
  ...breaksOf('src/commands/map.ts', [
    {
      from: 'file?.fmap.extents ?? []',
      to: '[]',
      why: 'map --file does not mark the file',
      killer: 'commands/map',
      title: 'map --file',
    },
  ]),
  ...breaksOf('src/commands/picture/poison.ts', [
    {
      from: "ranges.length === 0 ? ': no poison' : ''",
      to: "''",
      why: 'map --check-poison does not say that all is well',
      killer: 'fs/usage/poison',
      title: 'map without',
    },
  ]),
  ...breaksOf('src/commands/picture/sketches.ts', [
    {
      from: 'pictureTarget(context, volume, path, force)',
      to: 'pictureTarget(context, volume, path, true)',
      why: 'map --svg overwrites a file without --force',
      killer: 'commands/map',
      title: 'map replaces',
    },
  ]),
  ...breaksOf('src/commands/transfer/failures.ts', [
    {
      from: 'return this.#errors.length > 0 ? 1 : 0;',
      to: 'return 0;',
      why: 'cp ends with 0 although a file was not copied',
      killer: 'commands/get',
      title: 'missing files',
    },
  ]),
  ...breaksOf('src/commands/transfer/output.ts', [
    {
      from: 'return exitCode;',
      to: 'return 0;',
      why: 'cat ends with 0 although a file is missing',
      killer: 'commands/cat',
      title: 'cat succeeds',
    },
  ]),
  ...breaksOf('src/picture/colour.ts', [
    {
      from: 'STEPS[file % STEPS.length]',
      to: 'STEPS[file]',
      why: 'the ninth file of a directory has no colour',
      killer: 'picture/colour',
    },
  ]),
  ...breaksOf('src/picture/directories.ts', [
    {
      from: 'directory.bytes += allocated[file] as number;',
      to: '',
      why: 'a map does not rank directories by size',
      killer: 'picture/colour',
    },
  ]),
  ...breaksOf('src/picture/isolated.ts', [
    {
      from: `\`\\u2068\${text}\\u2069\``,
      to: 'text',
      why: 'a name turns round the text after it in a picture',
      killer: 'picture/colour',
    },
  ]),
];
