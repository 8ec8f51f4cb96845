/** The pool of a manifest. */
import { resolve } from 'node:path';
import { DEFAULT_CHUNK, type Interleave, interleaveFault } from '../../format/interleave.js';
import { MIN_LOG_LENGTH } from '../../format/logHeader.js';
import { labelFault } from '../../format/poolLabel.js';
import { ALLOCATION_UNITS, DEFAULT_ALLOCATION_UNIT, MAX_DAXDEVS, unitText } from '../../format/superblock.js';
import { isUuid } from '../../format/uuid.js';
import type { DeclaredDaxdev, DeclaredPool } from '../../fs/declared/declaration.js';
import { isLogLength } from '../../fs/media/superblockReader.js';
import type { MistakeCollector } from './collector.js';
import type { Place } from './mistakes.js';
import type { Manifest, ManifestDaxdev } from './schema.js';
import { isPruned } from './schemaMistakes.js';

const UNITS = ALLOCATION_UNITS.map(unitText).join(' or ');

/** What a manifest says of the pool; relative paths start at `folder`. */
export function declaredPool(
  { pool }: Manifest,
  folder: string,
  collector: MistakeCollector,
): DeclaredPool | undefined {
  if (pool === undefined) return undefined;
  const { daxdevs = [], loglen } = pool;
  const logLength = collector.size(loglen, ['pool', 'loglen'], MIN_LOG_LENGTH);
  if (logLength !== undefined && !isLogLength(logLength, Number.MAX_SAFE_INTEGER))
    collector.add(['pool', 'loglen'], `${logLength} is not a power of two`, 'give 8M, 16M, 32M ...');
  const unit = collector.size(pool.allocUnit, ['pool', 'allocUnit']);
  if (unit !== undefined && !ALLOCATION_UNITS.includes(unit))
    collector.add(['pool', 'allocUnit'], `${unit} is not an allocation unit`, `give ${UNITS}`);
  const labelWrong = pool.label === undefined ? undefined : labelFault(pool.label);
  if (labelWrong !== undefined)
    collector.add(['pool', 'label'], `'${pool.label}' ${labelWrong}`, 'give 1 to 63 bytes of text');
  return {
    label: pool.label,
    daxdevs: declaredDaxdevs(daxdevs, folder, collector),
    folder,
    logLength,
    unit,
    defaults: defaultInterleave(pool, unit, collector),
  };
}

function defaultInterleave(
  pool: NonNullable<Manifest['pool']>,
  unit: number | undefined,
  collector: MistakeCollector,
): Interleave | undefined {
  const { stripes } = pool;
  const chunkSize = collector.size(pool.chunk, ['pool', 'chunk']);
  if (stripes === undefined) {
    if (chunkSize !== undefined && !isPruned(pool)) collector.add(['pool', 'chunk'], 'it needs stripes', 'add stripes');
    return undefined;
  }
  const defaults = { stripes, chunkSize: chunkSize ?? DEFAULT_CHUNK };
  const fault = interleaveFault(defaults, unit ?? DEFAULT_ALLOCATION_UNIT);
  if (fault !== undefined) collector.add(['pool', 'chunk'], fault, 'give 2M, 4M, 8M ...');
  return defaults;
}

function declaredDaxdevs(
  daxdevs: readonly (string | ManifestDaxdev | undefined)[],
  folder: string,
  collector: MistakeCollector,
): DeclaredDaxdev[] {
  const declared: DeclaredDaxdev[] = [];
  const known = new Set<string>();
  for (const [i, item] of daxdevs.entries()) {
    if (item === undefined) continue;
    const origin = ['pool', 'daxdevs', i];
    const fields: ManifestDaxdev = typeof item === 'string' ? { path: item } : item;
    const pathPlace = typeof item === 'string' ? origin : [...origin, 'path'];
    const daxdevsOfItem = itemDaxdevs(fields, origin, pathPlace, folder, collector);
    declared.push(...daxdevsOfItem);
    if (declared.length > MAX_DAXDEVS) {
      collector.add(origin, `a pool has at most ${MAX_DAXDEVS} daxdevs`, 'name fewer');
      break;
    }
    for (const { path, uuid, label } of daxdevsOfItem) {
      const names = [path, uuid, label].filter((name) => name !== undefined);
      const twin = names.find((name) => known.has(name));
      if (twin !== undefined) collector.add(origin, `${twin} is named twice`, 'name each daxdev once');
      for (const name of names) known.add(name);
    }
  }
  return declared;
}

/** The daxdevs that one item stands for. */
function itemDaxdevs(
  fields: ManifestDaxdev,
  origin: Place,
  pathPlace: Place,
  folder: string,
  collector: MistakeCollector,
): DeclaredDaxdev[] {
  const { path, uuid, label, size } = fields;
  if (label !== undefined) return byLabel(fields, label, origin, collector);
  if (path === undefined && uuid === undefined && !isPruned(fields))
    collector.add(origin, 'it has neither path, uuid nor label', 'add one of them');
  if (uuid !== undefined && !isUuid(uuid))
    collector.add([...origin, 'uuid'], `'${uuid}' is not a uuid`, 'famfs daxdev list prints the uuids of a pool');
  const bytes = collector.size(size, [...origin, 'size']);
  if (size !== undefined && path === undefined && uuid !== undefined)
    collector.add([...origin, 'size'], 'only images have a size, and they need a path', 'add path, or leave out size');
  const common = { uuid: uuid?.toLowerCase(), label, size: bytes, origin };
  const ranged = path === undefined ? undefined : collector.ranged(path, pathPlace);
  if (ranged === undefined) return path === undefined ? [{ path: undefined, ...common }] : [];
  if (ranged.count > 1 && uuid !== undefined)
    collector.add([...origin, 'uuid'], 'several daxdevs cannot have the same uuid', 'leave it out');
  // one more than a pool can have is enough to see that there are too many
  const count = Math.min(ranged.count, MAX_DAXDEVS + 1);
  return Array.from({ length: count }, (_, i) => ({ path: resolve(folder, ranged.at(i)), ...common }));
}

/** The daxdevs of the file system with a label: which they are is seen when it is found. */
function byLabel(
  { path, uuid, size }: ManifestDaxdev,
  label: string,
  origin: Place,
  collector: MistakeCollector,
): DeclaredDaxdev[] {
  const place = [...origin, 'label'];
  const wrong = labelFault(label);
  if (wrong !== undefined)
    collector.add(place, `'${label}' ${wrong}`, 'famfs list prints the labels of all that is here');
  if ((path ?? uuid ?? size) !== undefined)
    collector.add(place, 'a label excludes path, uuid and size', 'name new daxdevs as further items');
  return [{ path: undefined, uuid: undefined, label, size: undefined, origin }];
}
