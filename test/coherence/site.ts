/** Where the product asks for a write-back, an invalidation or a fence: found from the stack, so that the product need not tell. */
import { relative, sep } from 'node:path';
import { DEPARTURE_OFFSET, departureStruct } from '../../src/format/departure.js';
import { MIN_LOG_LENGTH, slotOffset } from '../../src/format/logHeader.js';
import { POOL_DEFAULTS_OFFSET } from '../../src/format/poolDefaults.js';
import { SUPERBLOCK_REGION, superblockStruct } from '../../src/format/superblock.js';
import { ROOT } from '../support/root.js';

const COMPILED = `${ROOT}${sep}out${sep}src${sep}`;
/** what passes on operations that others ask for */
const PASSED_ON =
  /^(native\/(device|bulk|smallFiles|logTable)|fs\/media\/sharedMemory|fs\/transfer\/transferFile)\.js$/;
const FRAMES = 40;

/**
 * The function that asks for an operation, beyond those that only pass it on: `fs/log/log.ts readHeader`. Undefined where there is
 * none but the test itself.
 */
export function callSite(): string | undefined {
  const { stackTraceLimit, prepareStackTrace } = Error;
  Error.stackTraceLimit = FRAMES;
  Error.prepareStackTrace = (_, frames) => frames;
  const frames = new Error().stack as unknown as NodeJS.CallSite[];
  Error.stackTraceLimit = stackTraceLimit;
  Error.prepareStackTrace = prepareStackTrace;
  let outer = '';
  for (const frame of frames) {
    const file = fileOf(frame);
    if (file === undefined || PASSED_ON.test(file)) continue;
    const name = frame.getFunctionName();
    // an arrow function is part of the one around it, which may be further out
    if (name === null || name === '') outer ||= file;
    else if (outer === '' || outer === file) return `${file.replace(/js$/, 'ts')} ${name.replace(/^.*\./, '')}`;
    else break;
  }
  return outer === '' ? undefined : outer.replace(/js$/, 'ts');
}

/** The compiled file of a frame, relative to the product; undefined for one of a test. */
function fileOf(frame: NodeJS.CallSite): string | undefined {
  const name = frame.getFileName()?.replace(/^file:\/\//, '');
  return name?.startsWith(COMPILED) ? relative(COMPILED, name) : undefined;
}

/** The parts of a device, by where they begin. */
const REGIONS: readonly (readonly [start: number, name: string])[] = [
  [0, 'magic of the superblock'],
  [8, 'superblock'],
  [superblockStruct.size, 'superblock region'],
  [POOL_DEFAULTS_OFFSET, 'records'],
  [DEPARTURE_OFFSET + departureStruct.size, 'superblock region'],
  [SUPERBLOCK_REGION, 'log header'],
  [SUPERBLOCK_REGION + slotOffset(0), 'slots'],
  [SUPERBLOCK_REGION + MIN_LOG_LENGTH, 'free space'],
];

/** The part of a device that begins at or before an offset; as where the log has its least length. */
export function regionOf(offset: number): string {
  return REGIONS.findLast(([start]) => start <= offset)?.[1] ?? '';
}
