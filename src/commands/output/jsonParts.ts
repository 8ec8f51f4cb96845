/** Templates for JSON: on one line, or spread over lines as jsonPieces writes elements of an array. */
import type { Part } from '../../fs/pool/textTemplate.js';

/** A value: digits or words as they are, or parts that become one. */
export type JsonField = readonly [key: string, value: Part | readonly Part[]];

/** How JSON is written: on one line, or with each line after the first begun by `indent`, which grows by two spaces a level. */
export class JsonParts {
  constructor(readonly indent?: string) {}

  /** Within the braces and brackets of this one. */
  get inner(): JsonParts {
    return this.indent === undefined ? this : new JsonParts(`${this.indent}  `);
  }

  object(fields: readonly JsonField[]): Part[] {
    const colon = this.indent === undefined ? ':' : ': ';
    const members = fields.flatMap(([key, value], i): Part[] => [
      i === 0 ? '' : this.#between,
      `"${key}"${colon}`,
      ...(isList(value) ? value : [value]),
    ]);
    return [`{${this.#open}`, ...members, `${this.#close}}`];
  }

  /** An array of all rows, of which there must be some. */
  rows(row: readonly Part[]): Part[] {
    return [`[${this.#open}`, { rows: row, between: this.#between }, `${this.#close}]`];
  }

  get #open(): string {
    return this.indent === undefined ? '' : `\n${this.indent}  `;
  }

  get #between(): string {
    return `,${this.#open}`;
  }

  get #close(): string {
    return this.indent === undefined ? '' : `\n${this.indent}`;
  }
}

/** A string that needs no escapes. */
export function quoted(part: Part): Part[] {
  return ['"', part, '"'];
}

function isList(value: Part | readonly Part[]): value is readonly Part[] {
  return Array.isArray(value);
}
