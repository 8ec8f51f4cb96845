/** Holds what --json wrote to the schemas of docs/json. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Schema } from 'ts-json-schema-generator';
import { hasDocument, schemaFile } from '../../scripts/schemaNames.js';
import { program } from '../../src/commands/index.js';
import { loadAll } from '../../src/ui/registry.js';
import { noteForms } from './jsonForms.js';
import { ROOT } from './root.js';

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
/** faults of one document that are named in a message */
const MOST_SHOWN = 20;

/** Schemas of the lines that follow a document, by command. */
const EVENTS: Readonly<Record<string, string>> = { logplay: 'logplay-event.json' };

interface Validator {
  readonly schema: Schema;
  readonly check: ValidateFunction;
}

const validators = new Map<string, Validator>();

/** of all commands; loaded for the first document */
let definitions: ReturnType<typeof loadAll> | undefined;

/** Forms of documents that were seen in this process; npm run test:forms asks for them when all tests have run. */
const seen = new Set<string>();
const record = process.env.FAMFS_JSON_FORMS;
if (record !== undefined)
  process.on('exit', () => writeFileSync(join(record, `${process.pid}.json`), JSON.stringify([...seen])));

interface Written {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Validates the document that a command line has written, and each error, warning, step and progress.
 * @throws when anything is not as its schema says
 */
export async function checkJson(argv: readonly string[], { stdout, stderr }: Written): Promise<void> {
  for (const line of stderr.split('\n')) {
    if (line.startsWith('{"error"')) validate('error.json', line, argv);
    if (line.startsWith('{"warning"')) validate('warning.json', line, argv);
    if (line.startsWith('{"step"')) validate('step.json', line, argv);
    if (line.startsWith('{"progress"')) validate('progress.json', line, argv);
  }
  if (stdout === '') return;
  const command = await commandOf(argv);
  if (command === undefined || !hasDocument(command)) return;
  const events = EVENTS[command];
  const [document = '', ...lines] =
    events === undefined || !argv.includes('--follow') ? [stdout] : stdout.trimEnd().split('\n');
  validate(schemaFile(command), document, argv);
  for (const line of lines) validate(events as string, line, argv);
}

/** Whether the words ask for JSON. */
export function asksJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? argv.length : end).includes('--json');
}

/** The name of the command that the words run; undefined where they ask for help or are none. */
async function commandOf(argv: readonly string[]): Promise<string | undefined> {
  if (argv.includes('--help') || argv.includes('--version')) return undefined;
  definitions ??= loadAll(program.commands);
  const commands = await definitions;
  for (let at = 0; at < argv.length; at++) {
    const words = [argv.slice(at, at + 2).join(' '), argv[at] as string];
    for (const word of words) {
      const found = commands.find(({ name, aliases = [] }) => name === word || aliases.includes(word));
      if (found !== undefined) return found.name;
    }
  }
  return undefined;
}

function validate(file: string, text: string, argv: readonly string[]): void {
  const { schema, check } = validator(file);
  const document: unknown = JSON.parse(text);
  if (check(document)) {
    if (record !== undefined) noteForms(file, schema, document, seen.add(file));
    return;
  }
  const faults = likelyFaults(check.errors ?? []).map(({ instancePath, message, params }) => {
    return `  ${instancePath}: ${message} ${JSON.stringify(params)}`;
  });
  throw new Error(
    [`famfs ${argv.join(' ')}: not as docs/json/${file} says:`, ...faults.slice(0, MOST_SHOWN)].join('\n'),
  );
}

/** Without the faults of forms that the value does not claim to have: their code, type or id is another one. */
function likelyFaults(faults: readonly ErrorObject[]): readonly ErrorObject[] {
  const formOf = ({ schemaPath }: ErrorObject) => /^.*\/anyOf\/\d+/.exec(schemaPath)?.[0] ?? '';
  const others = new Set(faults.filter(({ keyword }) => keyword === 'const').map(formOf));
  const likely = faults.filter((fault) => !others.has(formOf(fault)));
  return likely.length > 0 ? likely : faults;
}

function validator(file: string): Validator {
  const known = validators.get(file);
  if (known !== undefined) return known;
  const schema = JSON.parse(readFileSync(join(ROOT, 'docs/json', file), 'utf8'));
  const made = { schema, check: ajv.compile(schema) };
  validators.set(file, made);
  return made;
}
