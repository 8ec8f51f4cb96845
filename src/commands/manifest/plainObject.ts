export type PlainObject = Record<string, unknown>;

/** Whether a value of a manifest has keys: an object, but no list. */
export function isObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
