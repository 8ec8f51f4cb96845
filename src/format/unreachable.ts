/**
 * Ends a switch that must handle every member of a type. The compiler rejects the call while a member is left out, because
 * the value is then not `never`. Throws TypeError if it is reached all the same.
 */
export function unreachable(value: never): never {
  throw new TypeError(`not handled: ${JSON.stringify(value)}`);
}
