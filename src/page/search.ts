/** Finds files by a part of their path, or by an address on a daxdev. */
import { parseSize } from '../ui/size.js';
import { hex } from '../ui/units.js';
import { element, nameElement } from './details.js';
import type { Pool } from './pool.js';

const MOST_MATCHES = 50;

export interface Match {
  /** -1 if nothing is there */
  readonly file: number;
  readonly text: string;
  /** extent that was found by its address; -1 for the whole file */
  readonly extent: number;
}

/** Finds the owner of an address (`3 0x40200000`, `3:1G`), or the files whose path contains the text. */
export function find(pool: Pool, text: string): Match[] {
  const address = /^\s*(\d{1,3})[\s:,]+(\S+)\s*$/.exec(text);
  const offset = address === null ? undefined : parseOffset(address[2]);
  if (address !== null && offset !== undefined) return [whois(pool, Number(address[1]), offset)];
  const wanted = text.trim().toLowerCase().replace(/^\//, '');
  const matches: Match[] = [];
  if (wanted === '') return matches;
  for (const [file, path] of pool.files.paths.entries()) {
    if (!path.toLowerCase().includes(wanted)) continue;
    matches.push({ file, text: path, extent: -1 });
    if (matches.length === MOST_MATCHES) break;
  }
  return matches;
}

function parseOffset(text: string): number | undefined {
  try {
    return parseSize(text);
  } catch {
    return undefined;
  }
}

function whois(pool: Pool, daxdev: number, offset: number): Match {
  const { daxdevs, offsets, lengths } = pool.files;
  const row = pool.header.daxdevs[daxdev];
  if (row === undefined) return { file: -1, extent: -1, text: `the pool has no daxdev ${daxdev}` };
  if (offset >= row.size) return { file: -1, extent: -1, text: `daxdev ${daxdev} ends before ${hex(offset)}` };
  for (let extent = 0; extent < offsets.length; extent++) {
    if (daxdevs[extent] !== daxdev || offset < offsets[extent] || offset >= offsets[extent] + lengths[extent]) continue;
    const file = pool.fileOf[extent];
    return { file, extent, text: pool.files.paths[file] };
  }
  return { file: -1, extent: -1, text: `no file has ${hex(offset)} of daxdev ${daxdev}` };
}

export class Search {
  #matches: Match[] = [];
  #chosen = 0;

  constructor(
    readonly form: HTMLFormElement,
    readonly input: HTMLInputElement,
    readonly list: HTMLElement,
    readonly pool: Pool,
    readonly choose: (match: Match) => void,
  ) {
    input.addEventListener('input', () => this.#find());
    input.addEventListener('focus', () => this.#find());
    input.addEventListener('blur', () => {
      // a click in the list comes after this event
      setTimeout(() => {
        list.hidden = true;
      }, 200);
    });
    input.addEventListener('keydown', (event) => this.#key(event));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#take(this.#chosen);
    });
  }

  #find(): void {
    this.#matches = find(this.pool, this.input.value);
    this.#chosen = 0;
    this.#show();
  }

  #show(): void {
    const rows = this.#matches.map(({ file, text }, i) => {
      const row = element('li', nameElement(text));
      if (file < 0) row.className = 'note';
      row.setAttribute('aria-selected', String(i === this.#chosen && file >= 0));
      row.addEventListener('pointerdown', () => this.#take(i));
      return row;
    });
    if (rows.length === 0 && this.input.value.trim() !== '') {
      const note = element('li', 'no path contains that');
      note.className = 'note';
      rows.push(note);
    }
    this.list.replaceChildren(...rows);
    this.list.hidden = rows.length === 0;
  }

  #key(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || this.#matches.length === 0) return;
    event.preventDefault();
    this.#chosen = (this.#chosen + step + this.#matches.length) % this.#matches.length;
    this.#show();
    this.list.children[this.#chosen]?.scrollIntoView({ block: 'nearest' });
  }

  #take(i: number): void {
    const match = this.#matches[i];
    if (match === undefined || match.file < 0) return;
    this.choose(match);
    this.list.hidden = true;
    this.input.blur();
  }
}
