/** What the validator objects to, as mistakes that a person can correct. */
import type { ErrorObject } from 'ajv';
import { nearest } from '../../ui/suggest.js';
import type { Mistake, Place } from './mistakes.js';
import { MANIFEST_SCHEMA } from './schema.js';

/** characters of a name that a message shows */
const LONGEST_SHOWN = 60;

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping',
  array: 'a list',
};

/** The mistakes that the errors of the validator stand for. */
export function schemaMistakes(errors: readonly ErrorObject[]): Mistake[] {
  const unknown = errors.filter(({ keyword }) => keyword === 'additionalProperties');
  // a key that is misspelt is not missing too
  const isMisspelt = ({ keyword, instancePath, params }: ErrorObject) =>
    keyword === 'required' &&
    unknown.some((other) => other.instancePath === instancePath && isSlip(other, params.missingProperty));
  return errors.filter((error) => !isMisspelt(error)).map(schemaMistake);
}

function isSlip({ params }: ErrorObject, key: string): boolean {
  return nearest(params.additionalProperty, [key]) === key;
}

/**
 * Takes out of a value, in place, what the validator objects to, so that the rest can be read and its mistakes found too. An item
 * of a list that means nothing then becomes undefined, as does the value of a key that is wrong or unknown.
 */
export function prune(value: unknown, errors: readonly ErrorObject[]): void {
  for (const { instancePath, keyword, params } of errors) {
    const whole = placeOf(instancePath);
    // an item whose path is wrong means nothing
    const place = whole.length === 3 && whole[2] === 'path' ? whole.slice(0, 2) : whole;
    const key = keyword === 'additionalProperties' ? params.additionalProperty : place.at(-1);
    const parents = keyword === 'additionalProperties' ? place : place.slice(0, -1);
    let parent: unknown = value;
    for (const part of parents) parent = isObject(parent) ? parent[part as string] : undefined;
    if (isObject(parent) && key !== undefined) parent[key] = undefined;
  }
}

/** Whether something was taken out of an object: what it lacks is no mistake of its own then. */
export function isPruned(value: object): boolean {
  return Object.values(value).some((inner) => inner === undefined);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function schemaMistake(error: ErrorObject): Mistake {
  const place = placeOf(error.instancePath);
  const { keyword, params } = error;
  switch (keyword) {
    case 'additionalProperties':
      return unknownKey(place, params.additionalProperty, error);
    case 'required':
      return { place, message: `the key ${params.missingProperty} is missing`, hint: `add ${params.missingProperty}` };
    case 'type':
      return { place, message: `it must be ${kindsOf(params.type)}`, hint: typeHint(params.type) };
    case 'enum':
      return { place, message: 'the value is not allowed', hint: `allowed: ${params.allowedValues.join(', ')}` };
    case 'const':
      return { place, message: 'the value is not allowed', hint: `allowed: ${params.allowedValue}` };
    case 'minimum':
      return { place, message: 'the number is too small', hint: `the least is ${params.limit}` };
    case 'maximum':
      return { place, message: 'the number is too large', hint: `the largest is ${params.limit}` };
    case 'minLength':
      return { place, message: 'the text is empty', hint: 'write a path' };
    case 'minItems':
      return { place, message: 'the list is empty', hint: 'name at least one, or leave out the key' };
    default:
      return { place, message: error.message ?? keyword, hint: 'see docs/manifest.md' };
  }
}

function unknownKey(place: Place, key: string, { schemaPath }: ErrorObject): Mistake {
  const known = knownKeys(schemaPath);
  const near = nearest(key, known);
  const list = `the keys are ${known.join(', ')}`;
  return {
    place: [...place, key],
    atKey: true,
    message: `unknown key ${key.length > LONGEST_SHOWN ? `${key.slice(0, LONGEST_SHOWN)}...` : key}`,
    hint: near === undefined ? list : `did you mean ${near}? ${list}`,
  };
}

/** The keys that the schema at #/properties/files/items/additionalProperties allows. */
function knownKeys(schemaPath: string): string[] {
  let schema: unknown = MANIFEST_SCHEMA;
  for (const part of schemaPath.split('/').slice(1, -1)) schema = (schema as Record<string, unknown>)[part];
  return Object.keys((schema as { properties: object }).properties);
}

function kindsOf(type: string | readonly string[]): string {
  return [type]
    .flat()
    .map((kind) => KINDS[kind as string] ?? kind)
    .join(' or ');
}

function typeHint(type: string | readonly string[]): string {
  if (type === 'string') return 'put it in quotes';
  if (type === 'array') return "begin each item with '- '";
  return 'docs/manifest.md has examples';
}

/** A JSON pointer as keys and indices. */
function placeOf(pointer: string): Place {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')));
}
