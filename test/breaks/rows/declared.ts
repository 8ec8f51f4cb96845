import { type Break, breaksOf } from '../break.js';

/** Breaks of src/fs/declared, src/fs/image, src/fs/inspect, src/fs/usage and src/fs/errors.ts. */
export const declaredBreaks: readonly Break[] = [
  ...breaksOf('src/fs/usage/usage.ts', [
    {
      from: 'Math.min(deviceOffset + length, daxdevs[daxdev]?.size ?? 0)',
      to: 'deviceOffset + length',
      why: 'map draws files beyond the end of their daxdev',
      killer: 'commands/map',
      equivalent:
        'replay has refused such files; the bound is for an entry that changes between replay and this reading',
    },
  ]),
  ...breaksOf('src/fs/declared/comparison.ts', [
    {
      from: 'layout.daxdevs?.includes(daxdev) === false',
      to: 'layout.daxdevs?.includes(daxdev) === undefined',
      why: 'apply accepts a file on daxdevs that the manifest does not allow',
      killer: 'commands/plan',
      title: 'what exists is compared',
    },
    {
      from: 'size === undefined || size === node.size ? []',
      to: 'size === undefined || size <= node.size ? []',
      why: 'apply accepts a file that is larger than the manifest says',
      killer: 'commands/plan',
      title: 'what exists is compared',
    },
  ]),
  ...breaksOf('src/fs/declared/makePool.ts', [
    {
      from: 'joining.slice(isNew ? 1 : 0)',
      to: 'joining.slice(1)',
      why: 'apply does not add the first new daxdev of an existing pool',
      killer: 'commands/apply',
      title: 'a pool grows',
    },
  ]),
  ...breaksOf('src/fs/declared/nodePlan.ts', [
    {
      from: 'return replaced.length + changed.length > 0;',
      to: 'return replaced.length > 0;',
      why: 'apply says that it has changed modes and owners, and has not',
      killer: 'scenarios/onConflict',
      title: 'a file whose new bytes',
    },
  ]),
  ...breaksOf('src/fs/declared/objection.ts', [
    {
      from: 'if (objections.length > 0) throw',
      to: 'if (objections.length > 1) throw',
      why: 'a manifest with one mistake is carried out in part',
      killer: 'commands/plan',
      title: 'a daxdev whose path',
    },
  ]),
  ...breaksOf('src/fs/declared/poolPlan.ts', [
    {
      from: '.filter(({ superblock: { deviceUuid } }) => !logged.has(deviceUuid))',
      to: '.filter(() => false)',
      why: 'a daxdev that an interrupted apply has left is never added',
      killer: 'commands/apply',
      title: 'a pool grows',
    },
    {
      from: 'if (declared.unit !== undefined && declared.unit !== allocationUnit)',
      to: 'if (declared.unit === 0)',
      why: 'apply accepts a pool with another allocation unit',
      killer: 'commands/apply',
      title: 'the allocation unit',
    },
    {
      from: 'return [...joining].sort((a, b) => daxdevs.indexOf(a.declared) - daxdevs.indexOf(b.declared));',
      to: 'return [...joining];',
      why: 'daxdevs join in another order than the manifest has',
      killer: 'commands/apply',
      title: 'a pool grows',
    },
  ]),
  ...breaksOf('src/fs/declared/simulatedPool.ts', [
    {
      from: 'reserved: SUPERBLOCK_REGION + logLength,',
      to: 'reserved: SUPERBLOCK_REGION,',
      why: 'plan says that files fit which apply cannot place',
      killer: 'commands/apply',
      title: 'what does not fit',
    },
  ]),
  ...breaksOf('src/fs/declared/survey.ts', [
    {
      from: 'refuseNew(silent(host), device, geometry, { force: 0, dryRun: true });',
      to: '{}',
      why: 'plan accepts a device with another file system, at which apply stops halfway',
      killer: 'commands/apply',
      title: 'nothing that exists is replaced',
    },
    {
      from: 'if (superblock.fsUuid === fsUuid) continue;',
      to: 'continue;',
      why: 'daxdevs of two pools are taken for one',
      killer: 'commands/apply',
      title: 'nothing that exists is replaced',
    },
    {
      from: 'if (size !== undefined && found.size !== size) {',
      to: 'if (size !== undefined && found.size < size) {',
      why: 'apply accepts an image that is larger than declared',
      killer: 'commands/apply',
      title: 'nothing that exists is replaced',
    },
  ]),
  ...breaksOf('src/fs/image/imageWriter.ts', [
    {
      from: 'adjust(bytes, checksum, before, after);',
      to: '',
      why: 'in a scrambled copy, the journal of a rewrite that was stopped looks damaged',
      killer: 'commands/dump',
      title: 'a rewrite of the log',
    },
    {
      from: 'const used = bytes.findLastIndex((byte) => byte !== 0) + 1;',
      to: 'const used = bytes.findLastIndex((byte) => byte !== 0);',
      why: 'a dump lacks the last byte of each piece',
      killer: 'commands/dump',
      title: 'a restored copy',
    },
  ]),
  ...breaksOf('src/fs/image/nameMap.ts', [
    {
      from: '    if (!utf8) other[0] = NOT_UTF8;\n',
      to: '',
      why: 'a scrambled copy hides that a name is not UTF-8, and fsck finds nothing',
      killer: 'commands/dump',
      title: 'a copy has the label',
    },
  ]),
  ...breaksOf('src/fs/image/restoreTo.ts', [
    {
      from: 'if (stats !== undefined && !force) throw',
      to: 'if (stats === undefined && force) throw',
      why: 'restore replaces images of the user without --force',
      killer: 'commands/restore',
      title: '--to replaces nothing',
    },
  ]),
  ...breaksOf('src/fs/image/regionRecords.ts', [
    {
      from: "  { name: 'label', kind: 'label', offset: POOL_LABEL_OFFSET, length: poolLabelStruct.size },\n",
      to: '',
      why: 'a restored file system has no label',
      killer: 'commands/dump',
      title: 'a copy has the label',
    },
  ]),
  ...breaksOf('src/fs/image/saveImage.ts', [
    {
      from: "throw new FamfsError('IS_THE_IMAGE'",
      to: "if (!force) throw new FamfsError('IS_THE_IMAGE'",
      why: 'dump --force replaces the image of the file system by the dump',
      killer: 'commands/dump',
      title: 'the image goes to a file',
    },
  ]),
  ...breaksOf('src/fs/image/sources.ts', [
    {
      from: '.filter((daxdev) => uuids.has(famfsOn(daxdev)?.fsUuid))',
      to: '.filter(() => false)',
      why: 'a dump of a pool has the primary only',
      killer: 'commands/dump',
      title: 'a restored copy',
    },
  ]),
  ...breaksOf('src/fs/image/targets.ts', [
    {
      from: 'found !== undefined && others.length === 0 && wanted.length === 1',
      to: 'found !== undefined',
      why: 'restore --onto guesses which of two devices of a size is which daxdev',
      killer: 'commands/restore',
      title: 'lost superblocks',
    },
  ]),
  ...breaksOf('src/fs/inspect/places.ts', [
    {
      from: 'return { superblock: device, log: device, logOffset: SUPERBLOCK_REGION,',
      to: 'return { superblock: device, log: device, logOffset: 0,',
      why: 'inspect shows bytes of the superblock as the log header',
      killer: 'commands/inspect',
      title: 'every field',
    },
  ]),
  ...breaksOf('src/fs/usage/holeSizes.ts', [
    {
      from: 'Math.floor(Math.log2(end - start))',
      to: 'Math.ceil(Math.log2(end - start))',
      why: 'df --holes counts holes as larger than they are',
      killer: 'commands/df',
      title: 'df --holes',
    },
  ]),
  ...breaksOf('src/fs/usage/inventory.ts', [
    {
      from: 'return !known.has(fsUuid) && known.add(fsUuid);',
      to: 'return !known.has(fsUuid);',
      why: 'list shows a pool without its primary once for each secondary',
      killer: 'commands/list',
      title: 'a secondary alone',
    },
    {
      from: '[...new Map(probed.map((daxdev) => [daxdev.identity, daxdev])).values()]',
      to: 'probed',
      why: 'list shows a file system twice whose image is named twice',
      killer: 'commands/list',
      title: 'a secondary alone',
    },
  ]),
  ...breaksOf('src/fs/usage/listedFileSystem.ts', [
    {
      from: '    if (!(error instanceof FamfsError)) throw error;\n    const own',
      to: '    throw error;\n    const own',
      why: 'one damaged file system keeps list from showing the others',
      killer: 'commands/list',
      title: 'a secondary alone',
    },
  ]),
  ...breaksOf('src/fs/errors.ts', [
    {
      from: 'const hint = change.hint ?? (() => this.hint);',
      to: 'const hint = change.hint;',
      why: 'errors that tell more of an error lose what to do next',
      killer: 'scenarios/hints',
    },
    {
      from: 'return { ...this.details, code, message, ...(hint !== undefined && { hint }) };',
      to: 'return { code, message, ...(hint !== undefined && { hint }) };',
      why: 'scripts that read JSON get no path, size or reason of an error',
      killer: 'library/famfs',
      title: 'errors have the code',
    },
  ]),
  ...breaksOf('src/fs/declared/planNodes.ts', [
    {
      from: 'refuseOwnImage(this.options.images, content.source.local, content.source)',
      to: '{}',
      why: 'apply copies the image of the pool into itself',
      killer: 'commands/apply',
      title: 'an image that is copied',
    },
    {
      from: "if (action === 'conflict') {",
      to: "if (action === 'conflict' && reasons.length > 1) {",
      why: 'apply leaves a conflict alone and reports success',
      killer: 'commands/apply',
      title: 'conflicts are all reported',
    },
  ]),
];
