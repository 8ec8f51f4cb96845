/** JSON Schemas of everything that --json writes, generated from the types of the documents. */
import { join } from 'node:path';
import { createGenerator, type Schema, type SchemaGenerator } from 'ts-json-schema-generator';
import { program } from '../src/commands/index.js';
import { ERRORS, WARNINGS } from '../src/fs/errorTable.js';
import { FORMAT_VERSION } from '../src/ui/output.js';
import { type Definitions, definitionName, plainSchema, usedDefinitions } from './plainSchema.js';
import { documentType, hasDocument, schemaFile } from './schemaNames.js';

const ROOT = join(import.meta.dirname, '..', '..');

/** Output besides the documents of commands: file name, type. */
const LINES = {
  error: 'ErrorLine',
  warning: 'WarningLine',
  step: 'StepLine',
  progress: 'ProgressLine',
  'logplay-event': 'LogplayEvent',
} as const;

const ERRNO: Schema = {
  type: 'string',
  pattern: '^E[A-Z0-9]+$',
  description: 'of a system call that no other code covers',
};

/**
 * The possible values of `code`, and of `code` in a warning: the user interface, where their types are, knows no codes of famfs.
 */
const CODE_FORMS: Readonly<Record<string, Schema[]>> = {
  ErrorLine: [{ $ref: '#/definitions/ErrorCode' }, ERRNO],
  WarningLine: [{ $ref: '#/definitions/WarningCode' }, { $ref: '#/definitions/ErrorCode' }, ERRNO],
};

const CODE_DEFINITIONS: Definitions = {
  ErrorCode: { type: 'string', enum: Object.keys(ERRORS), description: 'see docs/errors.md' },
  WarningCode: { type: 'string', enum: Object.keys(WARNINGS), description: 'see docs/errors.md' },
};

/**
 * The schemas by file name, as text.
 * @throws when a type is missing, or cannot be said in JSON Schema
 */
export function jsonSchemas(): Map<string, string> {
  const commands = Object.keys(program.commands).filter(hasDocument);
  const generator = createGenerator({
    path: join(ROOT, 'src/{commands,ui}/**/*.ts'),
    tsconfig: join(ROOT, 'tsconfig.json'),
    // tsc has checked them already
    skipTypeCheck: true,
    expose: 'export',
    topRef: false,
    additionalProperties: false,
    sortProps: false,
  });
  const documents = commands.map((name): [string, Schema] => {
    const { definitions, ...root } = plainSchema(generate(generator, documentType(name)));
    return [schemaFile(name), { title: `famfs ${name} --json`, ...versioned(root, definitions), definitions }];
  });
  const lines = Object.entries(LINES).map(([name, type]): [string, Schema] => [
    `${name}.json`,
    withCodes(plainSchema(generate(generator, type)), CODE_FORMS[type]),
  ]);
  return new Map([...documents, ...lines].map(([file, schema]) => [file, toText(schema)]));
}

/** With these forms for each `code` that is said to be symbolic; those of causes are others. */
function withCodes(schema: Schema, forms: readonly Schema[] = []): Schema {
  const text = JSON.stringify({ ...schema, definitions: { ...schema.definitions, ...CODE_DEFINITIONS } });
  return JSON.parse(text, (_, value) => {
    if (!String(value?.description).startsWith('symbolic')) return value;
    return { description: value.description, anyOf: forms };
  });
}

/** Throws with the type's name, and without the pages of syntax tree that the generator's errors hold. */
function generate(generator: SchemaGenerator, type: string): Schema {
  try {
    return generator.createSchema(type) as Schema;
  } catch (error) {
    throw new Error(`${type}: ${(error as Error).message}`);
  }
}

/** A schema with the field that the writer adds to every document; of a document of several forms, to each of them. */
function versioned(schema: Schema, definitions: Definitions): Schema {
  const { anyOf, $ref, properties, required = [] } = schema;
  // a named type may be a part of another document too, where it has no version
  if ($ref !== undefined) return versioned(definitions[definitionName($ref)] as Schema, definitions);
  if (anyOf !== undefined) return { ...schema, anyOf: anyOf.map((form) => versioned(form as Schema, definitions)) };
  const formatVersion = { type: 'integer', const: FORMAT_VERSION } as const;
  return { ...schema, properties: { formatVersion, ...properties }, required: ['formatVersion', ...required] };
}

/** The schema without the definitions that nothing refers to. */
function toText({ definitions = {}, ...root }: Schema): string {
  const used = usedDefinitions(root, definitions);
  const kept = Object.entries(definitions).filter(([name]) => used.has(name));
  return `${JSON.stringify({ ...root, ...(kept.length > 0 && { definitions: Object.fromEntries(kept) }) }, null, 2)}\n`;
}
