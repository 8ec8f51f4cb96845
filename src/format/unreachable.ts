/**
 * For the end of a switch over a closed set of types. A member of the set that the switch leaves out is no `never`, so
 * that the compiler objects to the call; only bytes that were never checked get here at run time, and they throw.
 */
export function unreachable(value: never): never {
  throw new TypeError(`not handled: ${JSON.stringify(value)}`);
}
