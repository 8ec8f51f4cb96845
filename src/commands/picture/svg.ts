/** The map of a pool as an SVG image: lanes to scale, in which every byte of a file is drawn once. */
import { allocatedBytes, type Fmap } from '../../format/fmap.js';
import type { FileInLog } from '../../fs/pool/fileBlock.js';
import type { Volume } from '../../fs/pool/volume.js';
import { joinRanges, type Range } from '../../fs/usage/range.js';
import { type DaxdevUsage, unusableRanges } from '../../fs/usage/usage.js';
import { fileColour, type Rgb } from '../../picture/colour.js';
import { directoriesOf } from '../../picture/directories.js';
import { isolated } from '../../picture/isolated.js';
import { escapeText } from '../../ui/text.js';
import { exactBytes, hex, humanBytes } from '../../ui/units.js';
import type { PoolFacts } from './sketches.js';

const WIDTH = 1200;
const LEFT = 64;
const RIGHT = 16;
const TOP = 46;
const LANE = 18;
const GAP = 4;
/**
 * with more ranges than this, files get the colour of their directory, and if that is not enough one for all, and are joined, so
 * that images stay small
 */
const MOST_RANGES = 100_000;
const MOST_DIRECTORIES = 7;
/** width in the image of the smallest poison */
const LEAST_POISON = 4;

interface DrawnFile {
  readonly path: string;
  readonly fmap: Fmap;
}

/** Collects the contents of the image, file by file. */
export class SvgBuilder {
  readonly #files: DrawnFile[] = [];

  add({ entry: { path, fmap } }: FileInLog): void {
    this.#files.push({ path, fmap });
  }

  /** The image of the pool, once all its files were added. */
  finish({ superblock }: Volume, { usage, poison }: PoolFacts): string {
    const { fsUuid, allocationUnit: unit } = superblock;
    const title = `famfs ${fsUuid}`;
    const paths = this.#files.map(({ path }) => path);
    const allocated = Float64Array.from(this.#files, ({ fmap }) => allocatedBytes(fmap));
    const directories = directoriesOf({ paths }, allocated);
    const colour = (rank: number, file: number) => cssOf(fileColour(rank, file, 'light'));
    const rankOf = (file: number) => directories.of[file]?.rank ?? 0;
    const lanes =
      this.#lanes(usage.length, (file) => colour(rankOf(file), file)) ??
      this.#lanes(usage.length, (file) => colour(rankOf(file), 0)) ??
      this.#lanes(usage.length, () => colour(0, 0), Number.POSITIVE_INFINITY);
    const largest = usage.reduce((size, daxdev) => Math.max(size, daxdev.size), 1);
    const names = directories.all.slice(0, MOST_DIRECTORIES);
    const height = TOP + usage.length * (LANE + GAP) + 26 + (names.length > 0 ? 24 : 0) + 8;
    return [
      ...head(height, title),
      ...usage.flatMap((daxdev, i) => laneLines(daxdev, lanes?.[i] ?? new Map(), largest, unit)),
      ...usage.flatMap(({ index }) => poisonLines(index, poison?.ranges[index] ?? [], largest)),
      ...axisLines(usage.length, largest),
      ...directoryLines(names, height - 16, (rank) => cssOf(fileColour(rank, 0, 'light'))),
      '</svg>\n',
    ].join('\n');
  }

  /** The joined ranges of each daxdev, by colour; undefined if there are more than `most`. */
  #lanes(count: number, colourOf: (file: number) => string, most = MOST_RANGES): LaneRanges[] | undefined {
    const lanes = Array.from({ length: count }, () => new Map<string, Range[]>());
    for (const [file, { fmap }] of this.#files.entries()) {
      const colour = colourOf(file);
      for (const { daxdev, deviceOffset, length } of fmap.extents) {
        const ranges = lanes[daxdev]?.get(colour) ?? [];
        ranges.push({ start: deviceOffset, end: deviceOffset + length });
        lanes[daxdev]?.set(colour, ranges);
      }
    }
    const joined = lanes.map((lane) => new Map([...lane].map(([colour, own]) => [colour, joinRanges(own).ranges])));
    const ranges = joined.reduce((sum, lane) => [...lane.values()].reduce((total, own) => total + own.length, sum), 0);
    return ranges > most ? undefined : joined;
  }
}

/** Ranges of a daxdev by colour. */
type LaneRanges = ReadonlyMap<string, readonly Range[]>;

