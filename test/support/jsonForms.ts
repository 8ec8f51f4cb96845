/**
 * The forms that JSON documents may have, and those that one has: each member of a union, each value of a list of values,
 * each type of several. A form is named by its schema or definition and the way to it: `Severity = "error"`.
 */
import { Ajv, type AnySchema, type ValidateFunction } from 'ajv';
import type { Schema } from 'ts-json-schema-generator';

/** elements of a long array that are looked at */
const MOST_ELEMENTS = 200;

/** All forms of a schema, which the file `name` describes. */
export function formsIn(name: string, schema: Schema): Set<string> {
  const forms = new Set<string>();
  const visited = new Set<string>();
  const visit = (part: Schema, place: string): void => {
    const { definition, resolved } = resolve(part, schema);
    if (definition !== undefined) {
      if (!visited.has(definition)) visited.add(definition) && visit(resolved, definition);
      return;
    }
    for (const value of valuesOf(part)) forms.add(`${place} = ${JSON.stringify(value)}`);
    for (const type of typesOf(part)) forms.add(`${place}: ${type}`);
    for (const [index, member] of membersOf(part).entries()) {
      forms.add(`${place} | ${label(member, index)}`);
      visit(member, `${place} | ${label(member, index)}`);
    }
    for (const [key, property] of propertiesOf(part)) visit(property, `${place}.${key}`);
    if (isSchema(part.items)) visit(part.items, `${place}[]`);
    if (isSchema(part.additionalProperties)) visit(part.additionalProperties, `${place}.*`);
  };
  visit(schema, name);
  return forms;
}

/** Adds to `seen` the forms that a document has. It must be valid. */
export function noteForms(name: string, schema: Schema, document: unknown, seen: Set<string>): void {
  const visit = (part: Schema, value: unknown, place: string): void => {
    const { definition, resolved } = resolve(part, schema);
    if (definition !== undefined) {
      visit(resolved, value, definition);
      return;
    }
    if (valuesOf(part).includes(value)) seen.add(`${place} = ${JSON.stringify(value)}`);
    for (const type of typesOf(part)) if (isOfType(value, type)) seen.add(`${place}: ${type}`);
    for (const [index, member] of membersOf(part).entries()) {
      if (!validatorOf(member, schema)(value)) continue;
      seen.add(`${place} | ${label(member, index)}`);
      visit(member, value, `${place} | ${label(member, index)}`);
    }
    if (Array.isArray(value)) {
      const { items } = part;
      if (isSchema(items)) for (const element of value.slice(0, MOST_ELEMENTS)) visit(items, element, `${place}[]`);
    } else if (typeof value === 'object' && value !== null) {
      const properties = new Map(propertiesOf(part));
      for (const [key, field] of Object.entries(value)) {
        const property = properties.get(key);
        if (property !== undefined) visit(property, field, `${place}.${key}`);
        else if (isSchema(part.additionalProperties)) visit(part.additionalProperties, field, `${place}.*`);
      }
    }
  };
  visit(schema, document, name);
}

function resolve(part: Schema, schema: Schema): { definition: string | undefined; resolved: Schema } {
  const definition = part.$ref?.replace('#/definitions/', '');
  return { definition, resolved: definition === undefined ? part : (schema.definitions?.[definition] as Schema) };
}

function isSchema(part: unknown): part is Schema {
  return typeof part === 'object' && part !== null && !Array.isArray(part);
}

function valuesOf({ enum: values = [] }: Schema): readonly unknown[] {
  return values;
}

function typesOf({ type }: Schema): readonly string[] {
  return Array.isArray(type) ? type : [];
}

function membersOf({ anyOf = [] }: Schema): readonly Schema[] {
  return anyOf.filter(isSchema);
}

function propertiesOf({ properties = {} }: Schema): [string, Schema][] {
  return Object.entries(properties).filter((entry): entry is [string, Schema] => isSchema(entry[1]));
}

/** What tells a member of a union from the others, as far as that can be said in short. */
function label(member: Schema, index: number): string {
  if (member.$ref !== undefined) return member.$ref.replace('#/definitions/', '');
  const [key, constant] = propertiesOf(member).find(([, property]) => property.const !== undefined) ?? [];
  if (key !== undefined) return `${index} ${key} ${JSON.stringify(constant?.const)}`;
  return `${index} ${String(member.type ?? JSON.stringify(member.const))}`;
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'integer' || type === 'number') return typeof value === 'number';
  if (type === 'array') return Array.isArray(value);
  return value !== null && !Array.isArray(value) && typeof value === type;
}

const ajv = new Ajv({ allowUnionTypes: true });
const validators = new WeakMap<Schema, ValidateFunction>();

function validatorOf(member: Schema, { definitions = {} }: Schema): ValidateFunction {
  const known = validators.get(member);
  if (known !== undefined) return known;
  const made = ajv.compile({ ...member, definitions } as AnySchema);
  validators.set(member, made);
  return made;
}
