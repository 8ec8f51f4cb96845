/** Holds a value to the schema, a part at a time: each error is an object, and a hostile manifest could have millions. */
import type { ErrorObject } from 'ajv';
import { MAX_DAXDEVS } from '../../format/superblock.js';
import { alikeRuns, type ItemRun } from './alikeItems.js';
import { type Mistake, MOST_REPORTED, type Place } from './mistakes.js';
import { isObject, type PlainObject } from './plainObject.js';
import type { Manifest } from './schema.js';
import { prune, schemaMistakes } from './schemaMistakes.js';

/** keys of an object; no object of a manifest has half as many */
const MOST_KEYS = 100;
/** items that are validated together */
const AT_ONCE = 1000;
const LISTS = ['directories', 'files'] as const;

type Validate = typeof import('./validateManifest.js').validateManifest;

export interface ValidationResult {
  /** what the schema allows: the rest was taken out */
  readonly manifest: Manifest;
  readonly mistakes: readonly Mistake[];
  /** there are so many mistakes that not all were looked for */
  readonly isCut: boolean;
  /** the files of the manifest, those together that are alike */
  readonly runs: readonly ItemRun[];
}

/** What the schema allows of a value, and what is wrong with the rest. */
export async function checkAgainstSchema(value: unknown): Promise<ValidationResult> {
  const { validateManifest } = await import('./validateManifest.js');
  const runs = runsOf(value);
  const sample = sampleOf(value, runs);
  if (isObject(sample) && wideObject(sample) === undefined && errorsOf(sample, validateManifest).length === 0)
    return { manifest: value as Manifest, mistakes: [], isCut: false, runs };
  const wide = isObject(value) ? wideObject(value) : undefined;
  if (wide !== undefined) return { manifest: {}, mistakes: [wide], isCut: true, runs };
  const errors = errorsOf(value, validateManifest);
  const isCut = errors.length > MOST_REPORTED;
  const mistakes = schemaMistakes(errors.slice(0, MOST_REPORTED));
  if (!isObject(value)) return { manifest: {}, mistakes, isCut, runs };
  if (!isCut) prune(value, errors);
  // without what was taken out, others are alike
  return { manifest: isCut ? {} : (value as Manifest), mistakes, isCut, runs: runsOf(value) };
}

/** What is wrong with a value; with more than MOST_REPORTED errors, not all. */
function errorsOf(value: unknown, validate: Validate): ErrorObject[] {
  const errors: ErrorObject[] = [];
  for (const { part, list, offset } of parts(value)) {
    if (validate(part)) continue;
    errors.push(...(validate.errors ?? []).map((error) => errorOfWhole(error, list, offset)));
    if (errors.length > MOST_REPORTED) break;
  }
  return errors;
}

function runsOf(value: unknown): ItemRun[] {
  return isObject(value) && Array.isArray(value.files) ? alikeRuns(value.files) : [];
}

/** A value with only the first of files that are alike. */
function sampleOf(value: unknown, runs: readonly ItemRun[]): unknown {
  const files = isObject(value) ? value.files : undefined;
  return isObject(value) && Array.isArray(files) ? { ...value, files: runs.map(({ begin }) => files[begin]) } : value;
}

interface Part {
  readonly part: unknown;
  /** the list that it has items of, from index `offset` */
  readonly list?: string;
  readonly offset: number;
}

function* parts(value: unknown): Generator<Part> {
  if (!isObject(value)) {
    yield { part: value, offset: 0 };
    return;
  }
  const lists = LISTS.filter((list) => Array.isArray(value[list]));
  yield { part: { ...value, ...Object.fromEntries(lists.map((list) => [list, []])) }, offset: 0 };
  for (const list of lists) {
    const items = value[list] as unknown[];
    for (let offset = 0; offset < items.length; offset += AT_ONCE)
      yield { part: { [list]: items.slice(offset, offset + AT_ONCE) }, list, offset };
  }
}

/** An error of a part as one of the whole. */
function errorOfWhole(error: ErrorObject, list: string | undefined, offset: number): ErrorObject {
  if (list === undefined || offset === 0) return error;
  const [, , index = '', ...rest] = error.instancePath.split('/');
  return { ...error, instancePath: ['', list, Number(index) + offset, ...rest].join('/') };
}

/** An object with more keys than are worth a look. */
function wideObject(value: PlainObject): Mistake | undefined {
  if (Object.keys(value).length > MOST_KEYS) return tooWide([]);
  for (const [key, inner] of Object.entries(value)) {
    const items: unknown[] = Array.isArray(inner) ? inner : [inner];
    const at = items.findIndex((item) => isObject(item) && Object.keys(item).length > MOST_KEYS);
    if (at >= 0) return tooWide(Array.isArray(inner) ? [key, at] : [key]);
  }
  const daxdevs = isObject(value.pool) ? value.pool.daxdevs : undefined;
  if (!Array.isArray(daxdevs) || daxdevs.length <= MAX_DAXDEVS) return undefined;
  const message = `a list of ${daxdevs.length} daxdevs`;
  return { place: ['pool', 'daxdevs'], message, hint: `a pool has at most ${MAX_DAXDEVS}` };
}

function tooWide(place: Place): Mistake {
  return { place, message: `it has more than ${MOST_KEYS} keys`, hint: 'docs/manifest.md lists the keys' };
}
