import { type Break, breaksOf } from '../break.js';

export const fsBreaks: readonly Break[] = [
  ...breaksOf('src/fs/host/configBackup.ts', [
    {
      from: 'if (!stats.isFile() || stats.size > bytes.length) return false;',
      to: 'return stats.isFile();',
      why: 'config migrate writes over a copy that the user has kept',
      killer: 'commands/configMigrate',
    },
    {
      from: 'return there.equals(bytes.subarray(0, there.length));',
      to: 'return there.equals(bytes);',
      why: 'after a kill, config migrate refuses the copy that it left',
      killer: 'commands/configMigrate',
    },
  ]),
  ...breaksOf('src/fs/transfer/wholeFile.ts', [
    {
      from: '  if (dryRun) {\n    requireWritable(Buffer.from(dirname(path)));\n    return bytes.length;\n  }\n',
      to: '',
      why: 'map -n writes the picture',
      killer: 'commands/map',
      title: 'map replaces a picture only with --force',
    },
  ]),
  ...breaksOf('src/fs/transfer/fileMap.ts', [
    {
      from: '      yield batch;\n      batch = [];',
      to: '      yield batch.slice(0, -1);\n      batch = [];',
      why: 'the last segment of each full batch is dropped: files over 16 GiB lose 2 MiB each time',
      killer: 'fs/transfer/fileMap',
    },
    {
      from: 'if (batch.length > 0) yield batch;',
      to: 'if (batch.length > 1) yield batch;',
      why: 'a last batch of one segment is dropped',
      killer: 'fs/transfer/fileMap',
    },
    {
      from: 'if (inside && equal && covered >= this.size) return;',
      to: 'if (inside && equal) return;',
      why: 'a map that does not cover its file is used',
      killer: 'fs/transfer/fileMap',
    },
    {
      from: 'if (inside && equal && covered >= this.size) return;',
      to: 'if (equal && covered >= this.size) return;',
      why: 'a map that leaves its daxdevs is used',
      killer: 'fs/transfer/fileMap',
    },
    {
      from: 'if (inside && equal && covered >= this.size) return;',
      to: 'if (inside && covered >= this.size) return;',
      why: 'strips of different lengths are used as if they were equal',
      killer: 'fs/transfer/fileMap',
    },
  ]),
  ...breaksOf('src/fs/transfer/fillSmallFiles.ts', [
    {
      from: 'entry.fmap.extents.length === 1 &&',
      to: 'true &&',
      why: 'a small file of several strips is copied as if all its bytes were in the first',
      killer: 'fs/transfer/fillSmallFiles',
    },
  ]),
  ...breaksOf('src/fs/transfer/fillFiles.ts', [
    {
      from: 'return fillFile(session, plan, control);',
      to: 'return { plan, state: unfinished, error: undefined };',
      why: 'a small file that cannot be copied is left out without a word',
      killer: 'fs/transfer/transfer',
      title: 'small files that are copied together fail one by one',
    },
  ]),
  ...breaksOf('src/fs/transfer/content.ts', [
    {
      from: 'return !(await transferFile(map, comparison, control)).cancelled;',
      to: 'return transferFile(map, comparison, control).then(() => true, () => true);',
      why: 'the result of cp --verify is ignored',
      killer: 'fs/transfer/transfer',
    },
    {
      from: 'requireUnchanged(source.local, fd, source);',
      to: '',
      why: 'a source that changes while it is read is copied as a mixture',
      killer: 'fs/transfer/transfer',
    },
    {
      from: 'if (bytes < map.size)',
      to: 'if (bytes === 0)',
      why: 'a stream that ends early makes a file',
      killer: 'scenarios/streams',
      title: 'a stream that is too short',
    },
    {
      from: 'if (more && !endless)',
      to: 'if (more && endless)',
      why: 'a stream that is too long is cut without a word',
      killer: 'scenarios/streams',
      title: 'a stream that is too short',
    },
  ]),
  ...breaksOf('src/fs/transfer/copyOut.ts', [
    {
      from: 'if (verify && (await',
      to: 'if (!verify && (await',
      why: 'get --verify does not verify',
      killer: 'fs/transfer/copyOut',
    },
  ]),
  ...breaksOf('src/fs/transfer/planIn.ts', [
    {
      from: 'node.size !== request.size',
      to: 'node.size < request.size',
      why: 'a smaller source is copied over a larger file',
      killer: 'commands/cp',
      title: 'an existing file',
    },
  ]),
  ...breaksOf('src/fs/allocate/creationPlan.ts', [
    {
      from: 'if (node.size !== size) throw',
      to: 'if (node.size < size) throw',
      why: '--exist-ok accepts a larger file',
      killer: 'commands/creat',
      title: '--exist-ok accepts',
    },
    {
      from: "          : 'PARENT_NOT_DIRECTORY';",
      to: '          : undefined;',
      why: 'creat x x/y appends an entry below a file',
      killer: 'commands/creat',
      title: 'one bad file of many',
    },
    {
      from: "if (this.#planned.has(path)) throw exists(path, 'is named twice', hint);",
      to: '',
      why: 'a path that is named twice is made twice',
      killer: 'commands/creat',
      title: 'one bad file of many',
    },
    {
      from: "if (member.state !== 'present') throw unusable(member);",
      to: '',
      why: '--daxdevs with a missing daxdev is taken as if it were full',
      killer: 'commands/daxdevList',
      title: 'the list says',
    },
    {
      from: 'this.#session.requireSlots(this.#entries.length);\n    for',
      to: 'for',
      why: 'a log that becomes full leaves half of the files',
      killer: 'commands/creat',
      title: 'a full log',
    },
  ]),
  ...breaksOf('src/fs/allocate/freeSpace.ts', [
    {
      from: 'doubtful.count === 0 ?',
      to: 'doubtful.count >= 0 ?',
      why: 'space that a bad entry may claim is given to new files',
      killer: 'fs/allocate/creationPlan',
      title: 'space that a skipped',
    },
    {
      from: 'roundUp(Math.max(first.start, from), HUGE_PAGE)',
      to: 'roundUp(first.start, HUGE_PAGE)',
      why: 'strips on one daxdev are not spread over it',
      killer: 'fs/allocate/creationPlan',
    },
    {
      from: 'if (x.end < y.end) i++;',
      to: 'if (x.end > y.end) i++;',
      why: 'free space is found where a bad entry claims it, or not at all',
      killer: 'fs/fsck/golden',
      title: 'a new file on',
    },
  ]),
  ...breaksOf('src/fs/allocate/freeSpace.ts', [
    {
      from: 'this.#holes.first(SPOILT, length)',
      to: 'this.#holes.first(WHOLE, length)',
      why: 'small files break free huge pages, so that large files are mapped in small pages',
      killer: 'fs/allocate/freeSpace',
    },
    {
      from: 'return free && this.#cut(free.end - length, length);',
      to: 'return free && this.#cut(free.start, length);',
      why: 'small files lie among large ones',
      killer: 'fs/allocate/freeSpace',
    },
  ]),
  ...breaksOf('src/fs/fsck/checks/unitOfLog.ts', [
    {
      from: 'if (possible === SMALL_PAGE || needsSmallUnit(log(SMALL_PAGE)))',
      to: 'if (possible === SMALL_PAGE)',
      why: 'a lost superblock comes back with a unit that no small file fits',
      killer: 'fs/fsck/smallUnits',
    },
  ]),
  ...breaksOf('src/fs/allocate/placement.ts', [
    {
      from: '  giveBack(roomy, extents);\n  return undefined;',
      to: '  return undefined;',
      why: 'space that was tried for strips is lost for later files',
      killer: 'fs/allocate/placement',
    },
    {
      from: 'fill: (spaces) => spaces,',
      to: 'fill: mostFreeFirst,',
      why: 'the policy fill is that of spread',
      killer: 'fs/allocate/placement',
    },
    {
      from: '(free.get(b) as number) - (free.get(a) as number)',
      to: '(free.get(a) as number) - (free.get(b) as number)',
      why: 'the policy spread takes the fullest daxdev',
      killer: 'fs/allocate/placement',
    },
    {
      from: 'daxdevs.includes(daxdev.index)',
      to: 'daxdevs.length > daxdev.index',
      why: '--daxdevs uses other daxdevs than those named',
      killer: 'fs/allocate/placement',
    },
    {
      from: '.slice(0, most);\n  return chosen',
      to: '.slice(0, most + 1);\n  return chosen',
      why: 'a simple file gets more extents than an entry holds',
      killer: 'fs/allocate/placement',
    },
  ]),
  ...breaksOf('src/fs/host/userFiles.ts', [
    {
      from: 'if (ids.has(id) && !names.has(id))',
      to: 'if (ids.has(id))',
      why: 'ls -l names another user than ls(1) where two have one uid',
      killer: 'fs/host/users',
    },
    {
      from: 'if (!isFileFirst(',
      to: 'if (host === undefined && !isFileFirst(',
      why: 'ls -l prefers /etc/passwd where the host is configured to ask a directory first',
      killer: 'fs/host/users',
    },
  ]),
  ...breaksOf('src/fs/host/mountTable.ts', [
    {
      from: 'source === path || (key !== undefined && fileKey(source) === key)',
      to: 'source === path',
      why: 'a mounted device is not recognized under another name, and is written',
      killer: 'commands/mkfs',
      title: 'a mount of an unused',
    },
    {
      from: 'String.fromCharCode(Number.parseInt(digits, 8))',
      to: "'?'",
      why: 'a mount point with a blank is not found',
      killer: 'scenarios/mounted',
      title: 'a file that is made through',
    },
    {
      from: '  } catch {\n    return undefined;',
      to: '  } catch (error) {\n    throw error;',
      why: 'no command works for a user who cannot reach the image that somebody else has mounted',
      killer: 'scenarios/mount/users',
      title: 'another user mounts',
    },
  ]),
  ...breaksOf('src/fs/serve/famfsServer.ts', [
    {
      from: '      ...rootOwner,\n',
      to: '      uid: 0,\n      gid: 0,\n',
      why: 'a user who is not root can make nothing in an own mount',
      killer: 'scenarios/mount/users',
      title: 'another user mounts',
    },
  ]),
  ...breaksOf('src/fs/pool/tags.ts', [
    {
      from: "settingOf(host, 'devices.dev')?.values ?? []",
      to: '[] as string[]',
      why: 'a line of fstab with UUID= finds no image outside /dev',
      killer: 'fs/pool/tags',
    },
  ]),
  ...breaksOf('src/fs/pool/mountOfPool.ts', [
    {
      from: 'mountOf(host, device.path, mounts) ??',
      to: '',
      why: 'a mounted device without a superblock is overwritten',
      killer: 'commands/mkfs',
      title: 'a mount of an unused',
    },
  ]),
  ...breaksOf('src/fs/pool/members.ts', [
    {
      from: "(state === 'wrong size' && !writable && ",
      to: "(state === 'wrong size' && ",
      why: 'a daxdev of the wrong size is written',
      killer: 'fs/pool/members',
    },
    {
      from: 'sizeHere !== undefined && sizeHere >= size)',
      to: 'sizeHere !== undefined)',
      why: 'a daxdev that is too small is read',
      killer: 'fs/pool/members',
    },
    {
      from: "if (candidates.length > 1) return 'ambiguous';",
      to: '',
      why: 'one of two copies of a daxdev is written without asking',
      killer: 'commands/daxdevList',
      title: 'the list says',
    },
    {
      from: '    this.#finder = this.#finder.fresh();\n',
      to: '',
      why: 'files on a daxdev that joined while the pool was mounted cannot be read',
      killer: 'fs/serve/live',
      title: 'a daxdev that joins',
    },
  ]),
  ...breaksOf('src/fs/pool/primary.ts', [
    {
      from: '(salvage ? primaryBeside(finder.host, first, named) : undefined) ?? first',
      to: 'first',
      why: 'fsck -y repairs a damaged secondary in place of the primary that has lost its superblock',
      killer: 'fs/fsck/pool',
      title: 'a primary without a superblock is found',
    },
  ]),
  ...breaksOf('src/fs/pool/writeSession.ts', [
    {
      from: 'if (this.onAppended !== undefined)',
      to: 'if (this.onAppended === null)',
      why: 'files of a list do not show up in the shadow tree of a mount',
      killer: 'scenarios/mounted',
      title: 'a file that is made through',
    },
    {
      from: '    session.#settle();\n',
      to: '',
      why: 'an uncounted entry is overwritten by the next writer',
      killer: 'fs/pool/writeSession',
    },
    {
      from: 'const INTERRUPTED_APPENDS = 1;',
      to: 'const INTERRUPTED_APPENDS = 2;',
      why: 'a header that lost count of two entries is believed',
      killer: 'fs/pool/writeSession',
    },
    {
      from: 'if (nextIndex !== replay.next || nextSequence !== replay.next) this.#appender.advance(replay.next);',
      to: '',
      why: 'a writer that appends nothing leaves an uncounted entry',
      killer: 'fs/pool/writeSession',
    },
    {
      from: 'const SLOTS_LOOKED_AT = 64;',
      to: 'const SLOTS_LOOKED_AT = 1;',
      why: 'an uncounted entry after a gap is overwritten later',
      killer: 'fs/pool/writeSession',
    },
    {
      from: 'refuseClient(target.host, target.primary.path, volume.superblock.systemUuid);',
      to: '',
      why: 'a Client appends to the log',
      killer: 'commands/creat',
      title: 'a Client can read',
    },
    {
      from: "!locked.lock('exclusive', false)",
      to: "locked.lock('exclusive', false) === undefined",
      why: 'two writers append at once',
      killer: 'scenarios/streams',
      title: 'a command that waits',
    },
  ]),
  ...breaksOf('src/fs/log/log.ts', [
    {
      from: 'visit(slot, isFramed(cursor) ? cursor : this.readSlot(slot));',
      to: 'visit(slot, cursor);',
      why: 'a slot that was torn when it was read is skipped for good',
      killer: 'fs/log/log',
    },
    {
      from: 'if (lastIndex !== last) findings.add(',
      to: 'if (lastIndex < last) findings.add(',
      why: 'a last index beyond the log is not found',
      killer: 'fs/fsck/fields',
      title: 'fsck names last index',
    },
  ]),
  ...breaksOf('src/fs/log/appender.ts', [
    { from: 'this.advance(slot + 1);', to: '', why: 'entries are never counted', killer: 'commands/mkdir' },
    {
      from: 'device.persist(offset + NEXT_SEQUENCE, this.#counters);',
      to: 'device.write(offset + NEXT_SEQUENCE, this.#counters);',
      why: 'the counts stay in the cache of the Master',
      killer: 'scenarios/cacheRules',
    },
    {
      from: 'device.persist(this.log.offsetOf(slot), this.#encoder.encode(entry, slot));',
      to: 'device.write(this.log.offsetOf(slot), this.#encoder.encode(entry, slot));',
      why: 'an entry counts before it is in memory',
      killer: 'scenarios/cacheRules',
    },
  ]),
  ...breaksOf('src/fs/media/wholeHole.ts', [
    {
      from: 'statSync(path).blocks === 0',
      to: 'statSync(path).size > 0',
      why: 'mkfs destroys what only blkid recognizes',
      killer: 'fs/mkfs/oldContent',
    },
    {
      from: 'return statSync(path).blocks === 0 && ',
      to: 'return statSync(path).blocks < 0 && ',
      why: 'mkfs of an empty image waits for blkid',
      killer: 'fs/mkfs/oldContent',
    },
  ]),
  ...breaksOf('src/fs/media/sharedMemory.ts', [
    {
      from: '  device.invalidate(offset, length);\n  device.fence();\n',
      to: '  device.fence();\n',
      why: 'a reader sees stale lines of its own cache',
      killer: 'fs/media/sharedMemory',
    },
    {
      from: '  device.invalidate(offset, length);\n  device.fence();\n',
      to: '  device.invalidate(offset, length);\n',
      why: 'a reader may load before its lines are invalid',
      killer: 'fs/media/sharedMemory',
    },
    {
      from: 'device.invalidate(offset, target.length);',
      to: 'device.invalidate(offset, target.length - 64);',
      why: 'the last line of a read is stale',
      killer: 'fs/media/sharedMemory',
    },
    {
      from: 'device.writeBack(offset, bytes.length);',
      to: 'if (bytes.length > 1) device.writeBack(offset, bytes.length);',
      why: 'a repair of one byte stays in the cache',
      killer: 'fs/media/sharedMemory',
    },
    {
      from: 'for (const device of devices) device.fence();',
      to: '[...devices][0]?.fence();',
      why: 'a step on several daxdevs is not complete before the next',
      killer: 'fs/media/sharedMemory',
    },
    {
      from: 'if (!isZero(block)) store(device, at, ZEROS',
      to: 'store(device, at, ZEROS',
      why: 'mkfs of a sparse image allocates all of it',
      killer: 'fs/media/sharedMemory',
    },
  ]),
  ...breaksOf('src/fs/mkfs/mkfs.ts', [
    {
      from: '    secondaries.map(({ device }) => clearing(device)),\n',
      to: '',
      why: 'old content stays in the superblock region of secondaries',
      killer: 'fs/mkfs/pool',
      title: 'old content',
    },
  ]),
  ...breaksOf('src/fs/media/foreignContent.ts', [
    {
      from: 'readShared(device, offset, bytes.length)',
      to: 'device.read(offset, bytes.length)',
      why: 'mkfs does not see what another host has put on a daxdev since this one looked',
      killer: 'fs/media/sharedMemory',
      title: 'content of other file systems',
    },
  ]),
  ...breaksOf('src/fs/media/superblockWriter.ts', [
    {
      from: 'return [[invalidation(device)], [clearing(device)]];',
      to: 'return [[invalidation(device)]];',
      why: 'old content stays in the superblock region of an added daxdev',
      killer: 'fs/mkfs/pool',
      title: 'old content',
    },
  ]),
  ...breaksOf('src/fs/mkfs/oldContent.ts', [
    {
      from: 'force: own ? 1 : FORCE_OTHER_HOST,',
      to: 'force: 1,',
      why: 'one --force replaces the file system of another host',
      killer: 'commands/mkfs',
      title: 'a famfs of another host',
    },
    {
      from: 'lostLog(device) ?? foreign(host, device)',
      to: 'foreign(host, device)',
      why: 'a log without a superblock is taken for unknown data',
      killer: 'fs/mkfs/oldContent',
      title: 'a famfs with a sound log',
    },
    {
      from: 'foreign(host, device) ?? unknownData(host, device, AFTER_SUPERBLOCK) ?? killedFamfs',
      to: 'killedFamfs',
      why: 'a file system over a famfs that was killed is overwritten',
      killer: 'fs/mkfs/oldContent',
      title: 'another file system over a famfs',
    },
  ]),
  ...breaksOf('src/fs/mkfs/newDaxdevs.ts', [
    {
      from: 'find(({ identity }) => identity === device.identity)',
      to: 'find(({ path }) => path === device.path)',
      why: 'a device that is named by a link too becomes two daxdevs',
      killer: 'fs/mkfs/pool',
      title: 'mkfs checks all',
    },
    {
      from: '  refuseMounted(host, device);\n',
      to: '',
      why: 'a mounted device is overwritten',
      killer: 'commands/mkfs',
      title: 'a mounted device',
    },
  ]),
  ...breaksOf('src/fs/pool/locate.ts', [
    {
      from: 'origin === undefined || !(error instanceof FamfsError)',
      to: 'true',
      why: 'nothing says that a variable named the device',
      killer: 'scenarios/hints',
    },
  ]),
  ...breaksOf('src/fs/allocate/placement.ts', [
    {
      from: 'interleave !== undefined && size >= interleave.chunkSize ? interleave : undefined',
      to: 'interleave',
      why: 'a file smaller than a chunk is said to have the wrong layout',
      killer: 'scenarios/idleOptions',
    },
    {
      from: "layout.contiguous && holesFor(spaces, length) ? ['leave out --contiguous'] : []",
      to: "['leave out --contiguous']",
      why: 'NO_SPACE advises what does not help',
      killer: 'scenarios/hints',
    },
  ]),
  ...breaksOf('src/fs/serve/kernelMaps.ts', [
    {
      from: '{ ...this.#factsOf(slot), revision, fileSize: size, fmap }',
      to: '{ daxdevs: this.#factsOf(slot).daxdevs, revision, fileSize: size, fmap }',
      why: 'a kernel gets the map of a file that shares pages with another',
      killer: 'fs/serve/maps',
      title: 'no kernel gets the map of a file',
    },
    {
      from: '    // others may have joined\n    this.#daxdevs.open();\n',
      to: '',
      why: 'a kernel with the size probe does not learn of a daxdev that joins',
      killer: 'fs/serve/maps',
      title: 'form V2: a kernel that takes daxdevs',
    },
  ]),
  ...breaksOf('src/fs/serve/kernelMaps.ts', [
    {
      from: " || replay.daxdevs.length > 1 ? ['d']",
      to: " ? ['d']",
      why: 'a published kernel gets maps of a pool that it refuses, and the files cannot be read',
      killer: 'fs/serve/maps',
      title: 'with auto',
    },
    {
      from: ": ['v2', 'd'];",
      to: ": ['v2'];",
      why: 'a kernel that has only form D reads the files of a pool by bytes',
      killer: 'fs/serve/maps',
      title: 'with auto',
    },
  ]),
  ...breaksOf('src/fs/serve/kernelDaxdevs.ts', [
    {
      from: "error.code === 'ENOTTY'",
      to: "error.code === 'ENOSYS'",
      why: 'a kernel that asks for daxdevs is offered each of them, and the log reports errors',
      killer: 'fs/serve/maps',
      title: 'form V2: a kernel that takes daxdevs',
    },
  ]),
  ...breaksOf('src/fs/serve/keptFiles.ts', [
    {
      from: ' || stats.uid !== userId() || (stats.mode & OTHERS) !== 0)',
      to: ')',
      why: "files that another user has planted in the staging folder are committed as root's",
      killer: 'fs/serve/kept',
      title: 'a folder that is not',
    },
    {
      from: '(Number(pid) !== process.pid && isRunning(Number(pid)))',
      to: 'false',
      why: 'files of a server that runs are taken from it',
      killer: 'fs/serve/kept',
      title: 'nothing but what a server',
    },
  ]),
  ...breaksOf('src/fs/serve/commit.ts', [
    {
      from: '    if (fstatSync(fd).size !== entry.size) return false;\n',
      to: '',
      why: 'the end of a longer file is lost, as a shorter one of that name is in the log',
      killer: 'fs/serve/kept',
      title: 'what is in the log already',
    },
  ]),
  ...breaksOf('src/fs/serve/staging.ts', [
    {
      from: "    if (path !== given || path === '') throw",
      to: "    if (path === '') throw",
      why: 'a name that no server has given is made something else of',
      killer: 'fs/serve/kept',
      title: 'nothing but what a server',
    },
    {
      from: '    this.#host.kept.update(node);\n    if (this.#due',
      to: '    if (this.#due',
      why: 'after a kill, a file has the mode and name that it had when it was closed',
      killer: 'fs/serve/kept',
      title: 'what was closed has a name',
    },
  ]),
  ...breaksOf('src/fs/inspect/records.ts', [
    {
      from: '  if (slot >= log.capacity)',
      to: '  if (slot > log.capacity)',
      why: 'inspect shows bytes after the log as a slot of it',
      killer: 'commands/inspect',
      title: 'a slot is within',
    },
  ]),
  ...breaksOf('src/format/entries/nestedInFile.ts', [
    {
      from: '  let count = most;',
      to: '  let count = Math.max(counted, 0);',
      why: 'inspect reads extents beyond the entry, as many as a damaged count says',
      killer: 'commands/inspect',
      title: 'damage is shown',
    },
  ]),
  ...breaksOf('src/fs/image/imageReader.ts', [
    {
      from: 'const isAfter = daxdev > last.daxdev || (daxdev === last.daxdev && deviceOffset >= last.end);',
      to: 'const isAfter = daxdev >= last.daxdev;',
      why: 'a hostile image makes restore write the same place again and again',
      killer: 'commands/restore',
      title: 'a hostile',
    },
    {
      from: '  if (crc32(packed) !== packedCrc)',
      to: '  if (packedCrc < 0)',
      why: 'a damaged metadata image is restored',
      killer: 'commands/restore',
      title: 'a hostile',
    },
  ]),
  ...breaksOf('src/fs/image/savedDaxdevs.ts', [
    {
      from: 'deviceOffset + bytes.length > end)',
      to: 'deviceOffset + bytes.length > size)',
      why: 'restore --onto takes bytes for the data of files',
      killer: 'commands/restore',
      title: 'an image cannot write',
    },
  ]),
  ...breaksOf('src/fs/image/restoreOnto.ts', [
    {
      from: '    refuseClient(host, path, superblock.systemUuid);',
      to: '',
      why: 'a Client puts metadata back onto lost superblocks',
      killer: 'commands/restore',
      title: 'lost superblocks',
    },
    {
      from: '      undo?.record(steps);',
      to: '',
      why: 'what restore --onto overwrites cannot be brought back',
      killer: 'commands/restore',
      title: '--onto brings back',
    },
  ]),
  ...breaksOf('src/fs/image/scramble.ts', [
    {
      from: '    if (slot >= counted && !isComplete) entry.fill(0);',
      to: '    if (slot >= counted && !isComplete) continue;',
      why: 'names in stale slots leave with a scrambled image',
      killer: 'commands/dump',
      title: 'scrambled names keep',
    },
    {
      from: '  if (!isLost) adjust(entry, CRC, computed, after);',
      to: '',
      why: 'checksums in a scrambled image are wrong',
      killer: 'commands/dump',
      title: 'scrambled names keep',
    },
    {
      from: '  if (!isLost) adjust(entry, CRC, computed, after);',
      to: '  adjust(entry, CRC, computed, after);',
      why: 'a torn entry of a scrambled image looks damaged',
      killer: 'fs/image/damages',
      title: 'what tells torn entries',
    },
  ]),
];
