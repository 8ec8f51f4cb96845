/**
 * Configuration in any YAML: sections with keys, whose values are kept as text. Loaded only for a file that simpleConfig does not read,
 * because the parser takes ten milliseconds to load.
 */
import type { Node, Scalar } from 'yaml';
import { FamfsError } from '../errors.js';
import type { ConfigLine } from './configFile.js';

type Yaml = typeof import('yaml');

/** of the lexer; a configuration has some hundred */
const MOST_TOKENS = 200_000;
/** collections inside of each other, as the parser counts them */
const DEEPEST = 20;
const HINT = 'see: famfs help config set';

/** Gives the settings of any file, in order; `name` is the file, for errors. Throws BAD_CONFIG with the line. */
export type ConfigParser = (text: string, name: string) => ConfigLine[];

/** Loads the parser. */
export async function configParser(): Promise<ConfigParser> {
  const yaml = await import('yaml');
  return (text, name) => new ConfigReader(yaml, text, name).settings();
}

class ConfigReader {
  readonly #lines: InstanceType<Yaml['LineCounter']>;

  constructor(
    private readonly yaml: Yaml,
    private readonly text: string,
    private readonly name: string,
  ) {
    this.#lines = new yaml.LineCounter();
  }

  settings(): ConfigLine[] {
    const root = this.#compose();
    if (root === null || this.#isNothing(root)) return [];
    return this.#fields(root, 'the file').flatMap(([section, value]) => {
      if (value === null || this.#isNothing(value)) return [];
      this.#requirePlain(value);
      if (!this.yaml.isMap(value)) return [{ key: section, value: '', line: this.#line(value) }];
      return this.#fields(value, section).flatMap(([key, node]) => this.#values(`${section}.${key}`, node, value));
    });
  }

  /** Token by token, since a parser that is given all at once would first take all the memory and all the time it wants. */
  #compose(): Node | null {
    const { Composer, Lexer, Parser } = this.yaml;
    const parser = new Parser(this.#lines.addNewLine);
    this.#lines.addNewLine(0);
    const tokens = [];
    let count = 0;
    for (const lexeme of new Lexer().lex(this.text)) {
      for (const token of parser.next(lexeme)) tokens.push(token);
      if (parser.stack.length > DEEPEST) this.#refuse(parser.offset, 'it is nested too deeply');
      if (++count > MOST_TOKENS) this.#refuse(parser.offset, `it has more than ${MOST_TOKENS} tokens`);
    }
    for (const token of parser.end()) tokens.push(token);
    // uniqueKeys: compares each key with all others; here a set does
    const options = { schema: 'failsafe', logLevel: 'silent', prettyErrors: false, uniqueKeys: false } as const;
    const [document, second] = [...new Composer(options).compose(tokens, true, this.text.length)];
    const [error] = document?.errors ?? [];
    if (error !== undefined) this.#refuse(error.pos[0], error.message.replace(/\s+/g, ' '));
    if (second !== undefined) this.#refuse(second.range[0], 'a second document begins here');
    return document?.contents ?? null;
  }

  /** The keys and values of a mapping. */
  #fields(map: Node, what: string): [key: string, value: Node | null][] {
    this.#requirePlain(map);
    if (!this.yaml.isMap(map)) return this.#refuse(map.range?.[0] ?? 0, `${what} is not a mapping of keys to values`);
    const seen = new Set<string>();
    return map.items.map(({ key, value }) => {
      const offset = (key as Node | null)?.range?.[0] ?? 0;
      if (!this.yaml.isScalar(key)) return this.#refuse(offset, 'a key must be text');
      this.#requirePlain(key);
      const name = String(key.value);
      if (seen.has(name)) this.#refuse(offset, `the key ${name} is repeated`);
      seen.add(name);
      return [name, value as Node | null];
    });
  }

  /** One setting for a scalar, one for each item of a list. */
  #values(key: string, node: Node | null, parent: Node): ConfigLine[] {
    if (node !== null && this.yaml.isSeq(node)) {
      this.#requirePlain(node);
      return node.items.flatMap((item) => this.#values(key, item as Node | null, node));
    }
    if (node === null || this.#isNothing(node))
      return this.#refuse((node ?? parent).range?.[0] ?? 0, `${key} has no value`);
    this.#requirePlain(node);
    // what is nested deeper is no key of ours
    if (!this.yaml.isScalar(node)) return [{ key, value: '', line: this.#line(node) }];
    return [{ key, value: String(node.value), line: this.#line(node) }];
  }

  /** Nothing, null or ~. */
  #isNothing(node: Node): boolean {
    if (!this.yaml.isScalar(node) || node.anchor !== undefined || node.tag !== undefined) return false;
    const { type, source = '' } = node as Scalar;
    return type === 'PLAIN' && (source === '' || source === 'null' || source === '~');
  }

  #requirePlain(node: Node): void {
    const offset = node.range?.[0] ?? 0;
    if (this.yaml.isAlias(node)) this.#refuse(offset, `the alias *${node.source} is not allowed`);
    const { anchor, tag } = node as Scalar;
    if (anchor !== undefined) this.#refuse(offset, `the anchor &${anchor} is not allowed`);
    if (tag !== undefined) this.#refuse(offset, `the tag ${tag} is not allowed`);
  }

  #line(node: Node): number {
    return this.#lines.linePos(node.range?.[0] ?? 0).line;
  }

  #refuse(offset: number, why: string): never {
    const line = Math.max(this.#lines.linePos(offset).line, 1);
    throw new FamfsError('BAD_CONFIG', `${this.name}:${line}: ${why}`, { hint: HINT });
  }
}
