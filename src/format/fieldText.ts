/** Raw fields as exact text, and the check that unused bytes are 0. */
import type { FaultSink } from './fault.js';

/** Reports bytes [from, to) unless all are 0; reads four at a time where alignment allows. */
export function checkZero(view: DataView, from: number, to: number, field: string, sink: FaultSink): void {
  let bits = 0;
  let at = from;
  for (; at < to && (at & 3) !== 0; at++) bits |= view.getUint8(at);
  for (; at + 4 <= to; at += 4) bits |= view.getUint32(at, true);
  for (; at < to; at++) bits |= view.getUint8(at);
  if (bits !== 0) sink('ENTRY_RESERVED', field, 'not 0', 0);
}

/** The same for the rest of a record, starting at `from`; `end` is the position after the last nonzero byte. */
export function checkUnused(from: number, end: number, field: string, sink: FaultSink): void {
  if (end > from) sink('ENTRY_RESERVED', field, 'not 0', 0);
}

/** The exact value of a 64-bit field in hex, also above 2^53. */
export function hexAt(view: DataView, at: number): string {
  return `0x${view.getBigUint64(at, true).toString(16)}`;
}

/** The exact value of a 64-bit field in decimal, also above 2^53. */
export function decimalAt(view: DataView, at: number): string {
  return view.getBigUint64(at, true).toString();
}

/** A size or offset in hex. A field above 2^53-1 reads as Infinity. */
export function hex(value: number | bigint): string {
  return value === Number.POSITIVE_INFINITY ? 'over 2^53-1' : `0x${value.toString(16)}`;
}

/** Permission bits in the form that chmod takes: 0644. */
export function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
