/** Items of a list that say the same but for path and size, as nearly all of a long manifest do: only the first is looked at with care. */
import { isObject, type PlainObject } from './plainObject.js';

/** Items [begin, end) of a list. */
export interface ItemRun {
  readonly begin: number;
  readonly end: number;
}

/** All items of a list, each run as long as they are alike. What the schema says of the first of a run is so for all of it. */
export function alikeRuns(items: readonly unknown[]): ItemRun[] {
  const runs: ItemRun[] = [];
  let begin = 0;
  while (begin < items.length) {
    const model = items[begin];
    let end = begin + 1;
    if (isModel(model)) {
      const keys = Object.keys(model);
      while (end < items.length && isAlike(items[end], model, keys)) end++;
    }
    runs.push({ begin, end });
    begin = end;
  }
  return runs;
}

function isModel(item: unknown): item is PlainObject {
  return isObject(item) && isPath(item.path) && (item.size === undefined || isSize(item.size));
}

function isAlike(item: unknown, model: PlainObject, keys: readonly string[]): boolean {
  if (!isObject(item)) return false;
  let count = 0;
  for (const _ in item) count++;
  if (count !== keys.length) return false;
  // an iterator takes several times longer, as long as V8 has not compiled this
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    const value = item[key];
    // as many keys with values, so that none of others
    const isLike = key === 'path' ? isPath(value) : key === 'size' ? isSize(value) : value === model[key];
    if (value === undefined || !isLike) return false;
  }
  return true;
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isSize(value: unknown): boolean {
  return typeof value === 'string' || Number.isInteger(value);
}
