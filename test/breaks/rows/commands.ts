import { type Break, breaksOf } from '../break.js';

export const commandsBreaks: readonly Break[] = [
  ...breaksOf('src/commands/daxdevAdd.ts', [
    {
      from: 'dryRun ? await planOnly(context, dev, add) : await withSession(context, dev, add)',
      to: 'await withSession(context, dev, add)',
      why: 'daxdev add -n completes an append that was cut off',
      killer: 'scenarios/dryRuns',
    },
  ]),
  ...breaksOf('src/commands/options/plainLines.ts', [
    {
      from: 'size *= factor;',
      to: '',
      why: 'units of sizes in a list do not count',
      killer: 'scenarios/fileLists',
      title: 'plain lines mean the same as they do among others',
    },
    {
      from: 'if (at > modeStart && (modeStart === afterSize || mode > MOST_MODE)) return -1;',
      to: 'if (at > modeStart && modeStart === afterSize) return -1;',
      why: 'a mode above 7777 in a list is stored',
      killer: 'scenarios/fileLists',
      title: 'plain lines mean the same as they do among others',
    },
  ]),
  ...breaksOf('src/fs/allocate/planBlock.ts', [
    {
      from: 'if (!arePlain(files) || !replay.namespace.canAddFiles(unproven.paths, unproven.pathEnds)) return undefined;',
      to: 'if (!arePlain(files)) return undefined;',
      why: 'a list names a file twice, and both get entries',
      killer: 'scenarios/fileLists',
      title: 'a list with one file that cannot be made makes none, whichever it is',
    },
  ]),
  ...breaksOf('src/fs/log/blockBuilder.ts', [
    {
      from: "fmap.layout === 'interleaved' ? fmap.chunkSize : 0;",
      to: '0;',
      why: 'striped files of a list become simple ones',
      killer: 'scenarios/fileLists',
      title: 'a list of plain lines makes what the same files one by one make',
    },
    {
      from: '= slot++',
      to: '= first',
      why: 'creat says that all files of a list have the same log entry',
      killer: 'scenarios/fileLists',
    },
    {
      from: 'longer.set(this.#extents);',
      to: '',
      why: 'striped files of a list get the space of nobody knows whom',
      killer: 'scenarios/fileLists',
    },
  ]),
  ...breaksOf('src/fs/transfer/fillFiles.ts', [
    {
      from: '    filled = [];\n    results.push(await settle',
      to: '    results.push(await settle',
      why: 'cp -r appends the files before one that failed twice',
      killer: 'fs/transfer/transfer',
    },
  ]),
  ...breaksOf('src/commands/completing/complete.ts', [
    {
      from: ' && isWord(word)',
      to: '',
      why: 'a name with control characters is offered for completion',
      killer: 'scenarios/completing',
    },
  ]),
  ...breaksOf('src/commands/completing/words.ts', [
    {
      from: "folder === '' && name.startsWith('-') ? './' : folder",
      to: 'folder',
      why: 'a name that begins with a dash is completed as an option',
      killer: 'scenarios/completing',
    },
  ]),
  ...breaksOf('src/ui/wantedWord.ts', [
    {
      from: '...devOf(leading.spelled), ...devOf(spelled)',
      to: '...devOf(leading.spelled)',
      why: 'completion looks into another file system than the one that --dev names after the command',
      killer: 'scenarios/completing',
    },
  ]),
  ...breaksOf('src/fs/host/step.ts', [
    {
      from: 'resident += Number(kib) * 1024;',
      to: 'return { resident: null, huge: null };',
      why: 'verbose does not say how much of a daxdev was mapped',
      killer: 'scenarios/verbose',
    },
  ]),
  ...breaksOf('src/commands/verify.ts', [
    {
      from: 'const comma = text.lastIndexOf(',
      to: 'const comma = text.indexOf(',
      why: 'verify --multi cuts a path with a comma',
      killer: 'scenarios/referenceWords',
    },
  ]),
  ...breaksOf('src/fs/host/configEdit.ts', [
    {
      from: 'fchmodSync(fd, old === undefined ? 0o666 & ~umask : old.mode & 0o7777);',
      to: 'fchmodSync(fd, 0o666 & ~umask);',
      why: 'config set changes the mode of the file',
      killer: 'commands/configSet',
    },
    {
      from: "return names.find(([name]) => has(name.split('.')))?.[0] ?? key;",
      to: 'return key;',
      why: 'config set gives a file for the reference two names of one key',
      killer: 'commands/configSet',
    },
  ]),
  ...breaksOf('src/fs/host/configYaml.ts', [
    {
      from: 'if (seen.has(name)) this.#refuse(',
      to: 'if (false) this.#refuse(',
      why: 'a repeated key of the configuration goes unnoticed',
      killer: 'fs/host/configYaml',
    },
  ]),
  ...breaksOf('src/commands/logplay.ts', [
    {
      from: 'if (options.dryRun) return',
      to: 'if (!options.dryRun) return',
      why: 'logplay -n --shadow writes the tree',
      killer: 'scenarios/dryRuns',
    },
  ]),
  ...breaksOf('src/fs/transfer/previewOut.ts', [
    {
      from: "if (exists) requireFree('file', path, path, this.images);",
      to: '',
      why: 'get -n does not see what is in the way',
      killer: 'scenarios/dryRuns',
    },
  ]),
  ...breaksOf('src/commands/mkdir.ts', [
    {
      from: '(mode ?? DEFAULT_MODE) & ~umask',
      to: '(mode ?? DEFAULT_MODE)',
      why: 'mkdir ignores the umask',
      killer: 'commands/mkdir',
    },
  ]),
  ...breaksOf('src/commands/options/parentMode.ts', [
    {
      from: '(0o777 & ~umask) | OWNER_WRITE_SEARCH',
      to: '0o777',
      why: 'parents of mkdir -p ignore the umask',
      killer: 'commands/mkdir',
    },
  ]),
  ...breaksOf('src/commands/creat.ts', [
    {
      from: '(given ?? mode ?? DEFAULT_MODE) & ~umask',
      to: 'given ?? (mode ?? DEFAULT_MODE) & ~umask',
      why: 'modes of --from ignore the umask',
      killer: 'commands/creat',
      title: 'the umask applies',
    },
    {
      from: 'mode: (file.mode ?? mode) === undefined ? undefined : bits',
      to: 'mode: undefined',
      why: '--exist-ok accepts a file with another mode than was given',
      killer: 'scenarios/idleOptions',
    },
  ]),
  ...breaksOf('src/commands/options/layout.ts', [
    {
      from: 'requested: { stripes: requested, chunkSize: chunk }',
      to: 'requested: {}',
      why: 'a chunk without strips is ignored',
      killer: 'scenarios/idleOptions',
    },
  ]),
  ...breaksOf('src/commands/logplay.ts', [
    {
      from: 'more.filter(({ slot }) => slot >= from)',
      to: 'more',
      why: '--follow --from prints entries before the slot',
      killer: 'scenarios/follow',
      title: 'with a slot that is not yet',
    },
  ]),
  ...breaksOf('src/commands/manifest/rewriteNodes.ts', [
    {
      from: '  if (!clientsUnmounted) throw clientsUnknown();\n',
      to: '',
      why: 'apply rewrites the log while other hosts use the file system',
      killer: 'scenarios/onConflict',
    },
    {
      from: '  refuseInUse(volume);\n',
      to: '',
      why: 'apply makes half of a manifest before it refuses the rest',
      killer: 'scenarios/onConflict',
    },
  ]),
  ...breaksOf('src/commands/manifest/applyManifest.ts', [
    {
      from: '!unfilled.has(entry.path)',
      to: 'entry.path.length > 0',
      why: 'a file whose source cannot be read is replaced by garbage',
      killer: 'scenarios/onConflict',
    },
  ]),
  ...breaksOf('src/commands/manifest/quickYaml.ts', [
    {
      from: 'construct: (source: string) => plainScalar(source),',
      to: 'construct: (source: string) => source,',
      why: 'a number in plain YAML is refused as text',
      killer: 'commands/plan',
    },
  ]),
  ...breaksOf('src/commands/manifest/prepare.ts', [
    {
      from: 'hint: error.hint ?? ANY_HINT }',
      to: '}',
      why: 'a missing source is reported without a remedy',
      killer: 'scenarios/manifestTexts',
    },
  ]),
  ...breaksOf('src/commands/manifest/glob.ts', [
    {
      from: 'if (isLink && !this.dereference)',
      to: 'if (isLink && this.pattern.length < 0)',
      why: 'a manifest copies files from outside of the folder that it names',
      killer: 'scenarios/manifestSources',
    },
    {
      from: 'if (above.includes(identity) || above.length > DEEPEST)',
      to: 'if (above.length > 1e6)',
      why: 'a link that leads back makes plan run without end',
      killer: 'scenarios/manifestSources',
    },
  ]),
  ...breaksOf('src/fs/declared/conflicts.ts', [
    {
      from: "policy === 'replace' && isFileForFile",
      to: "policy === 'replace'",
      why: 'a directory is replaced by a file',
      killer: 'scenarios/onConflict',
    },
  ]),
  ...breaksOf('src/fs/mkfs/unfinished.ts', [
    {
      from: '  if (hasEmptyLog || at(poolLabelStruct',
      to: '  if (at(poolLabelStruct',
      why: 'apply refuses what it has left itself when it was killed',
      killer: 'commands/apply',
    },
  ]),
  ...breaksOf('src/fs/pool/fileBlock.ts', [
    {
      from: '      places = [];\n      yield slot;',
      to: '      places = [];',
      why: 'listings lack the files whose entries have faults',
      killer: 'commands/showfmap',
    },
  ]),
  ...breaksOf('src/commands/output/manyMaps.ts', [
    {
      from: 'if (!isPlainScalar(path)) return undefined;',
      to: 'if (!isPlainScalar(path) && path.length > 79) return undefined;',
      why: 'YAML of many files has names without the quotes that they need',
      killer: 'commands/showfmap',
    },
  ]),
];
