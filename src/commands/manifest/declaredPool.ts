/** The pool of a manifest. */
import { resolve } from 'node:path';
import { type Interleave, interleaveFault } from '../../format/interleave.js';
import { MIN_LOG_LENGTH } from '../../format/logHeader.js';
import { ALLOCATION_UNIT, MAX_DAXDEVS } from '../../format/superblock.js';
import { isUuid } from '../../format/uuid.js';
import type { DeclaredDaxdev, DeclaredPool } from '../../fs/declared/declaration.js';
import type { Collector } from './collector.js';
import type { Manifest, ManifestDaxdev } from './schema.js';
import { isPruned } from './schemaMistakes.js';

/** What a manifest says of the pool; relative paths start at `folder`. */
export function declaredPool({ pool }: Manifest, folder: string, collector: Collector): DeclaredPool | undefined {
  if (pool === undefined) return undefined;
  const { daxdevs = [], loglen } = pool;
  const logLength = collector.size(loglen, ['pool', 'loglen'], MIN_LOG_LENGTH);
  if (logLength !== undefined && !Number.isInteger(Math.log2(logLength)))
    collector.add(['pool', 'loglen'], `${logLength} bytes are not a power of two`, 'give 8M, 16M, 32M ...');
  return {
    daxdevs: declaredDaxdevs(daxdevs, folder, collector),
    logLength,
    defaults: defaultInterleave(pool, collector),
  };
}

function defaultInterleave(pool: NonNullable<Manifest['pool']>, collector: Collector): Interleave | undefined {
  const { stripes } = pool;
  const chunkSize = collector.size(pool.chunk, ['pool', 'chunk']);
  if (stripes === undefined) {
    if (chunkSize !== undefined && !isPruned(pool)) collector.add(['pool', 'chunk'], 'it needs stripes', 'add stripes');
    return undefined;
  }
  const defaults = { stripes, chunkSize: chunkSize ?? ALLOCATION_UNIT };
  const fault = interleaveFault(defaults);
  if (fault !== undefined) collector.add(['pool', 'chunk'], fault, 'give 2M, 4M, 8M ...');
  return defaults;
}

function declaredDaxdevs(
  daxdevs: readonly (string | ManifestDaxdev | undefined)[],
  folder: string,
  collector: Collector,
): DeclaredDaxdev[] {
  const declared: DeclaredDaxdev[] = [];
  const known = new Map<string, string>();
  for (const [i, item] of daxdevs.entries()) {
    if (item === undefined) continue;
    const origin = ['pool', 'daxdevs', i];
    const fields: ManifestDaxdev = typeof item === 'string' ? { path: item } : item;
    const before = declared.length;
    declared.push(...itemDaxdevs(fields, typeof item === 'string' ? origin : [...origin, 'path'], folder, collector));
    if (declared.length > MAX_DAXDEVS) {
      collector.add(origin, `a pool has at most ${MAX_DAXDEVS} daxdevs`, 'name fewer');
      break;
    }
    for (const { path, uuid } of declared.slice(before)) {
      const names = [path, uuid].filter((name) => name !== undefined);
      const twin = names.find((name) => known.has(name));
      if (twin !== undefined) collector.add(origin, `${twin} is named twice`, 'name each daxdev once');
      for (const name of names) known.set(name, name);
    }
  }
  return declared;
}

/** The daxdevs that one item stands for. */
function itemDaxdevs(
  fields: ManifestDaxdev,
  origin: readonly (string | number)[],
  folder: string,
  collector: Collector,
): DeclaredDaxdev[] {
  const { path, uuid, size } = fields;
  const base = origin.slice(0, 3);
  if (path === undefined && uuid === undefined && !isPruned(fields))
    collector.add(base, 'it has neither path nor uuid', 'add one of them');
  if (uuid !== undefined && !isUuid(uuid))
    collector.add([...base, 'uuid'], `'${uuid}' is not a uuid`, 'famfs daxdev list prints the uuids of a pool');
  const bytes = collector.size(size, [...base, 'size']);
  if (size !== undefined && path === undefined && uuid !== undefined)
    collector.add([...base, 'size'], 'it is for images, which have a path', 'add path, or leave out size');
  const common = { uuid: uuid?.toLowerCase(), size: bytes, origin: base };
  const ranged = path === undefined ? undefined : collector.ranged(path, origin);
  if (ranged === undefined) return path === undefined ? [{ path: undefined, ...common }] : [];
  if (ranged.count > 1 && uuid !== undefined)
    collector.add([...base, 'uuid'], 'one uuid cannot be that of several daxdevs', 'leave it out');
  // one more than a pool can have is enough to see that there are too many
  const count = Math.min(ranged.count, MAX_DAXDEVS + 1);
  return Array.from({ length: count }, (_, i) => ({ path: resolve(folder, ranged.at(i)), ...common }));
}
