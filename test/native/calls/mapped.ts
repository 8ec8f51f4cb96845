import type { NativeDevice } from '../../../src/native/addon.js';
import { type MappedDevice, nativeOf } from '../../../src/native/device.js';
import type { Refusal } from './finding.js';
import type { ModelFile } from './modelFile.js';

/** A mapping of a file, its two faces, and what they must do. */
export class Mapped {
  readonly file: ModelFile;
  /** the face that the rest of the product calls */
  readonly face: MappedDevice;
  /** the C++ under it, which must withstand calls without the checks of the face */
  readonly raw: NativeDevice;
  readonly size: number;
  closed = false;
  lock: 'exclusive' | 'shared' | undefined;

  constructor(file: ModelFile, face: MappedDevice) {
    this.file = file;
    this.face = face;
    this.raw = nativeOf(face);
    this.size = face.size;
  }

  close(): void {
    this.face.close();
    this.closed = true;
    this.lock = undefined;
  }

  /** Reasons why no call, or no store, can succeed. */
  refusals(storing: boolean): Refusal[] {
    return [
      ...(this.closed ? (['CLOSED'] as const) : []),
      ...(storing && !this.face.writable ? (['READ_ONLY'] as const) : []),
    ];
  }

  toString(): string {
    return `${this.file.path.slice(-3)}[${this.size}${this.face.writable ? '' : ' ro'}${this.closed ? ' closed' : ''}]`;
  }
}
