/** JSON Schemas of everything that --json writes, generated from the types of the documents. */
import { join } from 'node:path';
import { createGenerator, type Schema, type SchemaGenerator } from 'ts-json-schema-generator';
import { program } from '../src/commands/index.js';
import { FORMAT_VERSION } from '../src/ui/output.js';
import { documentType, isPending, schemaFile } from './schemaNames.js';

const ROOT = join(import.meta.dirname, '..', '..');

/** What is written besides the documents of commands: file name, type. */
const LINES = { error: 'ErrorLine', warning: 'WarningLine', 'logplay-event': 'LogplayEvent' } as const;

/**
 * The schemas by file name, as text.
 * @throws when a type is missing, or cannot be said in JSON Schema
 */
export function jsonSchemas(): Map<string, string> {
  const commands = Object.keys(program.commands).filter((name) => !isPending(name));
  const generator = createGenerator({
    path: join(ROOT, 'src/{commands,ui}/**/*.ts'),
    tsconfig: join(ROOT, 'tsconfig.json'),
    // tsc has checked them already
    skipTypeCheck: true,
    expose: 'none',
    topRef: false,
    additionalProperties: false,
    sortProps: false,
  });
  const schema = (type: string) => whole(generate(generator, type));
  const documents = commands.map((name): [string, Schema] => [
    schemaFile(name),
    { title: `famfs ${name} --json`, ...versioned(schema(documentType(name))) },
  ]);
  const lines = Object.entries(LINES).map(([name, type]): [string, Schema] => [`${name}.json`, schema(type)]);
  return new Map([...documents, ...lines].map(([file, content]) => [file, toText(content)]));
}

/** Throws with the type's name, and without the pages of syntax tree that the generator's errors hold. */
function generate(generator: SchemaGenerator, type: string): Schema {
  try {
    return generator.createSchema(type) as Schema;
  } catch (error) {
    throw new Error(`${type}: ${(error as Error).message}`);
  }
}

/** Fields with numbers that need not be whole. */
const FRACTIONS = ['seconds'];

/** The schema with `integer` wherever numbers are counts, sizes, offsets and ids: everywhere but in FRACTIONS. */
function whole<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map(whole) as T;
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]) => {
    if (FRACTIONS.includes(key)) return [key, value];
    return [key, key === 'type' ? wholeType(value) : whole(value)];
  });
  return Object.fromEntries(entries);
}

function wholeType(type: unknown): unknown {
  if (Array.isArray(type)) return type.map(wholeType);
  return type === 'number' ? 'integer' : whole(type);
}

/** A schema with the field that the writer adds to every document; of a document of several forms, to each of them. */
function versioned(schema: Schema): Schema {
  if (schema.anyOf !== undefined) return { ...schema, anyOf: schema.anyOf.map((form) => versioned(form as Schema)) };
  const formatVersion = { type: 'integer', const: FORMAT_VERSION } as const;
  return {
    ...schema,
    properties: { formatVersion, ...schema.properties },
    required: ['formatVersion', ...(schema.required ?? [])],
  };
}

function toText(schema: Schema): string {
  const { definitions = {}, ...rest } = schema;
  return `${JSON.stringify(Object.keys(definitions).length > 0 ? schema : rest, null, 2)}\n`;
}
