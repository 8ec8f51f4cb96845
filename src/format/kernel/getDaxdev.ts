/** How kernels learn of daxdevs: the reply to GET_DAXDEV in form V2, the registration in form D (docs/kernel-maps.md). */
import { bytes, FieldRangeError, struct, u16, u32, u64, viewOf } from '../struct.js';

const NAME_SIZE = 256;

export const getDaxdevStruct = struct('get_daxdev_reply', 280, {
  index: u16('slot in the table of daxdevs'),
  reserved1: u16('0'),
  reserved2: u32('0'),
  reserved3: u64('0'),
  reserved4: u64('0'),
  name: bytes(NAME_SIZE, 'path of the device node, NUL-terminated'),
});

/** The reply that names the daxdev of a slot. Throws FieldRangeError when the path does not fit with its NUL. */
export function encodeGetDaxdev(index: number, path: string): Buffer {
  const image = Buffer.alloc(getDaxdevStruct.size);
  const name = Buffer.from(path);
  if (name.length >= NAME_SIZE)
    throw new FieldRangeError('get_daxdev_reply.name', `${name.length} bytes`, `at most ${NAME_SIZE - 1} bytes`);
  getDaxdevStruct.write(viewOf(image), 0, { index, name });
  return image;
}
