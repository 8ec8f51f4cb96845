import { type Break, breaksOf } from '../break.js';

/** Breaks of src/fs/host and src/fs/finding that test/breaks/rows/fs.ts and host.ts lack. */
export const hostFilesBreaks: readonly Break[] = [
  ...breaksOf('src/fs/host/config.ts', [
    {
      from: "if (!required && (code === 'ENOENT' || code === 'ENOTDIR')) return undefined;",
      to: "if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;",
      why: 'FAMFS_CONFIG with a wrong path is ignored',
      killer: 'commands/configList',
      title: 'the file that FAMFS_CONFIG',
    },
    {
      from: 'parseTag(value) === undefined ? resolve(dirname(path), value) : value',
      to: 'value',
      why: 'a relative daxdev of a configuration file is looked for in the working directory',
      killer: 'scenarios/settings',
      title: 'several devices',
    },
  ]),
  ...breaksOf('src/fs/host/daxDevices.ts', [
    {
      from: "return driver === 'kmem' ? 'system-ram' : 'other';",
      to: "return 'other';",
      why: 'daxdev mode takes memory away that the kernel uses as RAM',
      killer: 'commands/daxdevMode',
      title: 'a device in use',
    },
  ]),
  ...breaksOf('src/fs/host/daxMappings.ts', [
    {
      from: 'number !== undefined && deviceNumberOf(join(folder, ',
      to: "number === '' && deviceNumberOf(join(folder, ",
      why: 'a process that has mapped a device by another node loses its memory',
      killer: 'commands/daxdevMode',
      title: 'a mapping by another node',
    },
  ]),
  ...breaksOf('src/fs/host/daxMode.ts', [
    {
      from: '    const left = await putBack(host, touched);\n',
      to: '    const left: string[] = [];\n',
      why: 'after a failure, devices are left without a driver',
      killer: 'commands/daxdevMode',
      title: 'if a device cannot be switched',
    },
    {
      from: '?? mappingRefusal(host, device);',
      to: ';',
      why: 'a device is taken away from a process that has it mapped',
      killer: 'commands/daxdevMode',
      title: 'a device that a process maps',
    },
    {
      from: "(mode === 'famfs' ? mounts[0] : undefined)",
      to: 'undefined',
      why: 'a secondary of a mounted pool is taken away from the kernel',
      killer: 'commands/daxdevMode',
      title: 'a device in use',
    },
  ]),
  ...breaksOf('src/fs/host/tag.ts', [
    {
      from: '(UUID|LABEL)=(.*)$/s',
      to: '(UUID|LABEL)=(.*)/s',
      why: 'none: a dot takes all characters here, so the end is always reached',
      killer: 'fs/pool/tags',
      equivalent: 'with the flag s the greedy pattern reaches the end by itself',
    },
  ]),
  ...breaksOf('src/fs/host/writeAll.ts', [
    {
      from: 'position + done);\n',
      to: 'position);\n',
      why: 'after a short write, the rest goes over what was written',
      killer: 'commands/dump',
      equivalent:
        'write(2) to a regular file takes fewer bytes only where the disk is full, and then the next write fails',
    },
  ]),
  ...breaksOf('src/fs/shadow/player.ts', [
    {
      from: 'isNew && !live)',
      to: '!live)',
      why: 'none that can be seen: an existing name is noticed when it is made',
      killer: 'scenarios/shadow',
      title: 'playing again',
      equivalent: 'createShadowFile makes no file whose name is taken; only readers of a half written file could tell',
    },
  ]),
  ...breaksOf('src/fs/host/host.ts', [
    {
      from: "if (root === undefined || root === '') return path;\n  requireUtf8(root);",
      to: "if (root === undefined || root === '') return path;",
      why: 'a system tree whose path is not UTF-8 is taken for another one',
      killer: 'fs/host/hostPath',
    },
  ]),
  ...breaksOf('src/fs/host/makeSystemUuid.ts', [
    {
      from: '    fsyncSync(fd);\n',
      to: '',
      why: 'after a power loss this host has another uuid, and is no Master of its file systems',
      killer: 'fs/host/systemUuid',
      title: 'the file and each directory',
    },
  ]),
  ...breaksOf('src/fs/host/setOwner.ts', [
    {
      from: "if (code === 'EPERM' || code === 'EINVAL') return false;",
      to: "if (code === 'EPERM') return false;",
      why: 'in a user namespace, copies of files with an unknown owner fail',
      killer: 'scenarios/userNamespace',
      title: 'an owner that cannot',
    },
  ]),
  ...breaksOf('src/fs/host/smallFile.ts', [
    {
      from: 'if (bytes.length > limit) throw',
      to: 'if (bytes.length > limit + 1) throw',
      why: 'of a file that is too long, the beginning is used',
      killer: 'fs/host/config',
      title: 'a file of more than',
    },
  ]),
  ...breaksOf('src/fs/host/syncNames.ts', [
    {
      from: '} while (folder.length > top.length);',
      to: '} while (folder.length < top.length);',
      why: 'a power loss takes folders that were made for the uuid of the host',
      killer: 'fs/host/systemUuid',
      title: 'the file and each directory',
    },
  ]),
  ...breaksOf('src/fs/host/temporaryName.ts', [
    {
      from: 'return `',
      to: "return '' + `/tmp`; `",
      why: 'files are made ready on another file system, and cannot be renamed to their names',
      killer: 'commands/dump',
      title: 'the image goes to a file',
    },
  ]),
  ...breaksOf('src/fs/host/systemUuid.ts', [
    {
      from: 'isUuid(uuid) && uuid !== NIL_UUID && ',
      to: 'isUuid(uuid) && ',
      why: 'hosts whose uuid file was zeroed are all the Master of one file system',
      killer: 'fs/host/systemUuid',
    },
  ]),
  ...breaksOf('src/fs/host/unmappedOwner.ts', [
    {
      from: 'return isMapped ? undefined : overflow;',
      to: 'return undefined;',
      why: 'in a user namespace, files of unknown owners become those of nobody',
      killer: 'scenarios/userNamespace',
      title: 'a source of an unknown owner',
    },
  ]),
  ...breaksOf('src/fs/host/users.ts', [
    {
      from: 'return id <= MAX_ID ? id : undefined;',
      to: 'return id;',
      why: 'a uid that means nobody, or does not fit, goes into the log',
      killer: 'commands/creat',
      title: 'owners are given by number',
    },
    {
      from: '[...ids].filter((id) => !names.has(id)),',
      to: '[...ids],',
      why: 'each ls -l starts getent, which takes longer than the listing',
      killer: 'fs/host/users',
      title: 'what the files have',
    },
  ]),
  ...breaksOf('src/fs/shadow/applied.ts', [
    {
      from: 'if (applied === slot) visit(entry, slot);',
      to: 'visit(entry, slot);',
      why: 'entries that replay skips are played into the shadow tree, over sound ones',
      killer: 'scenarios/shadow',
      title: 'entries with paths outside',
    },
  ]),
  ...breaksOf('src/fs/shadow/check.ts', [
    {
      from: "if (!this.#expected.has(path)) this.#add(path, 'EXTRA', 'not in the log');",
      to: '',
      why: 'logplay --check is silent about files that a mount would show beside the log',
      killer: 'scenarios/shadow',
      title: '--check names',
    },
  ]),
  ...breaksOf('src/fs/shadow/compare.ts', [
    {
      from: '    if (fmapText(facts.fmap) !== fmapText(expected.fmap))\n',
      to: '    if (facts.fmap.extents.length !== expected.fmap.extents.length)\n',
      why: 'a file of a shadow tree whose map leads to another file is left alone',
      killer: 'scenarios/shadow',
      title: '--check names',
    },
  ]),
  ...breaksOf('src/fs/shadow/attributes.ts', [
    {
      from: 'found[key] !== expected[key] && expected[key] !== NO_OWNER',
      to: 'found[key] !== expected[key]',
      why: 'logplay --check never finds a tree right whose log has an owner that nobody can be',
      killer: 'scenarios/shadow',
      title: 'an owner that nobody',
    },
    {
      from: 'stats.mode & MODE_BITS',
      to: 'stats.mode & 0o777',
      why: 'logplay plays directories with special bits again and again',
      killer: 'scenarios/shadow',
      title: 'an owner that nobody',
    },
  ]),
  ...breaksOf('src/fs/shadow/facts.ts', [
    {
      from: 'return client ? { ...entry, mode: entry.mode & ~WRITE_BITS } : entry;',
      to: 'return entry;',
      why: 'files of a tree that was played with --client can be written to',
      killer: 'scenarios/shadow',
      title: '--client masks',
    },
  ]),
  ...breaksOf('src/fs/shadow/files.ts', [
    {
      from: 'constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK',
      to: 'constants.O_RDONLY | constants.O_NONBLOCK',
      why: 'a planted link makes a file outside count as part of the tree',
      killer: 'scenarios/shadow',
      title: 'a link in place of a file',
    },
  ]),
  ...breaksOf('src/fs/shadow/mirror.ts', [
    {
      from: '      player.playMore([entry]);\n',
      to: '',
      why: 'a mount does not show files that are made through it',
      killer: 'scenarios/mounted',
      title: 'a file that is made through a mount',
    },
  ]),
];
