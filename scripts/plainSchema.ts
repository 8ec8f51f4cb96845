/** Turns schemas from ts-json-schema-generator into a form that is readable and stable. */
import type { Schema } from 'ts-json-schema-generator';

export type Definitions = NonNullable<Schema['definitions']>;

/** Fields whose numbers need not be whole. */
const FRACTIONS = ['seconds'];

/**
 * The same schema with `integer` for `number`, because everything but FRACTIONS is a count, a size, an offset or an id, and with
 * definitions of named types only: the generator names anonymous types after their place in the source.
 */
export function plainSchema({ definitions = {}, ...root }: Schema): Schema & { definitions: Definitions } {
  const named = Object.entries(definitions).filter(([name]) => isName(name));
  return {
    ...plain(root, definitions),
    definitions: Object.fromEntries(named.map(([name, schema]) => [name, plain(schema, definitions)])),
  };
}

export function definitionName($ref: string): string {
  return decodeURIComponent($ref.replace('#/definitions/', ''));
}

/** The names of everything that a schema refers to, directly or indirectly. */
export function usedDefinitions(root: Schema, definitions: Definitions): Set<string> {
  const used = new Set<string>();
  const visit = (schema: unknown) => {
    for (const [, $ref = ''] of JSON.stringify(schema).matchAll(/"\$ref":"([^"]+)"/g)) {
      const name = definitionName($ref);
      if (used.has(name)) continue;
      used.add(name);
      visit(definitions[name]);
    }
  };
  visit(root);
  return used;
}

function isName(name: string): boolean {
  return /^\w+$/.test(name);
}

function plain<T>(schema: T, definitions: Definitions): T {
  if (Array.isArray(schema)) return schema.map((item) => plain(item, definitions)) as T;
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref, ...rest } = schema as { $ref?: string };
  if ($ref !== undefined && !isName(definitionName($ref)))
    return plain({ ...(definitions[definitionName($ref)] as object), ...rest }, definitions) as T;
  const entries = Object.entries(schema).map(([key, value]) => {
    if (FRACTIONS.includes(key)) return [key, value];
    return [key, key === 'type' ? wholeType(value, definitions) : plain(value, definitions)];
  });
  return Object.fromEntries(entries);
}

/** `type` is a keyword, or a field of that name. */
function wholeType(type: unknown, definitions: Definitions): unknown {
  if (Array.isArray(type)) return type.map((one) => wholeType(one, definitions));
  return type === 'number' ? 'integer' : plain(type, definitions);
}
