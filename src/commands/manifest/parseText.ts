/**
 * The text of a manifest, YAML or JSON, as plain values that remember their places. Anyone may have written it: size, depth
 * and number of tokens are bounded, and anchors, aliases and tags are refused.
 */
import type { Document, Node, Pair, ParsedNode, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { Mistake, Place, Position } from './mistakes.js';
import { plainScalar } from './plainScalar.js';
import { quickYaml } from './quickYaml.js';

/** bytes; JSON is read many times faster, and in less memory */
const LONGEST_YAML = 8 * 1024 ** 2;
/** of the lexer: about 100,000 items of a list */
const MOST_TOKENS = 2_000_000;
/** collections inside of each other, as the parser counts them; a manifest has fewer than ten */
const DEEPEST = 40;
/** errors of the parser that are kept: one mistake can cause many */
const MOST_ERRORS = 20;

const SMALLER = 'use ranges such as shard-{000..999}, write it as JSON, or split it';

export interface ManifestText {
  readonly value: unknown;
  /** the text itself is wrong */
  readonly mistakes: readonly Mistake[];
  /** To be awaited before the first call of locate: the fast parsers do not say where things are. */
  prepareToLocate(): Promise<void>;
  /** Where a value or its key is; undefined where that cannot be said. */
  locate(place: Place, atKey: boolean): Position | undefined;
}

type Yaml = typeof import('yaml');

/** Reads a manifest. What is wrong with the text is in `mistakes`, and `value` then means nothing. */
export async function parseText(text: string): Promise<ManifestText> {
  const isJson = text.trimStart().startsWith('{');
  const value =
    (isJson ? tryJson(text) : undefined) ?? (text.length > LONGEST_YAML ? undefined : await quickYaml(text));
  const slowly = async () => new YamlText(await import('yaml'), text);
  if (value === undefined) return slowly();
  let parsed: YamlText | undefined;
  return {
    value,
    mistakes: [],
    prepareToLocate: async () => {
      parsed ??= await slowly();
    },
    locate: (place, atKey) =>
      parsed === undefined || parsed.mistakes.length > 0 ? undefined : parsed.locate(place, atKey),
  };
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // as YAML, its mistakes have places
    return undefined;
  }
}

class YamlText implements ManifestText {
  readonly value: unknown;
  readonly mistakes: Mistake[] = [];
  readonly #yaml: Yaml;
  readonly #lines: InstanceType<Yaml['LineCounter']>;
  #root: Node | null = null;

  constructor(yaml: Yaml, text: string) {
    this.#yaml = yaml;
    this.#lines = new yaml.LineCounter();
    const document = this.#compose(text);
    for (const { pos, message } of document?.errors.slice(0, MOST_ERRORS) ?? [])
      this.#refuse(pos[0], message.replace(/\s+/g, ' '), 'correct the YAML');
    if (document === undefined || this.mistakes.length > 0) return;
    this.#root = document.contents;
    this.value = this.#plain(document.contents);
  }

  async prepareToLocate(): Promise<void> {}

