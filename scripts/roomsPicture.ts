/** The picture of the rooms of src in docs/architecture.md, drawn from the imports of the sources. */
import { FLOORS } from '../test/meta/rooms.js';
import { importsOf, roomOf, sourceFiles } from '../test/meta/sources.js';

/** The files of src itself, which connect the rooms. */
const ENTRY = 'src';

/** For each room, the rooms that it imports from. */
type Arrows = ReadonlyMap<string, ReadonlySet<string>>;

/** The page with the picture and the table between their marks regenerated. */
export function roomsPicture(page: string): string {
  return fill(fill(page, 'picture', drawPicture(readArrows())), 'rooms', drawTable());
}

function fill(page: string, mark: string, text: string): string {
  const between = new RegExp(`<!-- ${mark} -->\\n[\\s\\S]*?<!-- end -->`);
  if (!between.test(page)) throw new Error(`no mark for ${mark}`);
  return page.replace(between, () => `<!-- ${mark} -->\n${text}\n<!-- end -->`);
}

function readArrows(): Arrows {
  const arrows = new Map<string, Set<string>>();
  for (const path of sourceFiles('src')) {
    const from = roomOf(path) ?? ENTRY;
    for (const { target } of importsOf(path)) {
      const to = roomOf(target);
      if (to !== undefined && to !== from) arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
    }
  }
  return arrows;
}

function drawPicture(arrows: Arrows): string {
  const floors = FLOORS.map(
    (rooms, i) => `  subgraph floor${i}[" "]\n    ${Object.keys(rooms).map(box).join(' ~~~ ')}\n  end`,
  );
  const lines = [...arrows].flatMap(([from, rooms]) =>
    [...rooms].filter((to) => !isImplied(arrows, from, to)).map((to) => `  ${id(from)} --> ${id(to)}`),
  );
  return ['```mermaid', 'flowchart TD', `  ${box(ENTRY)}`, ...floors.reverse(), ...lines.sort(), '```'].join('\n');
}

/** Whether a path of other arrows exists: then this arrow is left out of the picture. */
function isImplied(arrows: Arrows, from: string, to: string): boolean {
  return [...(arrows.get(from) ?? [])].some((next) => next !== to && leads(arrows, next, to));
}

function leads(arrows: Arrows, from: string, to: string): boolean {
  const next = arrows.get(from) ?? new Set();
  return next.has(to) || [...next].some((room) => leads(arrows, room, to));
}

function box(room: string): string {
  return `${id(room)}["${room}"]`;
}

/** mermaid has reserved words (end, graph), which no name of a node may be. */
function id(room: string): string {
  return `r_${room.replaceAll('/', '_')}`;
}

function drawTable(): string {
  const rows = FLOORS.toReversed().flatMap((rooms) =>
    Object.entries(rooms).map(([room, about]) => `| \`${room}\` | ${about} |`),
  );
  return ['| room | what is there |', '| --- | --- |', ...rows].join('\n');
}
