/** The page of a pool: the template from the build, with the pool in it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import type { FileInLog } from '../../fs/pool/fileBlock.js';
import type { Volume } from '../../fs/pool/volume.js';
import type { Range } from '../../fs/usage/range.js';
import type { Spread } from '../../fs/usage/spread.js';
import { unusableRanges } from '../../fs/usage/usage.js';
import { type ExpectedBytes, type PageBalance, PageDataWriter, type PageDaxdev } from '../../picture/pageData.js';
import { escapeText } from '../../ui/text.js';
import type { PolicyBalance, PoolFacts } from './sketches.js';

const TEMPLATE = join('dist', 'page.html');
const POOL_MARK = '@POOL@';
/** dist/ itself, src/commands/picture and out/src/commands/picture are at most this deep */
const MOST_LEVELS = 6;

/** Collects the contents of the page, file by file. */
export class PageBuilder {
  readonly #data = new PageDataWriter();

  add({ entry, slot }: FileInLog): void {
    this.#data.add(escapeText(entry.path), slot, entry);
  }

  /** The page of the pool, once all its files were added. */
  finish({ superblock, log, replay, members }: Volume, { usage, poison, balance }: PoolFacts): string {
    const daxdevs = usage.map((one): PageDaxdev => {
      const { uuid, slot } = replay.daxdevs[one.index] as (typeof replay.daxdevs)[number];
      const { path, state } = members.member(one.index);
      const { index, size, begin } = one;
      const unusable = bounds(unusableRanges(one));
      const poisoned = bounds(poison?.ranges[index] ?? []);
      return {
        index,
        uuid,
        path: path === undefined ? null : escapeText(path),
        state,
        size,
        begin,
        slot,
        unusable,
        poisoned,
      };
    });
    const { fsUuid, allocationUnit: unit } = superblock;
    const pool = { fsUuid, unit, slots: replay.next, slotCapacity: log.capacity, daxdevs };
    const checks = { checked: poison?.scope ?? null, balance: balance === undefined ? null : pageBalance(balance) };
    const bytes = this.#data.finish({ ...pool, ...checks });
    const packed = Buffer.from(deflateRawSync(bytes)).toString('base64');
    return readTemplate().replace(POOL_MARK, () => packed);
  }
}

/** Start and end of each range, one after the other. */
function bounds(ranges: readonly Range[]): number[] {
  return ranges.flatMap(({ start, end }) => [start, end]);
}

function pageBalance({ policy, expected: { runs, daxdevs, deviation } }: PolicyBalance): PageBalance {
  const spread = ({ least, mean, most }: Spread): ExpectedBytes => [
    Math.round(least),
    Math.round(mean),
    Math.round(most),
  ];
  return { policy, runs, expected: daxdevs.map(spread), deviation: spread(deviation) };
}

function readTemplate(): string {
  // the single executable has it inside
  const { isSea, getAsset } = process.getBuiltinModule('node:sea');
  if (isSea()) return getAsset('page.html', 'utf8');
  let folder = import.meta.dirname;
  for (let level = 0; level < MOST_LEVELS; level++, folder = dirname(folder)) {
    const path = join(folder, TEMPLATE);
    if (existsSync(path)) return readFileSync(path, 'utf8');
  }
  throw new Error(`${TEMPLATE} is not built: npm run build`);
}