  locate(place: Place, atKey: boolean): Position | undefined {
    let node: Node | null | undefined = this.#root;
    let offset = node?.range?.[0];
    for (const [i, part] of place.entries()) {
      const pair: Pair<unknown, unknown> | undefined = this.#yaml.isMap(node) ? pairOf(node, part) : undefined;
      const next: Node | null | undefined =
        pair === undefined ? itemOf(this.#yaml, node, part) : (pair.value as Node | null);
      const key = pair?.key as Node | undefined;
      const target: Node | null | undefined = atKey && i === place.length - 1 ? key : (next ?? key);
      // what is missing is looked for where it should be
      if (target?.range === undefined || target.range === null) break;
      offset = target.range[0];
      node = next;
    }
    return offset === undefined ? undefined : this.#position(offset);
  }

  #position(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  #refuse(offset: number, message: string, hint: string): void {
    this.mistakes.push({ place: [], position: this.#position(offset), message, hint });
  }

  /** Token by token, since a parser that is given all at once would first take all the memory and all the time it wants. */
  #compose(text: string): Document.Parsed | undefined {
    const { Composer, Lexer, Parser } = this.#yaml;
    if (text.length > LONGEST_YAML) {
      this.#refuse(0, `it has ${text.length} characters; YAML may have at most ${LONGEST_YAML}`, SMALLER);
      return undefined;
    }
    const parser = new Parser(this.#lines.addNewLine);
    this.#lines.addNewLine(0);
    const tokens = [];
    let count = 0;
    for (const lexeme of new Lexer().lex(text)) {
      for (const token of parser.next(lexeme)) tokens.push(token);
      if (parser.stack.length > DEEPEST) {
        this.#refuse(parser.offset, 'it is nested too deeply', 'a manifest has lists of mappings, and nothing deeper');
        return undefined;
      }
      if (++count > MOST_TOKENS) {
        this.#refuse(parser.offset, `it has more than ${MOST_TOKENS} tokens, too many for YAML`, SMALLER);
        return undefined;
      }
    }
    for (const token of parser.end()) tokens.push(token);
    // uniqueKeys: compares each key with all others; here a set does
    const options = { schema: 'failsafe', logLevel: 'silent', prettyErrors: false, uniqueKeys: false } as const;
    const [document, second] = [...new Composer(options).compose(tokens, true, text.length)];
    if (second !== undefined) this.#refuse(second.range[0], 'a second document begins here', 'write a single document');
    return document as Document.Parsed | undefined;
  }

  /** A node as a value; of scalars by our own rules, so that 0644 keeps its digits and sizes are not rounded. */
  #plain(node: ParsedNode | Node | null): unknown {
    const { isAlias, isMap, isScalar, isSeq } = this.#yaml;
    if (node === null) return undefined;
    const offset = node.range?.[0] ?? 0;
    if (isAlias(node))
      return this.#refuse(offset, `the alias *${node.source} is not allowed`, 'write the value again, or use defaults');
    if (node.anchor !== undefined)
      this.#refuse(offset, `the anchor &${node.anchor} is not allowed`, 'remove it: a manifest has no aliases');
    if (node.tag !== undefined) this.#refuse(offset, `the tag ${node.tag} is not allowed`, 'remove it');
    if (isScalar(node)) return scalarValue(node);
    if (isSeq(node)) return (node as YAMLSeq<Node>).items.map((item) => this.#plain(item));
    return isMap(node) ? this.#mapping(node as YAMLMap<Node, Node | null>) : undefined;
  }

  #mapping(map: YAMLMap<Node, Node | null>): object {
    const fields = new Map<string, unknown>();
    for (const { key, value } of map.items) {
      const offset = key?.range?.[0] ?? 0;
      if (!this.#yaml.isScalar(key)) this.#refuse(offset, 'a key must be text', 'write the name of a key');
      else if (fields.has(String(key.value)))
        this.#refuse(offset, `the key ${key.value} is repeated`, 'remove one of them');
      else fields.set(String(key.value), this.#plain(value));
    }
    return Object.fromEntries([...fields].filter(([, value]) => value !== undefined));
  }
}

/** Undefined for nothing, null and ~: such a key is as good as absent. */
function scalarValue({ source = '', type, value }: Scalar): string | number | boolean | undefined {
  return type === 'PLAIN' ? (plainScalar(source) ?? undefined) : String(value);
}

function pairOf(map: YAMLMap, name: string | number): Pair<unknown, unknown> | undefined {
  return map.items.find(({ key }) => String((key as Scalar | null)?.value) === String(name));
}

function itemOf(yaml: Yaml, node: Node | null | undefined, index: string | number): Node | undefined {
  return yaml.isSeq(node) && typeof index === 'number' ? (node.items[index] as Node | undefined) : undefined;
}
