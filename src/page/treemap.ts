/** The directory tree by allocated space, next to the lanes. */
import { type HierarchyRectangularNode, hierarchy, treemap, treemapSquarify } from 'd3-hierarchy';
import { lastName } from '../format/path.js';
import { isolated } from '../picture/isolated.js';
import { humanBytes } from '../ui/units.js';
import { FONT, fillBox, fitCanvas, INK } from './canvas.js';
import { element, nameElement } from './details.js';
import { cssOf, mix, type Palette, rgbOfPixel } from './palette.js';
import type { Pool } from './pool.js';
import type { State } from './state.js';

interface Folder {
  readonly name: string;
  readonly path: string;
  readonly folders: Map<string, Folder>;
  readonly files: number[];
}

/** A directory, a file, or (file -1 and no children) the small files of a directory combined. */
interface Item {
  readonly name: string;
  readonly path: string;
  readonly file: number;
  /** file that gives it its colour; -1 for a directory */
  readonly like: number;
  readonly bytes: number;
  readonly children?: Item[];
}

/** average area of a file in square pixels; files that would be smaller are combined */
const LEAST_AREA = 40;
const HEADING = 17;

export interface TreemapEvents {
  hover(file: number, x: number, y: number): void;
  select(file: number): void;
}

export class Treemap {
  readonly #root: Folder;
  readonly #context: CanvasRenderingContext2D;
  #focus: Folder;
  #nodes: HierarchyRectangularNode<Item>[] = [];
  #state: State;
  #palette: Palette;

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly crumbs: HTMLElement,
    readonly pool: Pool,
    state: State,
    palette: Palette,
    events: TreemapEvents,
  ) {
    this.#context = canvas.getContext('2d') as CanvasRenderingContext2D;
    this.#root = folders(pool);
    this.#focus = this.#root;
    this.#state = state;
    this.#palette = palette;
    canvas.addEventListener('pointermove', (event) =>
      events.hover(this.#at(event)?.data.file ?? -1, event.clientX, event.clientY),
    );
    canvas.addEventListener('pointerleave', () => events.hover(-1, 0, 0));
    canvas.addEventListener('click', (event) => {
      const node = this.#at(event);
      if (node === undefined) return;
      if (node.data.file >= 0) events.select(node.data.file);
      else this.#focusOn(node.data.path);
    });
    new ResizeObserver(() => this.#layout()).observe(canvas);
    this.#focusOn('');
  }

  update(state: State, palette: Palette): void {
    this.#state = state;
    this.#palette = palette;
    this.#draw();
  }

  #focusOn(path: string): void {
    let folder = this.#root;
    const buttons: Node[] = [crumb(this.#root.name, () => this.#focusOn(''))];
    for (const name of path === '' ? [] : path.split('/')) {
      const next = folder.folders.get(name);
      if (next === undefined) break;
      folder = next;
      buttons.push(
        document.createTextNode('/'),
        crumb(name, () => this.#focusOn(next.path)),
      );
    }
    this.crumbs.replaceChildren(...buttons);
    this.#focus = folder;
    this.#layout();
  }

  #at({ offsetX: x, offsetY: y }: MouseEvent): HierarchyRectangularNode<Item> | undefined {
    // later nodes are deeper, and drawn on top
    return this.#nodes.findLast((node) => node.x0 <= x && x < node.x1 && node.y0 <= y && y < node.y1);
  }

  #layout(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const ratio = fitCanvas(this.canvas);
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const total = bytesOf(this.#focus, this.pool);
    const root = hierarchy(itemOf(this.#focus, this.pool, (total * LEAST_AREA) / (width * height || 1)))
      .sum(({ children, bytes }) => (children === undefined ? bytes : 0))
      // many files as one come last, so that they do not take the place of the largest
      .sort((a, b) => Number(isMany(a.data)) - Number(isMany(b.data)) || (b.value ?? 0) - (a.value ?? 0));
    const laidOut = treemap<Item>()
      .tile(treemapSquarify)
      .size([width, height])
      .paddingInner(1)
      .paddingTop((node) => (node.depth > 0 && hasHeading(node) ? HEADING : 0))(root);
    this.#nodes = laidOut.descendants().slice(1);
    this.#draw();
  }

  #draw(): void {
    const context = this.#context;
    const shown = this.pool.filesUpTo(this.#state.entries);
    context.clearRect(0, 0, this.canvas.clientWidth, this.canvas.clientHeight);
    context.textBaseline = 'middle';
    context.direction = 'ltr';
    for (const node of this.#nodes) {
      const width = node.x1 - node.x0;
      const height = node.y1 - node.y0;
      if (width < 0.5 || height < 0.5) continue;
      const { file, children } = node.data;
      if (children !== undefined && !hasHeading(node)) continue;
      context.fillStyle = this.#colour(node.data, shown);
      context.fillRect(node.x0, node.y0, width, height);
      if (width < 34 || height < 13) continue;
      context.font = `${children ? '600 ' : ''}11.5px ${FONT}`;
      context.fillStyle = children || file < 0 ? this.#palette.text : INK;
      const text = `${isolated(labelOf(node))}${children ? `  ${humanBytes(node.value ?? 0)}` : ''}`;
      fillBox(context, { x: node.x0, y: node.y0, width, height }, text, node.y0 + HEADING / 2);
    }
    this.#outline(this.#state.selected, 2.5);
    this.#outline(this.#state.hovered, 1.5);
  }

  #colour({ file, like, children }: Item, shown: number): string {
    const { selected } = this.#state;
    if (children !== undefined) return cssOf(this.#palette.free);
    // a file that does not exist yet leaves its place empty
    if (like >= shown) return cssOf(this.#palette.panel);
    if (file < 0) return cssOf(mix(this.#palette.panel, rgbOfPixel(this.#palette.files[like]), 0.45));
    return cssOf(rgbOfPixel((selected >= 0 && selected !== file ? this.#palette.faded : this.#palette.files)[file]));
  }

  #outline(file: number, width: number): void {
    const node = file < 0 ? undefined : this.#nodes.find(({ data }) => data.file === file);
    if (node === undefined) return;
    this.#context.strokeStyle = this.#palette.mark;
    this.#context.lineWidth = width;
    this.#context.strokeRect(node.x0 + 1, node.y0 + 1, node.x1 - node.x0 - 2, node.y1 - node.y0 - 2);
  }
}

function crumb(name: string, press: () => void): HTMLElement {
  const button = element('button', nameElement(name));
  button.setAttribute('type', 'button');
  button.addEventListener('click', press);
  return button;
}

function folders(pool: Pool): Folder {
  const root: Folder = { name: 'all files', path: '', folders: new Map(), files: [] };
  for (const [file, path] of pool.files.paths.entries()) {
    let folder = root;
    const names = path.split('/');
    for (const name of names.slice(0, -1)) {
      let next = folder.folders.get(name);
      if (next === undefined) {
        next = { name, path: folder === root ? name : `${folder.path}/${name}`, folders: new Map(), files: [] };
        folder.folders.set(name, next);
      }
      folder = next;
    }
    folder.files.push(file);
  }
  return root;
}

/** The name of an item; for combined files, with their directory if that has no heading. */
function labelOf({ data, parent }: HierarchyRectangularNode<Item>): string {
  if (!isMany(data) || parent === null || hasHeading(parent)) return data.name;
  return `${parent.data.name}: ${data.name}`;
}

/** Whether an item stands for many files. */
function isMany({ file, children }: Item): boolean {
  return file < 0 && children === undefined;
}

/** Whether a directory is large enough for its name. Its box is laid out before its contents. */
function hasHeading({ x0, x1, y0, y1 }: HierarchyRectangularNode<Item>): boolean {
  return y1 - y0 > 2.5 * HEADING && x1 - x0 > 40;
}

function bytesOf(folder: Folder, pool: Pool): number {
  const files = folder.files.reduce((sum, file) => sum + pool.allocated[file], 0);
  return [...folder.folders.values()].reduce((sum, inner) => sum + bytesOf(inner, pool), files);
}

/** The parts of a directory to show: subdirectories, large files, and one for all files smaller than `least` bytes on average. */
function itemOf(folder: Folder, pool: Pool, least: number): Item {
  const { allocated } = pool;
  const own = folder.files.reduce((sum, file) => sum + allocated[file], 0);
  const most = Math.max(Math.floor(own / least), 1);
  const sorted =
    folder.files.length > most ? [...folder.files].sort((a, b) => allocated[b] - allocated[a]) : folder.files;
  const children = [...folder.folders.values()].map((inner) => itemOf(inner, pool, least));
  const shown = sorted.length > most ? sorted.slice(0, Math.floor(most / 2)) : sorted;
  for (const file of shown) {
    const path = pool.files.paths[file];
    children.push({ name: lastName(path), path, file, like: file, bytes: allocated[file] });
  }
  const small = sorted.slice(shown.length);
  if (small.length > 0) {
    const bytes = small.reduce((sum, file) => sum + allocated[file], 0);
    const name = shown.length === 0 ? `${small.length} files` : `${small.length} smaller files`;
    children.push({ name, path: folder.path, file: -1, like: Math.min(...small.slice(0, 1000)), bytes });
  }
  return { name: folder.name, path: folder.path, file: -1, like: -1, bytes: 0, children };
}