function head(height: number, title: string): string[] {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="12">`,
    `<title>${xml(title)}</title>`,
    '<style>.back{fill:#fff}.free{fill:#e6e9ee}.text{fill:#1c2430}.soft{fill:#5d6878}' +
      '@media (prefers-color-scheme:dark){.back{fill:#181e28}.free{fill:#2a3341}.text{fill:#e8ecf2}.soft{fill:#98a4b5}}</style>',
    '<defs><pattern id="meta" width="6" height="6" patternUnits="userSpaceOnUse"><path d="M0 6L6 0" stroke="#6b7686" stroke-width="2"/></pattern>' +
      '<pattern id="bad" width="5" height="5" patternUnits="userSpaceOnUse"><path d="M0 5L5 0" stroke="#c62f3b" stroke-width="2"/></pattern>' +
      '<pattern id="poison" width="5" height="5" patternUnits="userSpaceOnUse"><rect width="5" height="5" fill="#fff"/><path d="M0 5L5 0M0 0L5 5" stroke="#111" stroke-width="1.5"/></pattern></defs>',
    `<rect class="back" width="${WIDTH}" height="${height}"/>`,
    `<text class="text" x="16" y="28" font-size="16" font-weight="600">${xml(title)}</text>`,
  ];
}

function laneLines(daxdev: DaxdevUsage, ranges: LaneRanges, largest: number, unit: number): string[] {
  const { index, size, begin, fileBytes, freeBytes } = daxdev;
  const y = TOP + index * (LANE + GAP);
  const scale = (WIDTH - LEFT - RIGHT) / largest;
  const width = size * scale;
  const share = fileBytes + freeBytes === 0 ? 0 : fileBytes / (fileBytes + freeBytes);
  const hatched = (id: string, { start, end }: Range) =>
    `<rect fill="url(#${id})" x="${round(LEFT + start * scale)}" y="${y}" width="${round((end - start) * scale)}" height="${LANE}"/>`;
  return [
    `<text class="text" x="22" y="${y + 13}" text-anchor="end" font-weight="600">${index}</text>`,
    `<text class="soft" x="${LEFT - 8}" y="${y + 13}" text-anchor="end">${Math.round(share * 100)}%</text>`,
    `<rect class="free" x="${LEFT}" y="${y}" width="${round(width)}" height="${LANE}"/>`,
    // within a lane a unit is an allocation unit, so nothing is rounded, and no renderer gets numbers that are too large for it
    `<svg x="${LEFT}" y="${y}" width="${round(width)}" height="${LANE}" viewBox="0 0 ${size / unit} 1" preserveAspectRatio="none" data-daxdev="${index}">`,
    ...[...ranges].map(([colour, own]) => `<path fill="${colour}" d="${pathOf(own, unit)}"/>`),
    '</svg>',
    hatched('meta', { start: 0, end: begin }),
    ...unusableRanges(daxdev).map((range) => hatched('bad', range)),
  ];
}

/** What cannot be read, over what is there, and wide enough to be seen; the title tells its true place. */
function poisonLines(index: number, ranges: readonly Range[], largest: number): string[] {
  const y = TOP + index * (LANE + GAP);
  const scale = (WIDTH - LEFT - RIGHT) / largest;
  return ranges.map(({ start, end }) => {
    const width = Math.max((end - start) * scale, LEAST_POISON);
    const x = Math.min(LEFT + start * scale, LEFT + largest * scale - width);
    const title = `poison: ${exactBytes(end - start)} of daxdev ${index} at ${hex(start)}`;
    return `<rect fill="url(#poison)" stroke="#c62f3b" x="${round(x)}" y="${y}" width="${round(width)}" height="${LANE}"><title>${title}</title></rect>`;
  });
}

function pathOf(ranges: readonly Range[], unit: number): string {
  return ranges
    .map(({ start, end }) => `M${start / unit} 0h${(end - start) / unit}v1h${(start - end) / unit}z`)
    .join('');
}

function axisLines(lanes: number, largest: number): string[] {
  const y = TOP + lanes * (LANE + GAP);
  const step = 2 ** Math.ceil(Math.log2(largest / 10));
  const lines: string[] = [];
  for (let at = 0; at <= largest; at += step) {
    const x = round(LEFT + (at * (WIDTH - LEFT - RIGHT)) / largest);
    lines.push(
      `<text class="soft" x="${x}" y="${y + 16}" text-anchor="middle" font-size="11">${exactBytes(at)}</text>`,
    );
  }
  return lines;
}

function directoryLines(
  directories: readonly { readonly path: string; readonly bytes: number }[],
  y: number,
  colourOf: (rank: number) => string,
): string[] {
  const width = (WIDTH - LEFT - RIGHT) / MOST_DIRECTORIES;
  return directories.flatMap(({ path, bytes }, rank) => {
    const x = LEFT + rank * width;
    const name = path.length > 14 ? `...${path.slice(-12)}` : path;
    return [
      `<rect x="${round(x)}" y="${y - 10}" width="11" height="11" fill="${colourOf(rank)}"/>`,
      `<text class="text" x="${round(x + 16)}" y="${y}">${xml(`${isolated(`/${escapeText(name)}`)} ${humanBytes(bytes)}`)}</text>`,
    ];
  });
}

function cssOf([red, green, blue]: Rgb): string {
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Text escaped for XML; characters that XML may not contain are replaced. */
function xml(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (char) => entities[char] as string).replace(/[\ufffe\uffff]/g, '\ufffd');
}
